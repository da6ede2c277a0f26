import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { decodeMessage, encodeMessage, protos, statusProtos } from './grpc-messages.js';
import type { Json } from './http-client.js';

export interface RpcOptions {
  readonly token?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RpcReply<T = Json> {
  readonly reply: T;
  readonly trailers: Metadata;
  readonly initial: Metadata;
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** What the details of a status say: google.rpc.ErrorInfo and google.rpc.BadRequest. */
interface StatusDetails {
  readonly reason: string | null;
  readonly domain: string | null;
  readonly fieldViolations: readonly FieldViolation[];
  /** google.rpc.RetryInfo. */
  readonly retryDelay: { readonly seconds: string } | null;
}

const noDetails: StatusDetails = { reason: null, domain: null, fieldViolations: [], retryDelay: null };

const detailsOf = (trailers: Metadata): StatusDetails => {
  const bytes = trailers.get('grpc-status-details-bin')[0];
  if (!(bytes instanceof Uint8Array)) return noDetails;
  const { details } = statusProtos.lookupType('google.rpc.Status').decode(bytes).toJSON() as {
    details: { typeUrl: string; value: string }[];
  };
  const decoded = details.map(({ typeUrl, value }): object => {
    const type = statusProtos.lookupType(typeUrl.replace('type.googleapis.com/', ''));
    return type.decode(Buffer.from(value, 'base64')).toJSON();
  });
  return Object.assign({}, noDetails, ...decoded) as StatusDetails;
};

/** An RPC that did not end with OK. */
export class RpcError extends Error {
  /** Name of the google.rpc.Code, such as `NOT_FOUND`. */
  readonly code: string;
  readonly number: status;
  readonly reason: string | null;
  readonly domain: string | null;
  readonly fieldViolations: readonly FieldViolation[];
  readonly retrySeconds: number | null;

  constructor(
    path: string,
    override readonly cause: ServiceError,
    readonly initial: Metadata,
  ) {
    const code = status[cause.code];
    super(`${path}: ${code}: ${cause.details}`);
    this.code = code;
    this.number = cause.code;
    const { reason, domain, fieldViolations, retryDelay } = detailsOf(cause.metadata);
    this.reason = reason;
    this.domain = domain;
    this.fieldViolations = fieldViolations;
    this.retrySeconds = retryDelay === null ? null : Number(retryDelay.seconds);
  }
}

const metadataOf = ({ token, metadata = {} }: RpcOptions): Metadata => {
  const sent = new Metadata();
  if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return sent;
};

const DEADLINE_MS = 30_000;

/** Speaks gRPC with the server at `address`, without TLS. To be closed. */
export class GrpcClient {
  private readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  close(): void {
    this.client.close();
  }

  /** Calls `CredentialService/CreateCredential` and its like with JSON, and answers in JSON. Throws RpcError. */
  async rpc<T = Json>(rpc: string, message: Json, options: RpcOptions = {}): Promise<RpcReply<T>> {
    const [service = '', name = ''] = rpc.split('/');
    const method = protos.lookupService(`keyledger.v1.${service}`).methods[name];
    if (method === undefined) throw new Error(`There is no RPC ${rpc}.`);
    const { resolvedRequestType, resolvedResponseType } = method;
    if (resolvedRequestType === null || resolvedResponseType === null) throw new Error(`${rpc} is not resolved.`);
    const bytes = encodeMessage(resolvedRequestType, message);
    const { reply, ...metadata } = await this.raw(`/keyledger.v1.${rpc}`, bytes, options);
    return { reply: decodeMessage(resolvedResponseType, reply) as T, ...metadata };
  }

  /** Sends any bytes to any unary method. Throws RpcError. */
  raw(path: string, bytes: Buffer, options: RpcOptions = {}): Promise<RpcReply<Buffer>> {
    return new Promise((resolve, reject) => {
      let reply: Buffer | null | undefined;
      let failure: ServiceError | null = null;
      let initial = new Metadata();
      const same = (buffer: Buffer): Buffer => buffer;
      const deadline = Date.now() + DEADLINE_MS;
      this.client
        .makeUnaryRequest(path, same, same, bytes, metadataOf(options), { deadline }, (error, value) => {
          failure = error;
          reply = value;
        })
        .on('metadata', (metadata) => (initial = metadata))
        .on('status', ({ metadata }) => {
          // The callback comes first or second, depending on the outcome; both have been called in the next turn.
          setImmediate(() => {
            if (failure !== null) reject(new RpcError(path, failure, initial));
            else resolve({ reply: reply ?? Buffer.alloc(0), trailers: metadata, initial });
          });
        });
    });
  }
}

/**
 * The names of the RPCs of the published protos that are operations: `AccountService/RegisterAccount` and so on. The
 * doors of verification and the feed are none; they have suites of their own.
 */
export const operationRpcs = (): readonly string[] => {
  const services = protos.lookup('keyledger.v1') as protobuf.Namespace;
  return services.nestedArray.flatMap((service) =>
    service instanceof protobuf.Service && !['VerificationService', 'EventService'].includes(service.name)
      ? service.methodsArray.map(({ name }) => `${service.name}/${name}`)
      : [],
  );
};
