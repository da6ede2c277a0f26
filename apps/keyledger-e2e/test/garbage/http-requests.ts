import fc from 'fast-check';
import type { Json } from '../harness/http-client.js';
import type { RawHttpRequest } from '../harness/raw-http.js';
import {
  hostileCursor,
  hostileHeader,
  hostileId,
  hostileJson,
  hostilePosition,
  hostileText,
} from './hostile-values.js';
import type { Route, Schema } from './open-api.js';

/** What requests may refer to so that they get past the first check. */
export interface Known {
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly logId: string;
  readonly token: string;
}

const DAY_MS = 86_400_000;
const soon = fc.integer({ min: -1, max: 400 }).map((days) => new Date(Date.now() + days * DAY_MS).toISOString());

const validText = (schema: Schema, name: string, known: Known): fc.Arbitrary<string> => {
  const ids = known.ids[name];
  if (ids !== undefined) return fc.constantFrom(...ids);
  if (schema.format === 'date-time') return soon;
  if (name === 'type') return fc.constantFrom('client_credentials', 'api_key', 'api_secret', 'app_key_pair');
  if (schema.example !== undefined) return fc.constant(schema.example);
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
  const { minLength = 0, maxLength = 20 } = schema;
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 20) });
};

/** A value as the document asks for it. */
const valid = (schema: Schema, name: string, known: Known): fc.Arbitrary<unknown> => {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valid(schema.items ?? {}, '', known), { maxLength: 3 });
    case 'object':
      return validObject(schema, known);
    default:
      return validText(schema, name, known);
  }
};

const validObject = ({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<Json> => {
  const fields = Object.entries(properties).map(([name, schema]) => [name, valid(schema, name, known)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
};

type Mutation = readonly ['replace' | 'drop' | 'add', number, unknown];

const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom('replace' as const, 'replace' as const, 'drop' as const, 'add' as const),
  fc.nat(20),
  hostileJson,
);

const mutate = (value: Json, names: readonly string[], [kind, index, hostile]: Mutation): Json => {
  const name = names[index % Math.max(names.length, 1)] ?? 'surplus';
  if (kind === 'replace') return { ...value, [name]: hostile };
  if (kind === 'add') return { ...value, [typeof hostile === 'string' ? hostile : 'surplus']: hostile };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
};

/** A body that is right but for up to two things. */
const nearlyValid = (schema: Schema, known: Known): fc.Arbitrary<Json> =>
  fc
    .tuple(validObject(schema, known), fc.array(mutation, { maxLength: 2 }))
    .map(([value, mutations]) =>
      mutations.reduce((sum, one) => mutate(sum, Object.keys(schema.properties ?? {}), one), value),
    );

const notAnObject: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      ...[
        '',
        ' ',
        'null',
        '[]',
        '"text"',
        '1',
        'true',
        '{',
        '{}}',
        '{"a":}',
        "{'a':1}",
        '{"a":1,}',
        'a=1',
        '\ufeff{}',
        '{"a":1e999}',
      ],
      ...['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"name":"a","name":"b"}', '{"\\ud800":1}'],
      ...['['.repeat(50_000), '{"a":'.repeat(50_000), JSON.stringify({ name: 'x'.repeat(200_000) })],
    )
    .map((text) => Buffer.from(text)),
  fc.constantFrom(Buffer.from([0xff, 0xfe]), Buffer.from([0x22, 0xc3, 0x28, 0x22]), Buffer.alloc(300_000, 0x20)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

const textIn = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\p{Surrogate}/gu, '\ufffd');

/** As a form has it, where a list is a field that comes several times. */
const formOf = (value: Json): string => {
  const form = new URLSearchParams();
  for (const [name, one] of Object.entries(value))
    for (const each of [one].flat()) form.append(textIn(name), textIn(each));
  return form.toString();
};

const oddForms = fc
  .constantFrom('token', 'token=', 'token=a&token=b', 'token=%', 'token=%ff', '&&=&', 'token=x&ip=a&ip=b', '=x')
  .map((text) => Buffer.from(text));

const body = ({ body: schema, mediaType }: Route, known: Known): fc.Arbitrary<Buffer | undefined> => {
  const isForm = mediaType !== 'application/json';
  const written = isForm ? formOf : JSON.stringify;
  return fc.oneof(
    { weight: 6, arbitrary: nearlyValid(schema ?? {}, known).map((value) => Buffer.from(written(value))) },
    { weight: 2, arbitrary: isForm ? fc.oneof(oddForms, notAnObject) : notAnObject },
    { weight: 1, arbitrary: hostileJson.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
};

const queryValue = (name: string, schema: Schema, known: Known): fc.Arbitrary<string> => {
  if (name === 'minPosition') return hostilePosition(known.logId);
  const asText = valid(schema, name, known).map(String);
  return name === 'cursor' ? hostileCursor : fc.oneof(asText, hostileText);
};

const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

const oddParts = [
  'limit[]=1',
  'limit=1&limit=2',
  '__proto__=1',
  'q[a]=b',
  '%zz=1',
  'a=%zz',
  '&&&',
  '=',
  'x=1',
  '%00=1',
];

const query = (route: Route, known: Known): fc.Arbitrary<string> => {
  const documented = Object.entries(route.query).map(([name, schema]) => ({
    ...{ weight: 3, arbitrary: queryValue(name, schema, known).map((value) => `${name}=${encode(value)}`) },
  }));
  const parts = fc.array(fc.oneof(...documented, { weight: 1, arbitrary: fc.constantFrom(...oddParts) }), {
    ...{ minLength: 1, maxLength: 3 },
  });
  // A write takes no query at all, and is refused for the first one that it sees.
  const none = { weight: route.method === 'GET' ? 1 : 20, arbitrary: fc.constant('') };
  return fc.oneof(none, { weight: 4, arbitrary: parts.map((chosen) => `?${chosen.join('&')}`) });
};

const pathId = (name: string, known: Known): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...(known.ids[name] ?? [''])) },
    { weight: 1, arbitrary: hostileId.map(encode) },
    { weight: 1, arbitrary: fc.constantFrom('%zz', '%', '%ff', '%00', '..', '.', '%2f', 'a%2fb', ';', '*') },
  );

const path = (route: Route, known: Known): fc.Arbitrary<string> => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return fc
    .tuple(...names.map((name) => pathId(name, known)))
    .map((ids) => ids.reduce((sum, id) => sum.replace(/\{\w+\}/, id.replaceAll('$', '%24')), route.path));
};

