import { randomUUID } from 'node:crypto';

export const CORRELATION_HEADER = 'x-correlation-id';

/** The id that the caller sent where it is one that can go into logs and headers, else a new one. */
export const correlationIdFrom = (sent: unknown): string =>
  typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();
