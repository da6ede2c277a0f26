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

  it('lets nothing happen to an endpoint that it does not know', () => {
    const nonsense = change({ 'orders.list': { from: listForm, to: null } });
    expect(evolveCatalogue(emptyCatalogue, nonsense)).toEqual({ ...emptyCatalogue, revision: 0, lastAt: NOW });
  });
});
