import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { CORRELATION_HEADER } from '../observing/request-log.js';
import { Problem, problemBody } from '../operation/problem.js';
import { boundBody, isAnswered } from './unread-bodies.js';

/** A browser takes our answers for what they say they are, and tells no other site where it came from. */
const always = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } as const;

/** Whoever came by TLS shall never come without. In plain text the header would mean nothing. */
const byTls = { ...always, 'strict-transport-security': 'max-age=31536000' } as const;

/** The headers of every answer on this connection. */
export const safeAnswers = (socket: Socket): Readonly<Record<string, string>> =>
  socket instanceof TLSSocket ? byTls : always;

interface Refusal {
  /** Of HTTP: more of them exist than our codes have. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** For what is refused before there is a request, and so a place where its ids and headers would be made. */
const refusalOf = (socket: Socket, problem: Problem, status = problem.status): Refusal => {
  const body = JSON.stringify({ ...problemBody(problem), status });
  const headers = {
    ...safeAnswers(socket),
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    [CORRELATION_HEADER]: randomUUID(),
    connection: 'close',
  };
  return { status, headers, body };
};

const problemOfHead = (code: string | undefined): readonly [problem: Problem, status?: number] => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [new Problem('too-large', 'The headers are larger than 16 KiB.')];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [new Problem('too-large', 'The extensions of the chunks are too large.')];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [new Problem('malformed-request', 'The request was not received within 30 seconds.'), 408];
    default:
      return [new Problem('malformed-request', 'The head of the request is not HTTP/1.1.')];
  }
};

/**
 * Answers what Node's own parser refuses. A connection on which nothing was ever said is closed without a word, and so
 * is one whose request was answered before the rest of it went wrong.
 */
export const answerBrokenHead = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0 || isAnswered(socket)) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = refusalOf(socket, ...problemOfHead(error.code));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
};

/** Answers an `Expect` that is not `100-continue`, which Node would refuse without a body. */
export const answerExpectation = (request: IncomingMessage, response: ServerResponse): void => {
  boundBody(request, response);
  const problem = new Problem('malformed-request', 'Of the expectations only "100-continue" can be met.');
  const { status, headers, body } = refusalOf(request.socket, problem, 417);
  response.writeHead(status, headers).end(body);
};
