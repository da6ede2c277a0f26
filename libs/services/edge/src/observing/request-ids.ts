import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Metadata } from '@grpc/grpc-js';

/** Header and metadata that ties together all that one request causes. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** The id that the caller sent where it is one that can go into logs and headers, else a new one. */
const correlationIdFrom = (sent: unknown): string =>
  typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();

/** Writes the id back into the headers of the request, so that all who ask later find the same one. */
export const settleCorrelationId = (headers: IncomingHttpHeaders): string =>
  (headers[CORRELATION_HEADER] = correlationIdFrom(headers[CORRELATION_HEADER]));

/** The same for the metadata of a call. */
export const settleCorrelationIdOfGrpc = (metadata: Metadata): string => {
  const correlationId = correlationIdFrom(metadata.get(CORRELATION_HEADER)[0]);
  metadata.set(CORRELATION_HEADER, correlationId);
  return correlationId;
};

/** What every line about a request carries: its own id, and the one that ties it to others, maybe of other services. */
export interface RequestIds {
  readonly requestId: string;
  readonly correlationId: string;
}

const current = new AsyncLocalStorage<RequestIds>();

/** Serves a request so that everything it leads to, in this process, knows its ids. */
export const withRequestIds = (ids: RequestIds, serve: () => void): void => current.run(ids, serve);

/** Of the request that is being served; undefined outside of any. */
export const currentRequestIds = (): RequestIds | undefined => current.getStore();
