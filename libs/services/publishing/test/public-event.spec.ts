import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventSchemas, publicEvents } from '@keyledger/contract';
import { isAccountEvent, readEvent } from '@keyledger/domain';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { toPublicEvent } from '../src/index.js';

const accountId = 'acct_0190b5a0-7c1e-7000-8000-000000000001';
const golden = fileURLToPath(new URL('../../../domain/test/golden/', import.meta.url));

const metadata = {
  commandId: 'cmd_1',
  correlationId: 'correlation-canary',
  causationId: 'cmd_1',
  actor: { type: 'user', id: 'actor-canary', issuer: 'issuer-canary' },
  ip: '203.0.113.77',
  userAgent: 'agent-canary',
  at: '2026-03-01T09:30:00.000Z',
};

interface Stored {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: object;
}

const bytesOf = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const read = ({ type, schemaVersion, data }: Stored) =>
  readEvent({ type, data: bytesOf(data), metadata: bytesOf({ ...metadata, schemaVersion }) });

/** Every event that an account's stream may hold, in every stored form. */
const stored = readdirSync(golden)
  .map((file) => JSON.parse(readFileSync(`${golden}${file}`, 'utf8')) as Stored)
  .filter((each) => each.type !== 'LogCreated' && isAccountEvent(read(each).event));

const publicFormOf = (each: Stored) => {
  const { event, metadata: known } = read(each);
  if (!isAccountEvent(event)) throw new Error(`${each.type} is no event of an account.`);
  const recorded = { id: '0190b5a0-7c1e-7000-8000-0000000000ff', position: 'log1-0000000000000009', revision: 42 };
  return toPublicEvent(event, { accountId, logId: 'log1', recorded, metadata: known });
};

const ajv = new Ajv2020({ strict: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } });
const validators = new Map(Object.entries(eventSchemas()).map(([type, schema]) => [type, ajv.compile(schema)]));

it('is made of every event that the stream of an account may hold', () => {
  expect(new Set(stored.map(({ type }) => type))).toEqual(new Set(Object.keys(publicEvents)));
});

it.each(stored.map((event) => [`${event.type}, version ${event.schemaVersion}`, event] as const))(
  'is valid by its schema and holds nothing else: %s',
  (_, event) => {
    const { type, data } = publicFormOf(event);
    const validate = validators.get(type);
    expect([validate?.(data), validate?.errors]).toEqual([true, null]);
    const form = Object.values(publicEvents).find((each) => each.type === type);
    expect(Object.keys(data).sort()).toEqual(Object.keys(form?.data.properties ?? {}).sort());
  },
);

it.each(stored.map((event) => [`${event.type}, version ${event.schemaVersion}`, event] as const))(
  'tells nothing of who did it but the type, and nothing of a secret: %s',
  (_, event) => {
    const text = JSON.stringify(publicFormOf(event));
    expect(text).toContain('"actor":{"type":"user"}');
    for (const secret of ['canary', metadata.ip, 'digest', 'q83vEjRW', 'masked', '…', 'commandId', 'pepper']) {
      expect(text).not.toContain(secret);
    }
  },
);

it('says by CloudEvents 1.0 what happened, where in the log, and to whom', () => {
  const revoked = stored.find(({ type }) => type === 'CredentialRevoked');
  expect(publicFormOf(revoked as Stored)).toMatchObject({
    ...{ specversion: '1.0', id: 'evt_0190b5a0-7c1e-7000-8000-0000000000ff', source: 'urn:keyledger:log:log1' },
    type: 'keyledger.credential.revoked.v1',
    subject: 'cred_0190b5a0-7c1e-7000-8000-000000000003',
    time: '2026-03-01T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:keyledger:schema:keyledger.credential.revoked.v1',
    ...{ partitionkey: accountId, sequence: '0000000000000042', position: 'log1-0000000000000009' },
    data: { accountId, actor: { type: 'user' } },
  });
});
