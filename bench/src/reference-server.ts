import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { fastify } from 'fastify';
import { say, taskOf } from './bench-process.js';
import { verificationDefinition } from './verification-definition.js';

/** The answers that a verifier has given, to be given again. */
export interface ReferenceTask {
  readonly json: string;
  readonly message: object;
}

export interface ReferenceAddresses {
  readonly url: string;
  readonly grpcAddress: string;
}

/** What the credential is in, over HTTP and over gRPC. */
interface Message {
  readonly credential?: string;
  readonly clientSecret?: string;
}

const { json, message } = await taskOf<ReferenceTask>();
const key = createSecretKey(randomBytes(32));
const hmac = (secret: string): Buffer => createHmac('sha256', key).update(secret).digest();

const app = fastify();
app.post<{ Body: Message }>('/v1/verify', (request, reply) => {
  const { credential, clientSecret } = request.body;
  hmac(credential ?? clientSecret ?? '');
  void reply.type('application/json; charset=utf-8').send(json);
});
app.post<{ Body: { readonly payload: string } }>('/v1/accounts/:accountId/webhooks/sign', (request, reply) => {
  hmac(request.body.payload);
  void reply.type('application/json; charset=utf-8').send(json);
});
app.post('/plain', (request, reply) => {
  if (typeof request.body !== 'object') throw new Error('The body was not parsed.');
  void reply.type('application/json; charset=utf-8').send(json);
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });

const server = new Server();
server.addService(verificationDefinition(), {
  Verify: ({ request }: ServerUnaryCall<Message, object>, answer: sendUnaryData<object>) => {
    hmac(request.credential ?? request.clientSecret ?? '');
    answer(null, message);
  },
});
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error === null ? resolve(bound) : reject(error),
  );
});
say({ url, grpcAddress: `127.0.0.1:${port}` } satisfies ReferenceAddresses);
