/**
 * The part of JSON Schema (2020-12) in which public events are described, and the types of what it describes. One
 * source for both: what a schema names is what code can read, and the other way round.
 */

interface Described {
  readonly description?: string;
}

export interface TextSchema extends Described {
  readonly type: 'string';
  readonly format?: 'date-time';
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface NullableTextSchema extends Described {
  readonly type: readonly ['string', 'null'];
  readonly format?: 'date-time';
}

interface NullableChoiceSchema extends Described {
  readonly enum: readonly (string | null)[];
}

interface WholeSchema extends Described {
  readonly type: 'integer';
  readonly minimum: number;
}

interface FlagSchema extends Described {
  readonly type: 'boolean';
}

interface ListSchema extends Described {
  readonly type: 'array';
  readonly items: TextSchema;
}

type Properties = Readonly<Record<string, Schema>>;

/** Further properties are allowed: a later version may add some, and old readers pass over them. */
export interface ObjectSchema<P extends Properties = Properties> extends Described {
  readonly type: 'object';
  readonly properties: P;
  readonly required: readonly string[];
}

export type Schema =
  TextSchema | NullableTextSchema | NullableChoiceSchema | WholeSchema | FlagSchema | ListSchema | ObjectSchema;

/** What is described by a schema of `object`, and by one of `someOf`. */
type DataOfObject<P extends Properties, R> = R extends readonly []
  ? { readonly [K in keyof P]?: Data<P[K]> }
  : { readonly [K in keyof P]: Data<P[K]> };

/** The type of the values that a schema describes. */
export type Data<S> = S extends { readonly type: 'object'; readonly properties: infer P extends Properties }
  ? DataOfObject<P, S extends { readonly required: infer R } ? R : never>
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: 'array'; readonly items: infer I }
      ? readonly Data<I>[]
      : S extends { readonly type: 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: readonly ['string', 'null'] }
            ? string | null
            : string;

export const text = (description: string) => ({ type: 'string', description }) as const;

/** All properties are always there. */
export const object = <const P extends Properties>(properties: P) => ({
  type: 'object' as const,
  properties,
  required: Object.keys(properties) as readonly string[],
});

/** Those properties are there that something is said of. */
export const someOf = <const P extends Properties>(properties: P) => ({
  type: 'object' as const,
  properties,
  required: [] as const,
});
