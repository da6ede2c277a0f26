import { NOW, given, time } from './given-when-then.js';
import { applicationRegistered, create, created, deleted, registered, revoked } from './fixtures.js';
import type { AccountEvent, NewCredential } from '../src/index.js';

const at = NOW;
const register = {
  type: 'RegisterApplication',
  applicationId: 'app_1',
  title: 'Shop',
  description: null,
  endpointIds: ['orders.list'],
  keyPair: null,
} as const;
const keyPair: NewCredential = create('app_key_pair');
const existing = [registered, applicationRegistered];

describe('an application', () => {
  it('is registered with its endpoints, each once and in the order given', () => {
    given(registered)
      .when(register)
      .then({ ...applicationRegistered, at });
    given(registered)
      .when({ ...register, endpointIds: ['orders.list', 'orders.create', 'orders.list'] })
      .then({ ...applicationRegistered, endpointIds: ['orders.list', 'orders.create'], at });
    given(registered)
      .when({ ...register, endpointIds: [] })
      .then({ ...applicationRegistered, endpointIds: [], at });
  });

  it('counts until it is deleted', () => {
    const another = { ...register, applicationId: 'app_2' };
    const removed: AccountEvent = { type: 'ApplicationDeleted', applicationId: 'app_1', at: time(3) };
    given(...existing)
      .when(another, { maxApplications: 1 })
      .thenRejected('limit-reached');
    given(...existing, removed)
      .when(another, { maxApplications: 1 })
      .then({ ...applicationRegistered, applicationId: 'app_2', at });
  });

  it('is registered with its first key pair in the same result', () => {
    given(registered)
      .when({ ...register, keyPair: { ...keyPair, applicationId: null } })
      .then({ ...applicationRegistered, at }, created('app_key_pair', { at }));
  });

  it('is not registered at all if its key pair is refused', () => {
    given(registered)
      .when({ ...register, keyPair: { ...keyPair, environment: null } })
      .thenRejected('invalid-request', 'environment');
    given(registered)
      .when({ ...register, keyPair }, { maxCredentials: 0 })
      .thenRejected('limit-reached');
  });

  it('connects only what the catalogue holds', () => {
    const rejection = given(registered)
      .when({ ...register, endpointIds: ['orders.list', 'x.one', 'x.two'] })
      .thenRejected('unknown-endpoint', 'endpointIds', 'endpointIds');
    expect(rejection.errors.map(({ message }) => message).join()).toMatch(/x\.one.*x\.two/);
  });

  it('connects at most 500 endpoints', () => {
    const knownEndpointIds = new Set(Array.from({ length: 501 }, (_, index) => `e.${index}`));
    const endpointIds = [...knownEndpointIds];
    given(registered)
      .when({ ...register, endpointIds }, { knownEndpointIds })
      .thenRejected('invalid-request', 'endpointIds');
    given(registered)
      .when({ ...register, endpointIds: [...endpointIds.slice(1), 'e.1'] }, { knownEndpointIds })
      .then({ ...applicationRegistered, endpointIds: endpointIds.slice(1), at });
  });

  it('is described anew, naming only what differs', () => {
    given(...existing)
      .when({ type: 'UpdateApplication', applicationId: 'app_1', title: 'Shop 2', description: null })
      .then({
        type: 'ApplicationChanged',
        applicationId: 'app_1',
        changes: { title: { from: 'Shop', to: 'Shop 2' } },
        at,
      });
    given(...existing)
      .when({ type: 'UpdateApplication', applicationId: 'app_1', description: 'Sells' })
      .then({
        type: 'ApplicationChanged',
        applicationId: 'app_1',
        changes: { description: { from: null, to: 'Sells' } },
        at,
      });
    given(...existing)
      .when({ type: 'UpdateApplication', applicationId: 'app_1', title: 'Shop' })
      .thenNothing();
  });

  it('changes its endpoints', () => {
    const set = { type: 'SetApplicationEndpoints', applicationId: 'app_1' } as const;
    given(...existing)
      .when({ ...set, endpointIds: ['orders.create'] })
      .then({
        type: 'ApplicationEndpointsChanged',
        applicationId: 'app_1',
        changes: { endpointIds: { from: ['orders.list'], to: ['orders.create'] } },
        at,
      });
    given(...existing)
      .when({ ...set, endpointIds: ['orders.list', 'orders.list'] })
      .thenNothing();
    given(...existing)
      .when({ ...set, endpointIds: ['x.one'] })
      .thenRejected('unknown-endpoint', 'endpointIds');
  });

  it('keeps an endpoint that was retired, but does not connect it anew', () => {
    const knownEndpointIds = new Set(['orders.create']);
    const set = { type: 'SetApplicationEndpoints', applicationId: 'app_1' } as const;
    const both: AccountEvent = {
      type: 'ApplicationEndpointsChanged',
      applicationId: 'app_1',
      changes: { endpointIds: { from: ['orders.list'], to: ['orders.list', 'orders.create'] } },
      at,
    };
    given(...existing)
      .when({ ...set, endpointIds: ['orders.list', 'orders.create'] }, { knownEndpointIds })
      .then(both);
    given(registered).when(register, { knownEndpointIds }).thenRejected('unknown-endpoint', 'endpointIds');
  });

  it('is deleted once it has no key pair: revoked ones count until they are deleted', () => {
    const remove = { type: 'DeleteApplication', applicationId: 'app_1' } as const;
    const removed: AccountEvent = { type: 'ApplicationDeleted', applicationId: 'app_1', at };
    given(...existing)
      .when(remove)
      .then(removed);
    given(...existing, created('app_key_pair'))
      .when(remove)
      .thenRejected('application-in-use');
    given(...existing, created('app_key_pair'), revoked())
      .when(remove)
      .thenRejected('application-in-use');
    given(...existing, created('app_key_pair'), created('app_key_pair', { credentialId: 'cred_2' }), deleted())
      .when(remove)
      .thenRejected('application-in-use');
    given(...existing, created('app_key_pair'), revoked(), deleted())
      .when(remove)
      .then(removed);
  });

  it('is not found after it was deleted', () => {
    given(...existing, { type: 'ApplicationDeleted', applicationId: 'app_1', at: NOW })
      .when({ type: 'DeleteApplication', applicationId: 'app_1' })
      .thenRejected('not-found');
  });
});