const contentTypes = ['text/plain', 'application/json; charset=latin1', 'multipart/form-data; boundary=x', '', 'a/b/c'];

const oddHeader: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom(...contentTypes).map((value) => ({ 'content-type': value })),
  fc.constantFrom('gzip', 'identity', 'x').map((value) => ({ 'content-encoding': value })),
  fc.constantFrom('text/html', 'image/png', '*/*;q=0').map((value) => ({ accept: value })),
  fc
    .tuple(
      fc.constantFrom('idempotency-key', 'if-match', 'x-correlation-id', 'user-agent', 'x-forwarded-for'),
      hostileHeader,
    )
    .map(([name, value]) => ({ [name]: value })),
);

/** Some of the headers that only this route reads, and what a client shows to a gateway as its own. */
const ownHeaders = ({ headers: names, ofGateways }: Route, known: Known): fc.Arbitrary<Record<string, string>> => {
  const [credential = ''] = known.ids['credential'] ?? [];
  const basic = Buffer.from(`x:${credential}`).toString('base64');
  const sound = [credential, credential, `Bearer ${credential}`, `Basic ${basic}`, 'GET', '/a?b', '127.0.0.1'];
  const value = fc.oneof(fc.constantFrom(...sound), hostileHeader);
  if (!ofGateways) return fc.constant({});
  return fc.dictionary(fc.constantFrom(...names, 'authorization'), value, { maxKeys: 2 });
};

const headers = (route: Route, known: Known): fc.Arbitrary<Record<string, string>> => {
  const token: Record<string, string> = route.ofGateways
    ? { 'x-keyledger-token': known.token }
    : { authorization: `Bearer ${known.token}` };
  const odd = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeader });
  return fc
    .tuple(ownHeaders(route, known), odd)
    .map(([own, others]) => ({ 'content-type': route.mediaType, ...token, ...own, ...others }));
};

/** Requests to the route, nearly all of them wrong somewhere. */
export const requestsTo = (route: Route, known: Known): fc.Arbitrary<RawHttpRequest> =>
  fc
    .tuple(path(route, known), query(route, known), headers(route, known), body(route, known))
    .map(([concrete, search, chosen, bytes]) => ({
      ...{ method: route.method, path: concrete + search, headers: chosen },
      ...(route.method === 'GET' || bytes === undefined ? {} : { body: bytes }),
    }));
