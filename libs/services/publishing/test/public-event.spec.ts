import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attributes, eventSchemas, exampleOf, publicEvents, type PublicEventName } from '@keyledger/contract';
import { isAccountEvent, readEvent, type AccountEvent } from '@keyledger/domain';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { toPublicEvent } from '@keyledger/edge';
import { toMessage } from '../src/kafka-message.js';
import { hostile, valuesOf } from './hostile-values.js';

const accountId = 'acct_0190b5a0-7c1e-7000-8000-000000000001';
const logId = '0190b5a07c1e70008000000000000005';
const recorded = {
  id: '0190b5a0-7c1e-7000-8000-000000000006',
  position: `${logId}-0000000000000109`,
  revision: 42,
};
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
  return toPublicEvent(event, { accountId, logId, recorded, metadata: known });
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

it.each(Object.keys(publicEvents) as PublicEventName[])('is what the contract shows as an example: %s', (name) => {
  const latest = stored.filter(({ type }) => type === name).sort((one, two) => two.schemaVersion - one.schemaVersion);
  expect(publicFormOf(latest[0] as Stored)).toEqual(exampleOf(name));
});

const validateAttributes = ajv.compile({ ...attributes, additionalProperties: false });

it.each(Object.values(publicEvents).map((form) => [form.type, form] as const))(
  'tells all that the schema names and nothing else, whatever else the log holds: %s',
  (type, form) => {
    const [name] = Object.entries(publicEvents).find(([, each]) => each === form) ?? [];
    const who = fc.record({ type: fc.constantFrom('user', 'service'), id: hostile, issuer: hostile, ip: hostile });
    const told = fc.record({ data: valuesOf(form.data), who, beside: hostile });
    const check = fc.property(told, ({ data: { stored, named }, who: actor, beside }) => {
      const event = { ...(stored as object), type: name, at: metadata.at } as AccountEvent;
      const noted = { ...metadata, actor, beside } as Parameters<typeof toPublicEvent>[1]['metadata'];
      const { data, ...rest } = toPublicEvent(event, { accountId, logId, recorded, metadata: noted });
      expect(data).toEqual({ ...(named as object), accountId, actor: { type: actor.type } });
      const validate = validators.get(type);
      expect([validate?.(data), validate?.errors]).toEqual([true, null]);
      expect([validateAttributes(rest), validateAttributes.errors]).toEqual([true, null]);
      expect(JSON.stringify([rest, data, toMessage({ ...rest, data })])).not.toMatch(/canary|203\.0\.113\.77/);
    });
    fc.assert(check);
  },
);
