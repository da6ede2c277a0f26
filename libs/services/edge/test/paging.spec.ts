import fc from 'fast-check';
import { keysOf, listScope, PageInput, pageOf } from '../src/operation/paging.js';
import { Problem } from '../src/operation/problem.js';
import { validationPipe } from '../src/operation/fields.js';

const scope = listScope('things', 'acct_1', '-createdAt', undefined);
const isPair = (keys: readonly unknown[]): keys is readonly [string, string | null] =>
  keys.length === 2 && typeof keys[0] === 'string' && (keys[1] === null || typeof keys[1] === 'string');
const cursorFor = (key: string, other: string | null): string =>
  pageOf([key, 'one more'], 1, { scope, keys: () => [key, other], show: String }).nextCursor ?? '';

const refusal = (cursor: string, of = scope): string => {
  try {
    keysOf(cursor, of, isPair);
    return 'accepted';
  } catch (error) {
    return error instanceof Problem ? `${error.status} ${error.errors[0]?.field}: ${error.detail}` : 'another error';
  }
};

const read = (query: object): Promise<unknown> =>
  validationPipe().transform(query, { type: 'query', metatype: PageInput });

describe('a page', () => {
  it('has a cursor exactly when there is more', () => {
    const list = { scope, keys: (row: string) => [row], show: (row: string) => row.toUpperCase() };
    expect(pageOf(['a', 'b'], 2, list)).toEqual({ items: ['A', 'B'], nextCursor: null });
    expect(pageOf(['a', 'b', 'c'], 2, list)).toEqual({
      items: ['A', 'B'],
      nextCursor: Buffer.from(JSON.stringify([scope, 'b'])).toString('base64url'),
    });
    expect(pageOf([], 2, list)).toEqual({ items: [], nextCursor: null });
  });

  it('ends before the item that would make it larger than 1 MiB, and holds one all the same', () => {
    const third = 349_000; // Three of them, each with two quotes, are less than 1 MiB.
    const list = { scope, keys: (row: number) => [String(row)], show: (row: number) => 'x'.repeat(row) };
    const sizesOf = (...rows: readonly number[]) => {
      const { items, nextCursor } = pageOf(rows, 5, list);
      return { sizes: items.map(({ length }) => length), more: nextCursor !== null };
    };
    expect(sizesOf(third, third, third)).toEqual({ sizes: [third, third, third], more: false });
    expect(sizesOf(third, third, third, third)).toEqual({ sizes: [third, third, third], more: true });
    expect(sizesOf(2_000_000, 1)).toEqual({ sizes: [2_000_000], more: true });
    expect(sizesOf(2_000_000)).toEqual({ sizes: [2_000_000], more: false });
    const umlauts = pageOf([1, 2, 3], 5, { ...list, show: () => 'ü'.repeat(third) });
    expect(umlauts.items).toHaveLength(1);
  });

  it('gives back the keys, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.option(fc.string()), (key, other) => {
        expect(keysOf(cursorFor(key, other), scope, isPair)).toEqual([key, other]);
      }),
    );
  });

  it('starts at the start without a cursor', () => {
    expect(keysOf(undefined, scope, isPair)).toBeUndefined();
  });
});

describe('a cursor', () => {
  it('of another filter, sort or list is refused', () => {
    expect(refusal(cursorFor('a', null), listScope('things', 'acct_1', 'createdAt', undefined))).toBe(
      '422 cursor: cursor belongs to a list with other filters or another sort',
    );
  });

  const text = JSON.stringify([scope, 'a', 'b']);
  it.each([
    ['nothing', ''],
    ['no base64url', '!!!'],
    ['standard base64', Buffer.from(JSON.stringify([scope, '>>>???', 'b'])).toString('base64')],
    ['padding', `${Buffer.from(JSON.stringify([scope, 'a', 'bb'])).toString('base64url')}=`],
    ['no JSON', Buffer.from('[').toString('base64url')],
    ['no array', Buffer.from('{}').toString('base64url')],
    ['blanks in the JSON', Buffer.from(text.replaceAll(',', ', ')).toString('base64url')],
    ['too few keys', Buffer.from(JSON.stringify([scope, 'a'])).toString('base64url')],
    ['too many keys', Buffer.from(JSON.stringify([scope, 'a', 'b', 'c'])).toString('base64url')],
    ['a key of another kind', Buffer.from(JSON.stringify([scope, 'a', 1])).toString('base64url')],
    ['text that is not UTF-8', Buffer.from([...Buffer.from(text.slice(0, -1)), 0xff, 0x5d]).toString('base64url')],
  ])('with %s is refused', (_, cursor) => {
    expect(refusal(cursor)).toMatch(/^422 cursor: cursor (is not|belongs)/);
  });

  it('of garbage never is anything but a refusal', () => {
    fc.assert(fc.property(fc.string(), (cursor) => expect(refusal(cursor)).toMatch(/^422 cursor: /)));
  });
});

describe('the input of a list', () => {
  it('has 50 items where none is asked for', async () => {
    expect(await read({})).toEqual({ limit: 50 });
    expect(await read({ limit: '200', cursor: 'abc' })).toEqual({ limit: 200, cursor: 'abc' });
  });

  it.each(['0', '201', '1.5', '-1', '', 'ten', '1e2', ' 5'])('refuses a limit of "%s"', async (limit) => {
    await expect(read({ limit })).rejects.toThrow(/^limit must (not )?be /);
  });
});
