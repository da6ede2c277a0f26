import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A question as it came in. */
export interface Asked {
  readonly at: number;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Answers, or does something else with the response and returns nothing. */
export type Script = (asked: Asked, response: ServerResponse) => Reply | undefined;

export interface ScriptedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** A real HTTP server that answers as the script says. */
export const startServer = async (script: Script): Promise<ScriptedServer> => {
  const asked: Asked[] = [];
  let connections = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url: path, headers } = request;
    const question = { at: performance.now(), method, path, headers, body: await json(request) };
    asked.push(question);
    const reply = script(question, response);
    if (reply === undefined) return;
    const { status = 200, body = '' } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

const log = '0b6f0f6c-57a5-4b1e-9d1c-6d2a3e5f7a10';

/** A position of one log. */
export const position = (at: number, logId = log): string => `${logId}-${at.toString(16).padStart(16, '0')}`;

export const valid = {
  valid: true,
  code: 'VALID',
  accountId: 'acct_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10',
  applicationId: null,
  credentialId: 'cred_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a11',
  version: 1,
  type: 'api_key',
  mode: 'live',
  environment: null,
  scopes: ['invoices:read'],
  expiresAt: null,
  position: position(10),
  ageMs: 3,
} as const;

export const refused = (code: string): object => ({
  ...Object.fromEntries(Object.keys(valid).map((name) => [name, null])),
  ...{ valid: false, code, position: valid.position, ageMs: 3 },
});
