import { createHash } from 'node:crypto';
import { PREFIX_PATTERN, PUBLIC_ID_PATTERN, TOKEN_PATTERN, WEBHOOK_SECRET_PATTERN } from '@keyledger/contract/tokens';
import fc from 'fast-check';
import { base62, base62OfUint32 } from '../src/token-formats.js';
import {
  generatePublicId,
  generateToken,
  generateWebhookSecret,
  holdsSecret,
  isWellFormedToken,
  isWellFormedWebhookSecret,
  mask,
  withSecretsMasked,
} from '../src/index.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const prefixes = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/);

/** CRC-32/ISO-HDLC bit by bit, from its definition, so that the checksum is not only compared with itself. */
const crc32 = (bytes: Buffer): number => {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit += 1) register = register & 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
  }
  return (register ^ 0xffffffff) >>> 0;
};

const fromBase62 = (digits: string): bigint =>
  [...digits].reduce((number, digit) => number * 62n + BigInt(BASE62.indexOf(digit)), 0n);

/** Every text that differs from `text` in one character of `alphabet`, from character `start` on. */
const typosOf = (text: string, start: number, alphabet: string): string[] =>
  [...text].flatMap((original, at) =>
    at < start
      ? []
      : [...alphabet]
          .filter((character) => character !== original)
          .map((character) => text.slice(0, at) + character + text.slice(at + 1)),
  );

/** Every text in which two different neighbours have changed places. */
const swapsOf = (text: string, start: number): string[] =>
  [...text].flatMap((first, at) => {
    const second = text.charAt(at + 1);
    return at < start || second === '' || second === first
      ? []
      : [text.slice(0, at) + second + first + text.slice(at + 2)];
  });

describe('base62', () => {
  it.each([
    [Buffer.alloc(32), '0'.repeat(43)],
    [Buffer.from([61]), 'z'.padStart(43, '0')],
    [Buffer.from([0, 62]), '10'.padStart(43, '0')],
    [Buffer.from([0xff, 0xff, 0xff, 0xff]), '4gfFC3'.padStart(43, '0')],
  ])('writes %j as %s', (bytes, digits) => {
    expect(base62(bytes, 43)).toBe(digits);
  });

  it('gives 32 bytes 43 digits and 16 bytes 22 digits that read back as the same bytes', () => {
    const bytes = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes(32), bytes(16), (secret, id) => {
        expect(base62(secret, 43)).toHaveLength(43);
        expect(fromBase62(base62(secret, 43))).toBe(BigInt(`0x${secret.toString('hex')}`));
        expect(base62(id, 22)).toHaveLength(22);
        expect(fromBase62(base62(id, 22))).toBe(BigInt(`0x${id.toString('hex')}`));
      }),
    );
    expect(base62(Buffer.alloc(32, 0xff), 43)).toHaveLength(43);
    expect(base62(Buffer.alloc(16, 0xff), 22)).toHaveLength(22);
  });

  it('writes a checksum as six digits that read back as the same number', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (number) => {
        expect(base62OfUint32(number)).toMatch(/^[0-9A-Za-z]{6}$/);
        expect(fromBase62(base62OfUint32(number))).toBe(BigInt(number));
      }),
    );
    expect(base62OfUint32(0)).toBe('000000');
    expect(base62OfUint32(0xffffffff)).toBe('4gfFC3');
  });

  it('uses every digit equally often', () => {
    const counts = new Map<string, number>();
    for (let sample = 0; sample < 2_000; sample += 1) {
      const bytes = createHash('sha256').update(`sample ${sample}`).digest();
      for (const digit of base62(bytes, 43).slice(-30)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    const expected = (2_000 * 30) / 62;
    const chiSquare = [...BASE62].reduce(
      (sum, digit) => sum + ((counts.get(digit) ?? 0) - expected) ** 2 / expected,
      0,
    );
    // 61 degrees of freedom: fair digits exceed 100 once in a thousand draws, and these draws are always the same.
    expect(chiSquare).toBeLessThan(100);
  });
});

