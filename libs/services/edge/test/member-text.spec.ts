import fc from 'fast-check';
import { memberText } from '../src/http/member-text.js';

describe('the text of a member', () => {
  it.each([
    ['{"type":"a","payload":{"b": 1.50, "a" : [1e3,"}"]}}', '{"b": 1.50, "a" : [1e3,"}"]}'],
    ['{"payload":12345678901234567890,"type":"a"}', '12345678901234567890'],
    [' {\n"payload" : "a\\"b\\\\" , "x":1}', '"a\\"b\\\\"'],
    ['{"payload":null}', 'null'],
    ['{"payload":-0.0}', '-0.0'],
    ['{"payload":[ ]}', '[ ]'],
    ['{"payload":1,"payload":2}', '2'],
    ['{"p\\u0061yload":{"payload":3}}', '{"payload":3}'],
    ['{"a":{"payload":1}}', undefined],
    ['{}', undefined],
  ])('of %s is as it was written', (json, expected) => {
    expect(memberText(json, 'payload')).toBe(expected);
  });

  it('is found in whatever object it stands', () => {
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (value, others, spaces) => {
        const rest = Object.fromEntries(Object.entries(others).filter(([name]) => name !== 'payload'));
        const before = JSON.stringify(rest, null, spaces).slice(0, -1);
        const json = `${before}${Object.keys(rest).length === 0 ? '' : ','} "payload": ${value} }`;
        expect(memberText(json, 'payload')).toBe(value.trim());
      }),
    );
  });
});
