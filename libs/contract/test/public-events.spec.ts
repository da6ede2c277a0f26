import { readFileSync } from 'node:fs';
import { attributes, eventSchemas, notices, noticeSchemas, publicEvents } from '../src/index.js';
import { incompatibilities, type AnySchema, type Schemas } from './event-compatibility.js';

const read = (name: string): Schemas => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Schemas;
const now: Schemas = { ...(eventSchemas() as Schemas), ...(noticeSchemas() as Schemas), attributes };

it('has a type of its own for each event and each notice', () => {
  const types = Object.values({ ...publicEvents, ...notices }).map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
  for (const type of types) expect(type).toMatch(/^keyledger\.[a-z-]+\.[a-z-]+\.v1$/);
});

it('breaks no reader of the released schemas', () => {
  expect(incompatibilities(read('../released-events.json'), now)).toEqual([]);
});

/** The same schema with another one in the place where `at` leads to. */
const replaced = (schema: AnySchema, at: readonly string[], by: AnySchema | undefined): AnySchema | undefined => {
  const [name, ...rest] = at;
  if (name === undefined) return by;
  if (name === '[]') return { ...schema, items: replaced(schema.items ?? {}, rest, by) };
  const { [name]: inner = {}, ...others } = schema.properties ?? {};
  const next = replaced(inner, rest, by);
  return { ...schema, properties: next === undefined ? others : { ...others, [name]: next } };
};

interface Place {
  readonly type: string;
  readonly at: readonly string[];
  readonly schema: AnySchema;
}

/** Every schema within a schema. */
const placesIn = (type: string, schema: AnySchema, at: readonly string[] = []): readonly Place[] => [
  { type, at, schema },
  ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => placesIn(type, each, [...at, name])),
  ...(schema.items === undefined ? [] : placesIn(type, schema.items, [...at, '[]'])),
];
const places = Object.entries(now).flatMap(([type, schema]) => placesIn(type, schema));

const changedAt = ({ type, at }: Place, by: AnySchema | undefined): Schemas =>
  Object.fromEntries(
    Object.entries(now).flatMap(([name, schema]) => {
      const next = name === type ? replaced(schema, at, by) : schema;
      return next === undefined ? [] : [[name, next]];
    }),
  );

/** The schema as this change leaves it; nothing where the change cannot be made there. */
type Change = (schema: AnySchema) => AnySchema | undefined;
const without = (key: keyof AnySchema): Change => {
  return ({ [key]: value, ...rest }) => (value === undefined ? undefined : rest);
};

it.each<[string, Change]>([
  ['has another type', (schema) => ({ ...schema, type: 'number' })],
  ['may be null as well', (schema) => ({ ...schema, type: [schema.type, 'null'] })],
  ['has no type any more', without('type')],
  ['has another format', (schema) => ({ ...schema, format: schema.format === 'date-time' ? 'date' : 'uuid' })],
  ['has no format any more', without('format')],
  ['has another pattern', (schema) => ({ ...schema, pattern: '^.$' })],
  ['has no pattern any more', without('pattern')],
  ['may be smaller', (schema) => (schema.minimum === undefined ? undefined : { ...schema, minimum: 0 })],
  ['has no minimum any more', without('minimum')],
  ['has a value that is new', (schema) => schema.enum && { ...schema, enum: [...schema.enum, 'trial'] }],
  ['may be anything', without('enum')],
  ['has none of its fields', (schema) => schema.properties && { ...schema, properties: {} }],
  ['is a list of something else', (schema) => schema.items && { ...schema, items: { type: 'object' } }],
  ['is a list of anything', without('items')],
  ['may have no fields', (schema) => (schema.required?.length ? { ...schema, required: [] } : undefined)],
  ['is described in words that are not compared', (schema) => ({ ...schema, anyOf: [] }) as AnySchema],
])('notices wherever something %s', (_, change) => {
  const changes = places.map((place) => [place, change(place.schema)] as const).filter(([, by]) => by !== undefined);
  expect(changes.length).toBeGreaterThan(0);
  const unnoticed = changes.filter(([place, by]) => incompatibilities(now, changedAt(place, by)).length === 0);
  expect(unnoticed.map(([{ type, at }]) => [type, ...at].join('.'))).toEqual([]);
});

it('notices whatever is gone, by its name', () => {
  for (const place of places.filter(({ at }) => at.at(-1) !== '[]')) {
    const gone = `${[place.type, ...place.at].join('.')} is gone`;
    expect(incompatibilities(now, changedAt(place, undefined))).toContain(gone);
  }
});

it('notices each field that may be absent, by its name', () => {
  for (const place of places) {
    for (const name of place.schema.required ?? []) {
      const required = (place.schema.required ?? []).filter((each) => each !== name);
      const absent = `${[place.type, ...place.at, name].join('.')} may be absent`;
      expect(incompatibilities(now, changedAt(place, { ...place.schema, required }))).toEqual([absent]);
    }
  }
});

it.each<[string, Change]>([
  [
    'a field added',
    (schema) => schema.properties && { ...schema, properties: { ...schema.properties, more: { type: 'string' } } },
  ],
  ['a choice with fewer values', (schema) => schema.enum && { ...schema, enum: schema.enum.slice(1) }],
])('lets %s pass everywhere', (_, change) => {
  for (const place of places) {
    expect(incompatibilities(now, changedAt(place, change(place.schema) ?? place.schema))).toEqual([]);
  }
});

it('lets an event be added', () => {
  expect(incompatibilities(now, { ...now, 'keyledger.account.moved.v1': { type: 'object' } })).toEqual([]);
});
