import fc from 'fast-check';
import { originalMetadata, storedMetadata } from '../src/eventstoredb/metadata.js';

/** What the client makes of the bytes that it reads. */
const asReceived = (bytes: Uint8Array): unknown => {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return bytes;
  }
};

const roundTrip = (metadata: Uint8Array): Buffer => Buffer.from(originalMetadata(asReceived(storedMetadata(metadata))));

const anyBytes = fc.uint8Array({ maxLength: 40 });
const anyJson = fc.json().map((text) => new Uint8Array(Buffer.from(text)));
const loosely = fc
  .tuple(fc.json(), fc.constantFrom('', ' ', '\n', '\t'), fc.constantFrom('', ' ', '\r\n', '}'))
  .map(([json, before, after]) => new Uint8Array(Buffer.from(`${before}${json}${after}`)));
const escaped = anyBytes.map((bytes) => Uint8Array.of(0x1e, ...bytes));

describe('Metadata', () => {
  it('comes back byte for byte, JSON or not', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, anyJson, loosely, escaped), (metadata) => {
        expect(roundTrip(metadata).equals(metadata)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '{"a":1}',
    '{"a": 1}',
    '{"b":1,"1":2}',
    '{"a":1,"a":2}',
    '1e2',
    '-0',
    '9007199254740993',
    '"\\u0041"',
    'null',
    '"text"',
    '[1,2]',
    '{"__proto__":1}',
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    '',
  ])('comes back as it was: %.40s', (text) => {
    expect(roundTrip(new Uint8Array(Buffer.from(text))).toString()).toBe(text);
  });

  it('comes back as it was even if it is JSON by a character that is none', () => {
    const metadata = Uint8Array.of(0x22, 0xff, 0x22);
    expect([...roundTrip(metadata)]).toEqual([...metadata]);
  });

  it('is stored as it is where the client gives it back like that, so that others can read it', () => {
    const plain = new Uint8Array(Buffer.from('{"correlationId":"1"}'));
    expect(storedMetadata(plain)).toEqual(plain);
    expect(storedMetadata(Buffer.from('{"correlationId":"1"}')).constructor).toBe(Uint8Array);
  });
});
