import { instantOf, mistakeInInstant } from '../src/operation/instant-text.js';

describe('a time', () => {
  it.each([
    ['2031-05-20T12:00:00Z', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20t12:00:00z', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20T14:00:00+02:00', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20T12:00:00.254Z', '2031-05-20T12:00:00.254Z'],
    ['2031-05-20T12:00:00.2Z', '2031-05-20T12:00:00.200Z'],
    ['2031-05-20T12:00:00.254000Z', '2031-05-20T12:00:00.254Z'],
    // Nothing of ours that happened at .254 is at this time or later.
    ['2031-05-20T12:00:00.254001Z', '2031-05-20T12:00:00.255Z'],
    ['2031-12-31T23:59:59.999999999Z', '2032-01-01T00:00:00.000Z'],
    ['2032-02-29T00:00:00Z', '2032-02-29T00:00:00.000Z'],
  ])('%s is kept as %s', (given, kept) => {
    expect(mistakeInInstant(given)).toBeUndefined();
    expect(instantOf(given)).toBe(kept);
  });

  it.each([
    '2031-05-20',
    '2031-05-20 12:00:00Z',
    '2031-05-20T12:00:00',
    '2031-02-29T00:00:00Z',
    '2031-04-31T00:00:00Z',
    '2031-05-20T24:00:00Z',
    '2031-05-20T12:00:00.1234567890Z',
    '9999-12-31T23:59:59-01:00',
    'T',
    1937131200000,
    null,
  ])('is not %j', (given) => {
    expect(mistakeInInstant(given)).toMatch(/^must be a time such as/);
    expect(instantOf(given)).toBeUndefined();
  });

  it('says what a raw + of a query has become', () => {
    expect(mistakeInInstant('2031-05-20T14:00:00 02:00')).toBe('must have its + written as %2B');
  });
});
