const framed = (text: string): Buffer => {
  // UTF-16, because UTF-8 would turn different unpaired surrogates into the same replacement character.
  const bytes = Buffer.from(text, 'utf16le');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** One byte string for a list of texts. Each is preceded by its length, so different lists never read the same. */
export const frame = (texts: readonly string[]): Buffer => Buffer.concat(texts.map(framed));