describe('tokens', () => {
  it('have a CRC-32 whose check value is that of the catalogue of CRCs', () => {
    expect(crc32(Buffer.from('123456789')).toString(16)).toBe('cbf43926');
  });

  it('are well formed, whatever their prefix', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const token = generateToken(prefix);
        expect(token).toMatch(TOKEN_PATTERN);
        expect(token).toHaveLength(prefix.length + 50);
        expect(token.startsWith(`${prefix}_`)).toBe(true);
        expect(fromBase62(token.slice(-6))).toBe(BigInt(crc32(Buffer.from(token.slice(0, -6)))));
        expect(isWellFormedToken(token)).toBe(true);
      }),
    );
  });

  it('have the checksums that another implementation computes', () => {
    expect(isWellFormedToken(`kcs_${'0'.repeat(43)}1AXgRe`)).toBe(true);
    expect(isWellFormedToken(`kat_${'0'.repeat(43)}1AXgRe`)).toBe(false);
    expect(isWellFormedToken('key_live_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp12qRk0O')).toBe(true);
  });

  it('differ', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => generateToken('kcs'))).size).toBe(1_000);
  });

  it('are refused with any typo of one character and any two neighbours swapped', () => {
    const token = generateToken('key_live');
    expect(typosOf(token, 0, `${BASE62}_-`).filter(isWellFormedToken)).toEqual([]);
    expect(swapsOf(token, 0).filter(isWellFormedToken)).toEqual([]);
  });

  it('are refused when cut, extended or empty', () => {
    const token = generateToken('kat');
    const others = ['', 'kat_', token.slice(1), token.slice(0, -1), `${token}0`, `${token}\n`, ` ${token}`];
    expect(others.filter(isWellFormedToken)).toEqual([]);
    expect([...others, generatePublicId('kci')].filter((text) => isWellFormedWebhookSecret(text))).toEqual([]);
  });

  it('are refused in any other shape, although the checksum is right', () => {
    const checked = (text: string): string => text + base62OfUint32(crc32(Buffer.from(text)));
    const bodies = ['1'.repeat(42), '1'.repeat(44), '1'.repeat(42) + '-', '1'.repeat(42) + 'é', ''];
    const others = bodies.map((body) => checked(`kat_${body}`));
    for (const prefix of ['', '_', 'Kat_', '1a_', 'kat', `${'a'.repeat(33)}_`])
      others.push(checked(prefix + '1'.repeat(43)));
    expect(isWellFormedToken(checked(`kat_${'1'.repeat(43)}`))).toBe(true);
    expect(others.filter(isWellFormedToken)).toEqual([]);
  });

  it.each(['', 'Kat', '1a', '_a', 'a b', 'a-b', 'a'.repeat(33)])('refuse the prefix "%s"', (prefix) => {
    expect(prefix).not.toMatch(PREFIX_PATTERN);
    expect(() => generateToken(prefix)).toThrow(RangeError);
    expect(() => generatePublicId(prefix)).toThrow(RangeError);
  });
});

