import fc from 'fast-check';
import { decideReplaceEndpoints, emptyCatalogue, Rejection } from '@keyledger/domain';
import { canonicalCidr, mistakeInCidr } from '../src/cidr.js';
import { blockPattern, pathPattern } from '../src/patterns.js';

/** Printed with a failure, so that KEYLEDGER_TEST_SEED replays it. */
const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Date.now() % 2 ** 31);
const options = { seed, numRuns: 3_000, verbose: true };

const mistakeInPath = (path: string): string | undefined => {
  try {
    decideReplaceEndpoints([{ endpointId: 'a', method: 'GET', path, status: 'active' }], emptyCatalogue, '');
  } catch (error) {
    if (error instanceof Rejection) return error.errors[0]?.message;
    throw error;
  }
  return undefined;
};

describe('what is documented of address blocks', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff)).map((value) => value.toString(16));
  const address = fc.oneof(
    fc.ipV6(),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    fc
      .tuple(fc.constantFrom('::', '::ffff:', '1::', '1:2:3:4:5::', '1:2:3:4:5:6:'), fc.ipV4())
      .map((two) => two.join('')),
  );

  it('takes every block', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.nat(33)), fc.tuple(address, fc.nat(129))), ([given, bits]) => {
        const block = `${given}/${bits}`;
        const mistake = mistakeInCidr(block);
        if (mistake === undefined) expect(canonicalCidr(block)).toMatch(blockPattern);
        expect(blockPattern.test(block)).toBe(mistake === undefined || mistake.includes('bits beyond its prefix'));
      }),
      options,
    );
  });

  it('takes nothing else, but for bits beyond the prefix', () => {
    fc.assert(
      fc.property(fc.stringMatching(blockPattern), (text) => {
        expect(mistakeInCidr(text) ?? 'bits beyond its prefix').toContain('bits beyond its prefix');
      }),
      options,
    );
  });

  it.each([
    '',
    '1.2.3.4',
    '1.2.3.256/8',
    '01.2.3.4/32',
    '1.2.3.0/024',
    '::1::/128',
    '1:2:3:4:5:6:7::8/128',
    '1.2.3.0/24\n',
  ])('does not take %j', (text) => {
    expect(text).not.toMatch(blockPattern);
  });
});

describe('what is documented of paths', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '.',
      '..',
      ';',
      '%2e',
      '%2E',
      '%3b',
      '%2F',
      '%5c',
      '%7f',
      '%00',
      '%zz',
      '%',
      '{id}',
      '{',
      '}',
      '?',
    ),
    fc.constantFrom(
      '%c3%a9',
      '%e2%82%ac',
      '%f0%9f%94%91',
      '%ff',
      '%c3',
      '%ed%a0%80',
      '%f4%90%80%80',
      'é',
      '\u2003',
      '\\',
      'a',
    ),
    fc.string({ maxLength: 3 }),
  );
  const path = fc.array(piece, { maxLength: 5 }).map((pieces) => `/${pieces.join('')}`);

  it('takes the very paths that the catalogue takes', () => {
    fc.assert(
      fc.property(path, (text) => {
        expect({ text, taken: pathPattern.test(text) }).toEqual({ text, taken: mistakeInPath(text) === undefined });
      }),
      { ...options, numRuns: 5_000 },
    );
  });

  it('takes nothing else, but for length and halves of characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(pathPattern), (text) => {
        if (!/\p{Cs}/u.test(text))
          expect(mistakeInPath(text) ?? 'must have at most 200').toContain('must have at most 200');
      }),
      options,
    );
  });
});
