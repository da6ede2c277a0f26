import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { digestSecret, generateToken, open, seal, SealBroken, verifyDigest, type Pepper } from '../src/index.js';

const newKey = () => createSecretKey(randomBytes(32));
const PLACE = ['account', 'credential', 'authToken', '1'];

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
};

describe('a seal', () => {
  it('opens to what was sealed', () => {
    const key = newKey();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (plaintext, place) => {
        expect(open(key, seal(key, plaintext, place), place)).toBe(plaintext);
      }),
    );
  });

  it('is version, nonce, tag and ciphertext, and never the same twice', () => {
    const key = newKey();
    const [first, second] = [seal(key, 'secret', PLACE), seal(key, 'secret', PLACE)];
    expect(first).toHaveLength(1 + 12 + 16 + 'secret'.length);
    expect(first[0]).toBe(1);
    expect(first.subarray(1, 13).equals(second.subarray(1, 13))).toBe(false);
    expect(first.subarray(29).equals(second.subarray(29))).toBe(false);
  });

  it('does not open with any bit of it flipped', () => {
    const key = newKey();
    const sealed = seal(key, 'secret', PLACE);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      expect(() => open(key, flipped(sealed, bit), PLACE)).toThrow(SealBroken);
    }
  });

  it('does not open with any bit of its associated data flipped', () => {
    const key = newKey();
    const sealed = seal(key, 'secret', PLACE);
    PLACE.forEach((text, at) => {
      for (let bit = 0; bit < text.length * 8; bit += 1) {
        const place = PLACE.with(at, flipped(Buffer.from(text, 'latin1'), bit).toString('latin1'));
        expect(() => open(key, sealed, place)).toThrow(SealBroken);
      }
    });
  });

  it('does not open when cut or extended', () => {
    const key = newKey();
    const sealed = seal(key, 'secret', PLACE);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open(key, sealed.subarray(0, length), PLACE)).toThrow(SealBroken);
    }
    expect(() => open(key, Buffer.concat([sealed, Buffer.alloc(1)]), PLACE)).toThrow(SealBroken);
  });

  it('does not open with another key', () => {
    expect(() => open(newKey(), seal(newKey(), 'secret', PLACE), PLACE)).toThrow(
      'A sealed value does not open: it was altered, or sealed with another key or for another place.',
    );
  });

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', ''], ['a']],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [[], ['']],
    [['\ud800'], ['\ud801']],
    [['a\u0000\u0000\u0000\u0001b'], ['a', 'b']],
  ])('tells the associated data %j from %j', (sealedFor, openedFor) => {
    const key = newKey();
    expect(() => open(key, seal(key, 'secret', sealedFor), openedFor)).toThrow(SealBroken);
  });
});

describe('a digest', () => {
  const pepper = (version: number): Pepper => ({ version, key: newKey() });

  it('is HMAC-SHA-256 in base64url (RFC 4231, test case 2)', () => {
    const jefe = { version: 7, key: createSecretKey(Buffer.from('Jefe')) };
    expect(digestSecret('what do ya want for nothing?', jefe)).toEqual({
      value: Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex').toString(
        'base64url',
      ),
      pepperVersion: 7,
    });
  });

  it('verifies its own secret only, under its own pepper only', () => {
    const [own, other] = [pepper(1), pepper(1)];
    const secret = generateToken('kcs');
    const digest = digestSecret(secret, own);
    expect(verifyDigest(secret, own, digest)).toBe(true);
    expect(verifyDigest(generateToken('kcs'), own, digest)).toBe(false);
    expect(verifyDigest(secret, other, digest)).toBe(false);
    expect(verifyDigest(secret, { ...own, version: 2 }, digest)).toBe(false);
  });

  it('is refused when altered, cut, extended or empty', () => {
    const own = pepper(1);
    const digest = digestSecret('secret', own);
    const bytes = Buffer.from(digest.value, 'base64url');
    const others = [flipped(bytes, 0), flipped(bytes, 255), bytes.subarray(1), Buffer.concat([bytes, bytes])];
    for (const value of ['', ...others.map((each) => each.toString('base64url'))]) {
      expect(verifyDigest('secret', own, { ...digest, value })).toBe(false);
    }
  });
});
