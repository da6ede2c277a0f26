import { readFileSync } from 'node:fs';
import { fromSnapshot, SNAPSHOT_VERSION, toSnapshot, type RegisteredAccount } from '../src/index.js';
import { stateAfter } from './given-when-then.js';
import {
  apiAccessEnabled,
  applicationRegistered,
  created,
  registered,
  rotated,
  signs,
  webhookEndpointRegistered,
} from './fixtures.js';

const state = stateAfter(
  registered,
  ...apiAccessEnabled,
  rotated(),
  applicationRegistered,
  created('app_key_pair', { credentialId: 'cred_2' }),
  created('client_credentials', { credentialId: 'cred_3' }),
  created('api_secret', { credentialId: 'cred_4' }),
  signs('cred_4'),
  webhookEndpointRegistered,
) as RegisteredAccount;
const snapshot: unknown = JSON.parse(JSON.stringify(toSnapshot(state)));

describe('a snapshot', () => {
  it('gives back the state, with the indexes that the rules ask', () => {
    expect(fromSnapshot(snapshot)).toEqual(state);
  });

  it('has the form that its version promises: another form needs another version', () => {
    const file = new URL(`./golden-snapshot/v${SNAPSHOT_VERSION}.json`, import.meta.url);
    expect(snapshot).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('of another version of the rules is not used', () => {
    expect(fromSnapshot({ ...(snapshot as object), snapshotVersion: SNAPSHOT_VERSION + 1 })).toBeUndefined();
    for (const version of [1, 2]) {
      const file = new URL(`./golden-snapshot/v${version}.json`, import.meta.url);
      expect(fromSnapshot(JSON.parse(readFileSync(file, 'utf8')))).toBeUndefined();
    }
    expect(fromSnapshot({})).toBeUndefined();
    expect(fromSnapshot(null)).toBeUndefined();
  });
});
