/** No JSON text begins with this byte. */
const ESCAPE = 0x1e;

/** True for JSON that is not written in exactly these bytes again once it was parsed. */
const isChangedByParsing = (bytes: Buffer): boolean => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return false; // No JSON: it stays as it is.
  }
  try {
    return !Buffer.from(JSON.stringify(value)).equals(bytes);
  } catch {
    return true; // Too deep to be written.
  }
};

/**
 * The bytes to store for `metadata`. The client parses metadata that happens to be JSON and hands out the value only;
 * what would not come back byte for byte gets a leading byte that keeps it from being JSON.
 */
export const storedMetadata = (metadata: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  const escaped = bytes[0] === ESCAPE || isChangedByParsing(bytes) ? 1 : 0;
  // A plain Uint8Array: the client would write a Buffer as JSON.
  const stored = new Uint8Array(escaped + bytes.byteLength).fill(ESCAPE, 0, escaped);
  stored.set(bytes, escaped);
  return stored;
};

/** The metadata as it was before `storedMetadata`, from what the client made of the stored bytes. */
export const originalMetadata = (received: unknown): Uint8Array => {
  if (received === undefined) return new Uint8Array();
  if (!(received instanceof Uint8Array)) return Buffer.from(JSON.stringify(received));
  return received[0] === ESCAPE ? received.subarray(1) : received;
};
