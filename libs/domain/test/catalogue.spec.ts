import {
  connectableEndpointIds,
  decideReplaceEndpoints,
  emptyCatalogue,
  evolveCatalogue,
  Rejection,
  valuesOf,
  type ApiEndpointsReplaced,
  type CatalogueEndpoint,
  type CatalogueState,
} from '../src/index.js';
import { NOW } from './given-when-then.js';

const list: CatalogueEndpoint = { endpointId: 'orders.list', method: 'GET', path: '/orders', status: 'active' };
const create: CatalogueEndpoint = { endpointId: 'orders.create', method: 'POST', path: '/orders', status: 'active' };
const listForm = { method: 'GET', path: '/orders' };
const createForm = { method: 'POST', path: '/orders' };

const replaced = (state: CatalogueState, ...endpoints: readonly CatalogueEndpoint[]): CatalogueState =>
  decideReplaceEndpoints(endpoints, state, NOW).reduce(evolveCatalogue, state);

const events = (state: CatalogueState, ...endpoints: readonly CatalogueEndpoint[]) =>
  decideReplaceEndpoints(endpoints, state, NOW);

const change = (changes: ApiEndpointsReplaced['changes']): ApiEndpointsReplaced => ({
  type: 'ApiEndpointsReplaced',
  changes,
  at: NOW,
});

const both = replaced(emptyCatalogue, list, create);

