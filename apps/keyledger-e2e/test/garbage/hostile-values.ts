import fc from 'fast-check';

/** Texts that have broken programs: not storable, not printable, too long, or meaning something to some parser. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '\0', 'a\0b', '\u0007', '\u007f', '\ud800', '\udfff\ud800', '\ufffd', '\ufeff', '\u202e', '\u2028'],
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'null',
      'undefined',
      'NaN',
      '[object Object]',
    ],
    ...[
      "' or 1=1 --",
      '"; drop schema x cascade',
      '%',
      '_',
      '\\',
      '\\u0000',
      '${x}',
      '{{x}}',
      '<script>',
      '../../etc/passwd',
    ],
    ...['-1', '0', '201', '1e3', '1e400', '0x10', '9007199254740993', '99999999999999999999', 'true'],
    ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '+275760-09-13T00:00:00Z', '2031-02-30T00:00:00Z'],
    ...[
      '2031-01-01T24:00:00Z',
      '2031-01-01T00:00:00+99:99',
      '2031-01-01',
      '1969-12-31T23:59:59Z',
      '2031-01-01T00:00:60Z',
    ],
    ...['0.0.0.0/0', '::/0', '192.0.2.1/24', '1.2.3.4/33', '::ffff:192.0.2.0/120', '/', '//', '/a?b', '/%zz'],
  ),
  fc.integer({ min: 60, max: 5000 }).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

/** JSON of any kind: what a field does not expect. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 63), 604_801, [], {}, [[]], [null], [{}]],
      ...[{ length: 3 }, { toString: 1 }, { then: true }, { '': '' }, { $gt: '' }],
    ),
  },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 50, max: 1200 }).map((length) => Array<string>(length).fill('x')) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

/** Ids that are not quite ids. */
export const hostileId: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['acct_', 'cred_1', 'app_00000000-0000-4000-8000-00000000000', 'acct_00000000-0000-4000-8000-000000000000'],
    ...['cred_00000000-0000-4000-8000-000000000000', 'ACCT_00000000-0000-4000-8000-000000000000'],
    ...['acct_00000000-0000-4000-8000-000000000000\n', 'acct_FFFFFFFF-0000-4000-8000-000000000000'],
  ),
  hostileText,
);

/** Values that HTTP lets through in a header; a client could not even send others. */
export const hostileHeader: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', '*', '""', 'W/"1"', '"1", "2"', '"-1"', '"1', '"999999999999999999999"', '"1e3"', '1', '"0"'],
    ...['short', 'x'.repeat(16), 'x'.repeat(255), 'x'.repeat(256), 'with spaces in the middle', '\u00e9'.repeat(20)],
  ),
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 300,
  }),
);

/** Positions that no read can wait for; none lies in the future of this log, as a read would really wait for that. */
export const hostilePosition = (logId: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      ...[
        '-',
        logId,
        `${logId}-`,
        `${logId}-1`,
        `${logId}-000000000000000g`,
        `${logId}-000000000000000A`,
        `x-${'0'.repeat(16)}`,
      ],
      ...[`${logId}-${'0'.repeat(16)}`, `${logId}-${'0'.repeat(32)}`, `${logId.toUpperCase()}-${'0'.repeat(16)}`],
      ...[`${logId}-${'0'.repeat(17)}`, `${logId}--00000000000001`, `other-${'f'.repeat(16)}`],
    ),
    hostileText,
  );

/** Cursors: base64url of texts that look like ours and are not, and what is no base64url at all. */
export const hostileCursor: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 2 }).map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  fc
    .array(fc.oneof(hostileText, fc.constant(null), fc.integer()), { maxLength: 5 })
    .map((keys) => Buffer.from(JSON.stringify(keys)).toString('base64url')),
);
