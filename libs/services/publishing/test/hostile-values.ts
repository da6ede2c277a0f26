import type { Schema } from '@keyledger/contract';
import fc from 'fast-check';

/** Names under which something private may lie, and names that careless code finds in every object. */
const privateName = fc.constantFrom(
  ...['digest', 'maskedSecret', 'maskedAuthToken', 'secret', 'vaultReference', 'ip', 'userAgent', 'id', 'issuer'],
  ...[
    'commandId',
    'correlationId',
    'actor',
    'metadata',
    '__proto__',
    'constructor',
    'toString',
    'toJSON',
    'properties',
  ],
);

/** Something that must never get out, which a text in it tells. */
export const hostile: fc.Arbitrary<unknown> = fc.letrec((again) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.string({ maxLength: 4 }).map((end) => `canary${end}`),
    fc.dictionary(privateName, again('value'), { minKeys: 1, maxKeys: 2 }),
    fc.array(again('value'), { minLength: 1, maxLength: 2 }),
  ),
})).value;

/** A value as the log may hold it, and what the schema names of it. */
interface Values {
  readonly stored: unknown;
  readonly named: unknown;
}

const plain = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Values> =>
  values.map((value) => ({ stored: value, named: value }));

const text = fc.string({ unit: 'binary', maxLength: 20 });
const instant = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const fieldsOf = (values: object, part: keyof Values): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (value as Values)[part]]));

const objects = ({ properties, required }: Extract<Schema, { properties: unknown }>): fc.Arbitrary<Values> => {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valuesOf(each)]));
  const beside = fc.dictionary(
    privateName.filter((name) => !Object.hasOwn(properties, name)),
    hostile,
    { maxKeys: 3 },
  );
  return fc.record({ values: fc.record(fields, { requiredKeys: [...required] }), beside }).map((made) => ({
    stored: { ...made.beside, ...fieldsOf(made.values, 'stored') },
    named: fieldsOf(made.values, 'named'),
  }));
};

/** Any value that the schema describes, with hostile fields in every object of it. */
export const valuesOf = (schema: Schema): fc.Arbitrary<Values> => {
  if ('properties' in schema) return objects(schema);
  if ('enum' in schema && schema.enum !== undefined) return plain(fc.constantFrom(...schema.enum));
  if (!('type' in schema)) throw new Error('There is a schema without a type.');
  switch (schema.type) {
    case 'array':
      return plain(fc.array(text, { maxLength: 3 }));
    case 'integer':
      return plain(fc.integer({ min: schema.minimum }));
    case 'boolean':
      return plain(fc.boolean());
    default: {
      const some = 'format' in schema ? instant : text;
      return plain(typeof schema.type === 'string' ? some : fc.option(some, { nil: null }));
    }
  }
};