describe('the endpoint catalogue', () => {
  it('is empty at first', () => {
    expect(valuesOf(emptyCatalogue.endpoints)).toEqual([]);
    expect(emptyCatalogue).toMatchObject({ revision: -1, lastAt: null });
    expect(events(emptyCatalogue)).toEqual([]);
  });

  it('takes what it is given', () => {
    expect(events(emptyCatalogue, list, create)).toEqual([
      change({ 'orders.list': { from: null, to: listForm }, 'orders.create': { from: null, to: createForm } }),
    ]);
    expect(both).toMatchObject({ revision: 0, lastAt: NOW });
    expect(valuesOf(both.endpoints)).toEqual([create, list]);
    expect(connectableEndpointIds(both)).toEqual(new Set(['orders.list', 'orders.create']));
  });

  it('does not change when the same is given again, in whatever order', () => {
    expect(events(both, create, list)).toEqual([]);
  });

  it('names only what differs', () => {
    const moved = { ...list, path: '/v2/orders' };
    expect(events(both, moved, create)).toEqual([
      change({ 'orders.list': { from: listForm, to: { method: 'GET', path: '/v2/orders' } } }),
    ]);
    expect(events(both, { ...list, method: 'HEAD' }, create)).toEqual([
      change({ 'orders.list': { from: listForm, to: { method: 'HEAD', path: '/orders' } } }),
    ]);
    expect(valuesOf(replaced(both, moved, create).endpoints)).toEqual([create, moved]);
  });

  it('retires what is not listed any more, or listed as retired, and still shows it', () => {
    const retirement = [change({ 'orders.list': { from: listForm, to: null } })];
    expect(events(both, create)).toEqual(retirement);
    expect(events(both, create, { ...list, status: 'retired' })).toEqual(retirement);
    const after = replaced(both, create);
    expect(valuesOf(after.endpoints)).toEqual([create, { ...list, status: 'retired' }]);
    expect(connectableEndpointIds(after)).toEqual(new Set(['orders.create']));
    expect(events(after, create)).toEqual([]);
    expect(events(after, create, { ...list, status: 'retired' })).toEqual([]);
  });

  it('ignores a retired one that it never had', () => {
    expect(events(emptyCatalogue, { ...list, status: 'retired' })).toEqual([]);
  });

  it('takes a retired one back', () => {
    const after = replaced(both, create);
    expect(events(after, list, create)).toEqual([change({ 'orders.list': { from: null, to: listForm } })]);
    expect(valuesOf(replaced(after, list, create).endpoints)).toEqual([create, list]);
  });

  it('refuses to list an endpoint twice', () => {
    const twice = () => events(emptyCatalogue, list, create, { ...list, path: '/x' });
    expect(twice).toThrow(Rejection);
    expect(twice).toThrow(expect.objectContaining({ code: 'invalid-request' }) as Error);
    expect(twice).toThrow(
      expect.objectContaining({
        errors: [{ field: 'endpoints', message: 'lists "orders.list" more than once' }],
      }) as Error,
    );
  });

  it.each([
    ['/orders/{id}', '/orders/{id}'],
    ['/%6frders/%7Eme', '/orders/~me'],
    ['/caf\u00e9/%c3%a9', '/caf%C3%A9/%C3%A9'],
    ['/a%3fb%20c', '/a%3Fb%20c'],
    ['/a"b|c^', '/a%22b%7Cc%5E'],
    ['/a;v=1,2/@me:all', '/a;v=1,2/@me:all'],
    ['/a%21b/%40me/x%3Ay', '/a!b/@me/x:y'],
    ['/[x]/%5bx%5d', '/%5Bx%5D/%5Bx%5D'],
    ['/a%3Bb/a;b', '/a%3Bb/a;b'],
    ['/a/', '/a/'],
    ['/', '/'],
    ['/...', '/...'],
  ])('keeps the path %s as %s, which can be given back', (given, kept) => {
    const after = replaced(emptyCatalogue, { ...list, path: given });
    expect(valuesOf(after.endpoints)).toEqual([{ ...list, path: kept }]);
    expect(events(after, ...valuesOf(after.endpoints))).toEqual([]);
    expect(replaced(emptyCatalogue, ...valuesOf(after.endpoints))).toEqual(after);
  });

  const refusals = (state: CatalogueState, ...endpoints: readonly CatalogueEndpoint[]): unknown => {
    try {
      return events(state, ...endpoints);
    } catch (error) {
      return error instanceof Rejection ? error.errors.map(({ field }) => field) : error;
    }
  };

  it.each([
    ...[
      'orders',
      '/a//b',
      '//',
      '/./a',
      '/a/..',
      '/%2e%2e/b',
      '/a/%2E',
      '/a%2fb',
      '/a%5Cb',
      '/a\\b',
      '/a%00b',
      '/a%1fb',
    ],
    ...['/a/..;/b', '/a/%2e%2e;x=1/b', '/a/.%3b/b', '/a/{id', '/a/}{', '/a/{a/b}', '/a/{}', '/a/{{id}}'],
    ...['/a%7F', '/a%zz', '/a%', '/a%4', '/a%ff', '/a?b', '/a#b', '/a b', '/a\u2028b', `/${'\u00e9'.repeat(40)}`, ''],
  ])('refuses the path %j', (path) => {
    expect(refusals(emptyCatalogue, create, { ...list, path })).toEqual(['endpoints.1.path']);
    expect(refusals(emptyCatalogue, { ...list, path, status: 'retired' })).toEqual([]);
  });

  it('refuses two active endpoints that the same requests would call', () => {
    const other = { ...list, endpointId: 'orders.other' };
    expect(refusals(emptyCatalogue, list, other)).toEqual(['endpoints.1.path']);
    expect(refusals(both, other, list, create)).toEqual(['endpoints.0.path']);
    expect(refusals(emptyCatalogue, list, { ...other, path: '/%6Frders' })).toEqual(['endpoints.1.path']);
    const [one, two] = [
      { ...list, path: '/orders/{id}' },
      { ...other, path: '/orders/{orderId}' },
    ];
    expect(refusals(emptyCatalogue, one, two)).toEqual(['endpoints.1.path']);
    expect(refusals(both, create, { ...list, status: 'retired' }, other)).toHaveLength(1);
    expect(refusals(emptyCatalogue, list, { ...other, method: 'ANY' })).toHaveLength(1);
  });

  it('takes back what it has, even what it would not take today', () => {
    const before = ['/a%zz', '/orders', '/orders'].map(
      (path, index) => [`old.${index}`, { method: 'GET', path }] as const,
    );
    const changes = Object.fromEntries(before.map(([id, to]) => [id, { from: null, to }]));
    const old = evolveCatalogue(emptyCatalogue, change(changes));
    expect(refusals(old, ...valuesOf(old.endpoints))).toEqual([]);
    expect(refusals(old, ...valuesOf(old.endpoints), create)).toHaveLength(1);
  });

  it('has at most a thousand active endpoints, and any number of retired ones', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ ...list, endpointId: `e.${n}`, path: `/e/${n}` }));
    const retired = many.map((each) => ({ ...each, endpointId: `r.${each.path}`, status: 'retired' as const }));
    expect(refusals(emptyCatalogue, ...many, ...retired)).toHaveLength(1);
    expect(refusals(emptyCatalogue, ...many, list)).toEqual(['endpoints']);
  });

  it('lets nothing happen to an endpoint that it does not know', () => {
    const nonsense = change({ 'orders.list': { from: listForm, to: null } });
    expect(evolveCatalogue(emptyCatalogue, nonsense)).toEqual({ ...emptyCatalogue, revision: 0, lastAt: NOW });
  });
});
