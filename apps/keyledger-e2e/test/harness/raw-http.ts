import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface RawHttpRequest {
  readonly method: string;
  /** Path and query, sent exactly as they stand: nothing is normalised as `fetch` would. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Buffer;
}

export interface RawHttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends what no well-behaved client would send. */
export const sendRaw = (baseUrl: string, asked: RawHttpRequest, agent?: Agent): Promise<RawHttpReply> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(baseUrl);
    const { method, path, headers, body } = asked;
    const length = body === undefined ? {} : { 'content-length': body.length };
    const options = { hostname, port, method, path, headers: { ...headers, ...length }, ...(agent && { agent }) };
    const sent = request(options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
