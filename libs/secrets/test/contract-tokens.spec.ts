import { createHash } from 'node:crypto';
import * as published from '@keyledger/contract/tokens';
import fc from 'fast-check';
import * as own from '../src/index.js';

// What checks tokens here, fast, and what is published for browsers and scanners are two programs.
const STRINGS = Number(process.env['KEYLEDGER_TEST_RANDOM_STRINGS'] ?? 20_000);
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const prefixes = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/);

/** What each says of the text: as a token, as a webhook secret. */
const verdicts = (text: string): readonly boolean[] => [
  own.isWellFormedToken(text),
  published.isWellFormedToken(text),
  own.isWellFormedWebhookSecret(text),
  published.isWellFormedWebhookSecret(text),
];
const isToken = [true, true, false, false];
const isWebhookSecret = [false, false, true, true];
const isNeither = [false, false, false, false];

/** Every text that differs from `text` in one character. */
const typosOf = (text: string, alphabet: string): string[] =>
  [...text].flatMap((original, at) =>
    [...alphabet]
      .filter((character) => character !== original)
      .map((character) => text.slice(0, at) + character + text.slice(at + 1)),
  );

describe('the published check of tokens', () => {
  it('takes what is generated, whatever the prefix, as the own one does', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        expect(verdicts(own.generateToken(prefix))).toEqual(isToken);
        expect(verdicts(own.generateWebhookSecret())).toEqual(isWebhookSecret);
        expect(verdicts(own.generatePublicId(prefix))).toEqual(isNeither);
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses every typo of one character, as the own one does', () => {
    const typos = [
      ...typosOf(own.generateToken('key_live'), `${BASE62}_-+/=`),
      ...typosOf(own.generateToken('kcs'), `${BASE62}_-+/=`),
      ...typosOf(own.generateWebhookSecret(), `${BASE64}_-=`),
    ];
    expect(typos.filter((text) => verdicts(text).includes(true))).toEqual([]);
  });

  it('refuses whatever else there is, as the own one does', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => !verdicts(text).includes(true)));
  });

  it(`finds no token in ${STRINGS} random strings that look like one, nor does the own one`, () => {
    const prefix = ['kcs_', 'kat_', 'kpk_', 'key_test_', 'key_live_'];
    const mistaken: string[] = [];
    for (let sample = 0; sample < STRINGS; sample += 1) {
      // 64 bytes that are the same in every run: a false positive would be there the next time too.
      const bytes = createHash('sha512').update(`sample ${sample}`).digest();
      const digits = Array.from(bytes.subarray(0, 49), (byte) => BASE62[byte % 62]).join('');
      const token = `${prefix[sample % prefix.length]}${digits}`;
      const secret = `whsec_${bytes.subarray(0, 36).toString('base64')}`;
      mistaken.push(...[token, secret].filter((text) => verdicts(text).includes(true)));
    }
    expect(mistaken).toEqual([]);
  });
});