describe('public ids', () => {
  it('have 22 digits and differ', () => {
    const ids = Array.from({ length: 1_000 }, () => generatePublicId('kci'));
    expect(new Set(ids).size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(/^kci_[0-9A-Za-z]{22}$/);
    expect(ids[0]).toMatch(PUBLIC_ID_PATTERN);
  });
});

describe('webhook secrets', () => {
  it('are standard base64 of 32 bytes and their checksum', () => {
    for (let sample = 0; sample < 200; sample += 1) {
      const secret = generateWebhookSecret();
      expect(secret).toMatch(WEBHOOK_SECRET_PATTERN);
      const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
      expect(bytes).toHaveLength(36);
      expect(bytes.readUInt32BE(32)).toBe(crc32(bytes.subarray(0, 32)));
      expect(isWellFormedWebhookSecret(secret)).toBe(true);
      expect(isWellFormedToken(secret)).toBe(false);
    }
  });

  it('are refused with any typo of one character and any two neighbours swapped', () => {
    const secret = generateWebhookSecret();
    expect(typosOf(secret, 0, `${BASE64}_-=`).filter(isWellFormedWebhookSecret)).toEqual([]);
    expect(swapsOf(secret, 6).filter(isWellFormedWebhookSecret)).toEqual([]);
  });

  it('have the checksum that another implementation computes', () => {
    expect(isWellFormedWebhookSecret('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAZClWt')).toBe(true);
    expect(isWellFormedWebhookSecret('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toBe(false);
  });

  it('are refused when cut or extended', () => {
    const secret = generateWebhookSecret();
    const others = ['', 'whsec_', secret.slice(0, -1), `${secret}A`, `${secret}=`, `${secret}\n`, secret.slice(6)];
    expect(others.filter(isWellFormedWebhookSecret)).toEqual([]);
  });
});

describe('mask', () => {
  it.each([
    [generateToken('key_live'), 'key_live_'],
    [generateToken('kat'), 'kat_'],
    [generatePublicId('kps'), 'kps_'],
    [generateWebhookSecret(), 'whsec_'],
  ])('shows prefix and last four', (text, prefix) => {
    expect(mask(text)).toBe(`${prefix}…${text.slice(-4)}`);
  });
});

describe('a secret in other text', () => {
  const around = fc.tuple(
    fc.string(),
    fc.stringMatching(/^[a-z0-9_]{0,40}$/),
    fc.stringMatching(/^[0-9A-Za-z]{0,60}$/),
  );

  it('is found wherever it stands, whatever it touches, and masked', () => {
    fc.assert(
      fc.property(prefixes, around, fc.boolean(), (prefix, [before, touching, after], isWebhook) => {
        const secret = isWebhook ? generateWebhookSecret() : generateToken(prefix);
        const text = `${before}${touching}${secret}${after}`;
        expect(holdsSecret(text)).toBe(true);
        expect(withSecretsMasked(text)).toBe(`${before}${touching}${mask(secret)}${after}`);
      }),
    );
  });

  const between =
    (separator: string, every = 1) =>
    (secret: string): string =>
      secret.replace(new RegExp(`.{${every}}`, 'g'), (part) => `${part}${separator}`);
  const encoded = (secret: string): string =>
    secret.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const fullWidth = (secret: string): string =>
    secret.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
  const mathematical = (secret: string): string =>
    secret.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) - 97 + 0x1d5ba));

  it.each<[string, (secret: string) => string]>([
    ['zero width spaces', between('\u200b')],
    ['zero width joiners', between('\u200d', 7)],
    ['word joiners', between('\u2060', 3)],
    ['a byte order mark', between('\ufeff', 20)],
    ['soft hyphens', between('\u00ad', 5)],
    ['variation selectors', between('\ufe0f')],
    ['tag characters', between('\u{e0041}', 4)],
    ['fillers that look like nothing', between('\u3164', 9)],
    ['spaces', between(' ', 4)],
    ['no-break spaces', between('\u00a0', 10)],
    ['line ends', between('\r\n', 16)],
    ['quoted lines', between('\n> ', 20)],
    ['hyphens', between('-', 8)],
    ['non-breaking hyphens', between('\u2011', 8)],
    ['dots', between('.', 6)],
    ['slashes', between(' / ', 12)],
    ['bullets', between(' • ', 11)],
    ['strokes through its letters', between('\u0336')],
    ['accents on its letters', between('\u0301')],
    ['letters of full width', fullWidth],
    ['mathematical letters', mathematical],
    ['an escaped underscore', (secret) => secret.replaceAll('_', '\\_')],
    ['a backslash at the end of a line', between('\\\n', 30)],
    ['percent-encoding, as of a part of a URL', (secret) => encodeURIComponent(secret).replaceAll('_', '%5f')],
    ['percent-encoding of every letter', encoded],
    [
      'percent-encoding of what is percent-encoded',
      (secret) => encodeURIComponent(encodeURIComponent(encoded(secret))),
    ],
    ['encoded spaces', between('%20', 6)],
  ])('is found with %s, and all of such a text is hidden', (name, hide) => {
    const secrets = [generateToken('kpk'), generateToken('key_live'), generateToken(`a${'b'.repeat(31)}`)];
    // A slash may belong to a webhook secret, so it cannot stand between its letters.
    const all = name === 'slashes' ? secrets : [...secrets, generateWebhookSecret()];
    for (const secret of all) {
      const text = `The key: ${hide(secret)} was sent to me.`;
      expect(holdsSecret(text)).toBe(true);
      expect(withSecretsMasked(text)).not.toContain(secret.slice(-20, -10));
      expect(holdsSecret(withSecretsMasked(text))).toBe(false);
    }
  });

  it('is masked each time that it comes, also among many and where they overlap', () => {
    const secrets = Array.from({ length: 50 }, () => generateToken('key_live'));
    const text = [...secrets, ...secrets].join(' ');
    expect(withSecretsMasked(text)).toBe(text.replace(/\S+/g, mask));
    const [webhook, token] = [generateWebhookSecret(), generateToken('key')];
    expect(withSecretsMasked(`${webhook}${token}${webhook}`)).toBe(`${mask(webhook)}${mask(token)}${mask(webhook)}`);
  });

  it('is not looked for where there is no underscore, or too little text', () => {
    const prose = 'A text about keys and their rotation, which tells how to keep them. '.repeat(10);
    expect(holdsSecret(prose)).toBe(false);
    expect(holdsSecret(prose.replaceAll(' ', '_'))).toBe(false);
    expect(holdsSecret(`${'_'.repeat(400)}${'a1'.repeat(300)}`)).toBe(false);
  });

  it('is not seen in a typo, a masked one, a public id or an id', () => {
    const secret = generateToken('key_live');
    const typo = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
    for (const text of [typo, mask(secret), generatePublicId('kci'), 'cred_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10', '']) {
      expect(holdsSecret(`x ${text} x`)).toBe(false);
      expect(withSecretsMasked(text)).toBe(text);
    }
  });
});
