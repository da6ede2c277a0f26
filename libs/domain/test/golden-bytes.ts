import { readFileSync } from 'node:fs';

const texts = JSON.parse(readFileSync(new URL('./golden-bytes/v1.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** What a log may hold, byte for byte, in the order in which it is written. The file is never edited. */
export const goldenBytes = (name: string): Uint8Array => {
  const text = texts[name];
  if (text === undefined) throw new Error(`There are no golden bytes of ${name}.`);
  return new Uint8Array(Buffer.from(text));
};
