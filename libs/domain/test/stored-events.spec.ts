import { readdirSync, readFileSync } from 'node:fs';
import {
  decodeEvent,
  encodeEvent,
  isAccountEvent,
  storedEventVersions,
  type EventOf,
  type StoredEvent,
} from '../src/index.js';
import { goldenEvents } from './golden-events.js';

interface Stored {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Record<string, unknown>;
}

const folder = new URL('./golden/', import.meta.url);
const golden = (name: string): Stored => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Stored;
const names = Object.keys(goldenEvents);
const currentNames = [...storedEventVersions].map(([type, version]) => `${type}.v${version}`);
/** The message of the StoredEventError with which `stored` is refused. */
const refusal = (stored: { type: string; schemaVersion: number; data: unknown }): string => {
  try {
    decodeEvent(stored);
  } catch (error) {
    if (error instanceof Error && error.name === 'StoredEventError') return error.message;
    throw error;
  }
  throw new Error('The event was read, though it should have been refused.');
};

describe('the stored form', () => {
  it('has a golden file for every type and version', () => {
    const every = [...storedEventVersions].flatMap(([type, current]) =>
      Array.from({ length: current }, (_, index) => `${type}.v${index + 1}`),
    );
    expect(readdirSync(folder).sort()).toEqual(every.map((name) => `${name}.json`).sort());
    expect(names.toSorted()).toEqual(every.toSorted());
  });

  it.each(names)('of %s is read as it was meant', (name) => {
    expect(decodeEvent(golden(name))).toEqual(goldenEvents[name]);
  });

  it.each(currentNames)('of %s is written as it was', (name) => {
    expect(JSON.parse(JSON.stringify(encodeEvent(goldenEvents[name] as StoredEvent)))).toEqual(golden(name));
  });

  it.each(currentNames)('of %s holds no field that its form does not name', (name) => {
    const event = goldenEvents[name] as StoredEvent;
    const careless = Object.assign({}, event, { secret: 'key_test_canary', changes: withStrayChange(event) });
    expect(JSON.stringify(encodeEvent(careless))).not.toContain('canary');
    expect(JSON.stringify(decodeEvent({ ...golden(name), data: careless }))).not.toContain('canary');
  });

  it('holds nothing beside a digest and the version of its pepper', () => {
    const event = goldenEvents['CredentialRotated.v1'] as EventOf<'CredentialRotated'>;
    const careless = Object.assign({}, event, { digest: { ...event.digest, secret: 'key_test_canary' } });
    expect(encodeEvent(careless)).toEqual(encodeEvent(event));
  });

  it.each(currentNames)('of %s is refused without any one of its fields, or with one of another kind', (name) => {
    const stored = golden(name);
    for (const field of Object.keys(stored.data)) {
      const rest = { ...stored.data };
      delete rest[field];
      expect(refusal({ ...stored, data: rest })).toMatch(new RegExp(`\\.${field} must be`));
      for (const wrong of [undefined, Symbol('x'), () => 0]) {
        expect(refusal({ ...stored, data: { ...stored.data, [field]: wrong } })).toMatch(
          new RegExp(`\\.${field} must be`),
        );
      }
    }
  });

  it.each([
    ['AccountRegistered.v1', 'name', 7, /^AccountRegistered\.name must be a string, but is number$/],
    ['AccountRegistered.v1', 'name', null, /name must be a string, but is null$/],
    ['AccountRegistered.v1', 'at', '2026-03-01', /at must be a UTC time with milliseconds/],
    ['AccountRegistered.v1', 'at', '2026-03-01T09:30:00.000+01:00', /at must be a UTC time/],
    ['AccountRegistered.v1', 'at', 'x2026-03-01T09:30:00.000Z', /at must be a UTC time/],
    ['CredentialCreated.v2', 'retained', 'yes', /retained must be true or false/],
    ['CredentialCreated.v2', 'version', -1, /version must be a whole number/],
    ['CredentialCreated.v2', 'version', 1.5, /version must be a whole number/],
    ['CredentialCreated.v2', 'version', '1', /version must be a whole number/],
    ['CredentialCreated.v2', 'mode', 'prod', /mode must be one of test, live/],
    ['CredentialCreated.v2', 'environment', 'qa', /environment must be one of development, staging, production/],
    ['CredentialCreated.v2', 'scopes', ['a', 7], /scopes\[1\] must be a string/],
    ['CredentialCreated.v2', 'scopes', { 0: 'a' }, /scopes must be a list/],
    ['CredentialCreated.v2', 'digest', [], /digest must be an object/],
    ['CredentialCreated.v2', 'digest', { value: 'x' }, /digest\.pepperVersion must be a whole number/],
    ['PlanChanged.v1', 'changes', { tier: { from: 'free' } }, /changes\.tier\.to must be one of free, paid/],
    ['PlanChanged.v1', 'changes', { paymentMethodOnFile: true }, /paymentMethodOnFile must be an object/],
    ['AuditTrailRead.v1', 'filters', { q: 7 }, /filters\.q must be a string/],
    ['ApiEndpointsReplaced.v1', 'changes', { a: { from: null, to: {} } }, /changes\.a\.to\.method must be a string/],
  ])('of %s is refused with %s %j', (name, field, value, message) => {
    const stored = golden(name);
    expect(refusal({ ...stored, data: { ...stored.data, [field]: value } })).toMatch(message);
  });

  it('tells nothing of a malformed value', () => {
    const stored = golden('CredentialCreated.v2');
    const data = { ...stored.data, mode: 'key_test_canary' };
    expect(refusal({ ...stored, data })).not.toContain('canary');
  });

  it.each([null, 'text', 7, [], undefined])('is an object, not %j', (data) => {
    expect(refusal({ type: 'AccountSuspended', schemaVersion: 1, data })).toMatch(
      /^AccountSuspended must be an object/,
    );
  });

  it('of an unknown type stops the reader', () => {
    for (const type of ['CredentialBlessed', 'toString', '']) {
      expect(refusal({ type, schemaVersion: 1, data: {} })).toMatch(/not an event type/);
    }
  });

  it('of an unknown version stops the reader', () => {
    const stored = golden('CredentialCreated.v2');
    for (const schemaVersion of [3, 0, -1, 1.5, Number.NaN]) {
      expect(refusal({ ...stored, schemaVersion })).toMatch(/knows 1 to 2$/);
    }
    expect(refusal({ ...golden('AccountSuspended.v1'), schemaVersion: 2 })).toMatch(/1 to 1$/);
  });

  it('of version 1 of CredentialCreated bound to endpoints only what belonged to an application', () => {
    const stored = golden('CredentialCreated.v1');
    const decoded = decodeEvent({ ...stored, data: { ...stored.data, applicationId: null } });
    expect(decoded).toMatchObject({ bindsEndpoints: false, rotationAdviceDays: null });
  });

  it('may leave out what did not change', () => {
    const data = { changes: {}, at: '2026-03-01T09:30:00.000Z' };
    const event = decodeEvent({ type: 'PlanChanged', schemaVersion: 1, data });
    expect(Object.keys((event as { changes: object }).changes)).toEqual([]);
    expect(encodeEvent(event).data).toStrictEqual(data);
  });

  it('is of an account, or of another stream', () => {
    const others = ['ApiEndpointsReplaced', 'AuditTrailRead', 'LogCreated'];
    for (const event of Object.values(goldenEvents)) expect(isAccountEvent(event)).toBe(!others.includes(event.type));
  });
});

/** The changes of an event with a stray field, where it has any. */
const withStrayChange = (event: StoredEvent): object | undefined =>
  'changes' in event && event.type !== 'ApiEndpointsReplaced'
    ? { ...event.changes, secret: { from: 'canary', to: 'canary' } }
    : (event as { changes?: object }).changes;
