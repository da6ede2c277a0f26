import { readFileSync } from 'node:fs';

const read = (version: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./golden-bytes/${version}.json`, import.meta.url), 'utf8')) as Record<
    string,
    string
  >;

const texts = { v1: read('v1'), v2: read('v2') };

/** What a log may hold, byte for byte, in the order in which it is written. The files are never edited. */
export const goldenBytes = (name: string, version: keyof typeof texts = 'v1'): Uint8Array => {
  const text = texts[version][name];
  if (text === undefined) throw new Error(`There are no golden bytes of ${name}.`);
  return new Uint8Array(Buffer.from(text));
};
