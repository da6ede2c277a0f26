import { fromJsonBytes, toJsonBytes } from './recorded-event.js';
import { encodeEvent } from './stored-events.js';

/** The log's first event, which says which log this is: what a log needs to know of it in order to be created. */
export const firstEvent = {
  /** Name of its stream, without the prefix of the installation. */
  stream: 'log',
  encode: (
    logId: string,
    at: string,
  ): { readonly type: string; readonly data: Uint8Array; readonly metadata: Uint8Array } => {
    const { type, schemaVersion, data } = encodeEvent({ type: 'LogCreated', logId, at });
    return { type, data: toJsonBytes(data), metadata: toJsonBytes({ at, schemaVersion }) };
  },
  /** The id of the log that begins with the event; undefined if no log of ours does. */
  logIdOf: (event: { readonly type: string; readonly data: Uint8Array }): string | undefined => {
    const data = event.type === 'LogCreated' ? fromJsonBytes(event.data) : undefined;
    const logId = typeof data === 'object' && data !== null && 'logId' in data ? data.logId : undefined;
    return typeof logId === 'string' ? logId : undefined;
  },
};
