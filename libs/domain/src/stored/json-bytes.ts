const encoder = new TextEncoder();
/** A byte order mark is no JSON, so it must not be passed over. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const toJsonBytes = (value: object): Uint8Array => encoder.encode(JSON.stringify(value));

/** The value that the bytes hold as JSON; undefined if they are none. The error of the parser would quote the text. */
export const fromJsonBytes = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
};
