/** What tests look at in a schema. */
export interface AnySchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: AnySchema;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
}

/** Whether everything that is valid by `now` is of the kinds that readers of `before` know. */
const mistakesAt = (place: string, before: AnySchema, now: AnySchema | undefined): readonly string[] => {
  if (now === undefined) return [`${place} is gone`];
  const changed = (['type', 'format'] as const).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]),
  );
  const unknown = (now.enum ?? []).filter((each) => !(before.enum ?? now.enum ?? []).includes(each));
  return [
    ...changed.map((key) => `${place} has another ${key}`),
    ...unknown.map((each) => `${place} may be ${JSON.stringify(each)}, which readers do not know`),
    ...(before.enum !== undefined && now.enum === undefined ? [`${place} may be anything`] : []),
    ...(before.required ?? [])
      .filter((name) => !(now.required ?? []).includes(name))
      .map((name) => `${place}.${name} may be absent`),
    ...Object.entries(before.properties ?? {}).flatMap(([name, each]) =>
      mistakesAt(`${place}.${name}`, each, now.properties?.[name]),
    ),
    ...(before.items === undefined ? [] : mistakesAt(`${place}[]`, before.items, now.items)),
  ];
};

type Schemas = Readonly<Record<string, AnySchema>>;

/** What would break a reader of the schemas `before`. New events and new fields do not: readers pass over them. */
export const incompatibilities = (before: Schemas, now: Schemas): readonly string[] =>
  Object.entries(before).flatMap(([type, schema]) => mistakesAt(type, schema, now[type]));
