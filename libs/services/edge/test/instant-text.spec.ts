import { boundOf, instantOf, mistakeInInstant } from '../src/operation/instant-text.js';

describe('a time', () => {
  const nineteen = '.1234567890000000009';

  it.each([
    ['2031-05-20T12:00:00Z', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20t12:00:00z', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20T14:00:00+02:00', '2031-05-20T12:00:00.000Z'],
    ['2031-05-20t14:00:00.25+02:00', '2031-05-20T12:00:00.250Z'],
    ['2031-05-20T12:00:00.254Z', '2031-05-20T12:00:00.254Z'],
    ['2031-05-20T12:00:00.2Z', '2031-05-20T12:00:00.200Z'],
    ['2031-05-20T12:00:00.254000Z', '2031-05-20T12:00:00.254Z'],
    ['2031-05-20T12:00:00.2540000000000Z', '2031-05-20T12:00:00.254Z'],
    ['2032-02-29T00:00:00Z', '2032-02-29T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is kept as %s', (given, kept) => {
    expect(mistakeInInstant(given)).toBeUndefined();
    expect(instantOf(given)).toBe(kept);
    expect(boundOf(given)).toBe(kept);
  });

  it.each([
    ['2031-05-20T12:00:00.254001Z', '2031-05-20T12:00:00.254Z', '2031-05-20T12:00:00.255Z'],
    [`2031-05-20T12:00:00${nineteen}Z`, '2031-05-20T12:00:00.123Z', '2031-05-20T12:00:00.124Z'],
    ['2031-12-31T23:59:59.999999999Z', '2031-12-31T23:59:59.999Z', '2032-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T15:59:60.5-08:00', '2016-12-31T23:59:59.999Z', '2017-01-01T00:00:00.000Z'],
    // Nothing of ours can be later.
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is never kept as later, and compared as no earlier', (given, kept, bound) => {
    expect(mistakeInInstant(given)).toBeUndefined();
    expect(instantOf(given)).toBe(kept);
    expect(boundOf(given)).toBe(bound);
  });

  it.each([
    '2031-05-20',
    '2031-05-20 12:00:00Z',
    '2031-05-20T12:00:00',
    '2031-02-29T00:00:00Z',
    '2031-04-31T00:00:00Z',
    '2031-05-20T24:00:00Z',
    '2031-05-20T12:00:60Z',
    '2031-05-20T12:00:00.Z',
    '2100-02-29T00:00:00Z',
    '0000-01-01T00:00:00+01:00',
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
