import { readFileSync } from 'node:fs';
import { eventSchemas, publicEvents } from '../src/index.js';
import { incompatibilities, type AnySchema } from './event-compatibility.js';

type Schemas = Readonly<Record<string, AnySchema>>;

const read = (name: string): Schemas => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Schemas;
const now = eventSchemas() as Schemas;

it('has a type of its own for each event', () => {
  const types = Object.values(publicEvents).map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
  for (const type of types) expect(type).toMatch(/^keyledger\.[a-z-]+\.[a-z-]+\.v1$/);
});

it('breaks no reader of the released schemas', () => {
  expect(incompatibilities(read('../released-events.json'), now)).toEqual([]);
});

const REVOKED = 'keyledger.credential.revoked.v1';
const CREATED = 'keyledger.credential.created.v1';

/** The schemas, where that of one property of one event is another. */
const withProperty = (type: string, name: string, schema: AnySchema): Schemas => {
  const event = now[type] ?? {};
  return { ...now, [type]: { ...event, properties: { ...event.properties, [name]: schema } } };
};

const without = (type: string): Schemas => Object.fromEntries(Object.entries(now).filter(([name]) => name !== type));

it.each<[string, Schemas, string]>([
  ['an event is gone', without(REVOKED), `${REVOKED} is gone`],
  ['a field is gone', { ...now, [REVOKED]: { ...now[REVOKED], properties: {} } }, `${REVOKED}.reason is gone`],
  ['a field may be absent', { ...now, [REVOKED]: { ...now[REVOKED], required: [] } }, 'reason may be absent'],
  ['a field has another type', withProperty(REVOKED, 'reason', { type: 'string' }), 'reason has another type'],
  ['a choice has a new value', withProperty(CREATED, 'mode', { enum: ['test', 'trial'] }), 'mode may be "trial"'],
  ['a choice may be anything', withProperty(CREATED, 'mode', {}), 'mode may be anything'],
])('notices when %s', (_, changed, mistake) => {
  expect(incompatibilities(now, changed)).toContainEqual(expect.stringContaining(mistake));
});

it('lets a field and an event be added', () => {
  const added = { ...withProperty(REVOKED, 'ticket', { type: 'string' }), 'keyledger.account.moved.v1': {} };
  expect(incompatibilities(now, added)).toEqual([]);
});
