import 'reflect-metadata';
import { Nested, NestedList, Text, Texts, validationPipe } from '../src/operation/fields.js';
import { mistakeInText, textPattern } from '../src/operation/plain-text.js';
import { Problem } from '../src/operation/problem.js';

class Part {
  @Text({ max: 10 }) word!: string;
}

class Whole {
  @Nested(Part, { optional: true, nullable: true }) part?: Part | null;
  @NestedList(Part, { maxItems: 2 }) parts!: Part[];
}

class Input {
  @Text({ max: 100, oneLine: true }) name!: string;
  @Texts({ maxItems: 3, maxLength: 10 }) scopes: string[] = [];
}

/** What is kept of the input, or the mistakes in it. */
const read = async (input: object, metatype: new () => object = Input): Promise<unknown> => {
  try {
    return await validationPipe().transform(input, { type: 'body', metatype });
  } catch (error) {
    return error instanceof Problem ? error.errors : error;
  }
};

const tooLong = { field: 'name', message: 'must have 1 to 100 characters' };

it('keeps a text in the form NFC, whose length counts', async () => {
  const hangul = '\u1112\u1161\u11ab';
  const alpha = '\u03b1\u0313\u0300\u0345';
  expect(await read({ name: hangul.repeat(100), scopes: ['e\u0301'] })).toMatchObject({
    name: '\ud55c'.repeat(100),
    scopes: ['\u00e9'],
  });
  expect(await read({ name: alpha.repeat(100) })).toMatchObject({ name: '\u1f82'.repeat(100) });
  expect(await read({ name: alpha.repeat(101) })).toEqual([tooLong]);
});

// NFC alone would take minutes for it.
it('refuses a letter with very many marks without a look at its other forms', async () => {
  const marks = `a${'\u0301\u0316'.repeat(200_000)}`;
  expect(await read({ name: marks })).toEqual([tooLong]);
  expect(await read({ name: 'a', scopes: [marks] })).toEqual([
    { field: 'scopes', message: 'has mistakes: number 1 must have 1 to 10 characters' },
  ]);
});

it.each(['\u009b31m', '\u0085', '\u0090', '\ufff9', '\ufdd0', '\uffff', '\u0000'])(
  'takes no control character: %j',
  async (character) => {
    const message = 'must be text without control characters';
    expect(await read({ name: `Ac${character}me` })).toEqual([{ field: 'name', message }]);
  },
);

it.each(['\u200b', '\u2800', '\ufffc', '\u{13441}', '\u{1d159}', '\u3164'])(
  'takes no name of %j alone',
  async (blank) => {
    expect(await read({ name: blank })).toEqual([{ field: 'name', message: 'must have a character that can be seen' }]);
  },
);

it('says of a text that may be left out, but not be null, that it cannot be cleared', async () => {
  class Change {
    @Text({ max: 100, optional: true }) url?: string;
  }
  expect(await read({ url: null }, Change)).toEqual([
    { field: 'url', message: 'cannot be cleared: it must be text, or left out' },
  ]);
  expect(await read({}, Change)).toEqual({});
});

describe('objects in objects', () => {
  it.each([
    [{ parts: [null] }, 'parts', 'must be a list of objects, which number 1 is not'],
    [{ parts: [{ word: 'a' }, 'b'] }, 'parts', 'must be a list of objects, which number 2 is not'],
    [{ parts: [[]] }, 'parts', 'must be a list of objects, which number 1 is not'],
    [{ parts: [[{ word: 'a' }]] }, 'parts', 'must be a list of objects, which number 1 is not'],
    [{ parts: [null, null, null] }, 'parts', 'must be a list of at most 2 objects'],
    [{ parts: { word: 'a' } }, 'parts', 'must be a list of at most 2 objects'],
    [{ parts: 'a' }, 'parts', 'must be a list of at most 2 objects'],
    [{ parts: null }, 'parts', 'must be a list of at most 2 objects'],
    [{}, 'parts', 'is required'],
    [{ parts: [{ word: null }] }, 'parts.0.word', 'must be text'],
    [{ parts: [{ word: 'a', other: 1 }] }, 'parts.0.other', 'is not a field of this request'],
    [{ parts: [], part: 'a' }, 'part', 'must be an object'],
    [{ parts: [], part: [null] }, 'part', 'must be an object'],
    [{ parts: [], part: {} }, 'part.word', 'is required'],
  ])('of %j one mistake is told once, in our words', async (input, field, message) => {
    expect(await read(input, Whole)).toEqual([{ field, message }]);
  });

  it('are taken', async () => {
    expect(await read({ parts: [{ word: 'a' }], part: null }, Whole)).toEqual({ parts: [{ word: 'a' }], part: null });
  });
});

describe('what is documented of a name', () => {
  const pattern = new RegExp(textPattern(true));
  const line = { min: 1, max: 10, oneLine: true };

  it('is true of every character, but that some marks and private or unknown ones are not told', () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      const text = String.fromCharCode(code);
      if (/\p{Cs}/u.test(text)) continue;
      const taken = mistakeInText(text, line) === undefined;
      const isUntold = /[\p{M}\p{Cn}]/u.test(text);
      if (!isUntold) expect({ code, matches: pattern.test(text) }).toEqual({ code, matches: taken });
      if (taken) expect(text).toMatch(pattern);
    }
  });

  it.each([' a', 'a ', '\u200ba', '\u{1f511}', 'a\u0301', '\u{20000}'])('takes %j', (text) => {
    expect(mistakeInText(text, line)).toBeUndefined();
    expect(text).toMatch(pattern);
  });
});
