/** What tests look at in a schema. */
export interface AnySchema {
  readonly $id?: string;
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly items?: AnySchema;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
}

/** What is compared here, and what says nothing of values. */
const known = ['$id', 'type', 'enum', 'format', 'pattern', 'minimum', 'items', 'properties', 'required'].concat(
  ...['$schema', 'title', 'description'],
);

/** These must stay as they are. */
const fixed = ['$id', 'type', 'format', 'pattern', 'minimum'] as const;

/** Whether a choice has values that readers do not know. Fewer values break nobody. */
const mistakesInChoice = (place: string, before: AnySchema, now: AnySchema): readonly string[] => {
  const { enum: values } = before;
  if (values === undefined) return [];
  if (now.enum === undefined) return [`${place} may be anything`];
  const unknown = now.enum.filter((each) => !values.includes(each));
  return unknown.map((each) => `${place} may be ${JSON.stringify(each)}, which readers do not know`);
};

/** Whether everything that is valid by `now` is of the kinds that readers of `before` know. */
const mistakesAt = (place: string, before: AnySchema, now: AnySchema | undefined): readonly string[] => {
  if (now === undefined) return [`${place} is gone`];
  const changed = fixed.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  const absent = (before.required ?? []).filter((name) => !(now.required ?? []).includes(name));
  const unseen = Object.keys(now).filter((key) => !known.includes(key));
  return [
    ...changed.map((key) => `${place} has another ${key}`),
    ...unseen.map((key) => `${place} has "${key}", which this comparison knows nothing of`),
    ...mistakesInChoice(place, before, now),
    ...absent.map((name) => `${place}.${name} may be absent`),
    ...Object.entries(before.properties ?? {}).flatMap(([name, each]) =>
      mistakesAt(`${place}.${name}`, each, now.properties?.[name]),
    ),
    ...(before.items === undefined ? [] : mistakesAt(`${place}[]`, before.items, now.items)),
  ];
};

export type Schemas = Readonly<Record<string, AnySchema>>;

/** What would break a reader of the schemas `before`. New events and new fields do not: readers pass over them. */
export const incompatibilities = (before: Schemas, now: Schemas): readonly string[] =>
  Object.entries(before).flatMap(([type, schema]) => mistakesAt(type, schema, now[type]));
