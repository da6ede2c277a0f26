import { checkRefusal } from './documented.js';
import { GrpcClient, RpcError } from './grpc-client.js';
import { HttpClient, type Json } from './http-client.js';
import { routes } from './routes.js';

export interface CallOptions {
  readonly token?: string;
  readonly idempotencyKey?: string;
  readonly minPosition?: string;
  /** What the resource's revision must be: If-Match, or `revision` in the message. */
  readonly revision?: number;
}

/** What came back, in the same words for both doors. */
export interface Outcome<T = Json> {
  /** `OK`, or the problem code. */
  readonly code: string;
  /** The fields that a refusal complains of, each once. */
  readonly fields: readonly string[];
  /** JSON of the reply; empty for a refusal. */
  readonly body: T;
  /** `keyledger-position`: a header or trailing metadata. */
  readonly position: string | null;
  /** Whether it says that it answers a repeat: `idempotent-replayed` in the same place. */
  readonly replayed: boolean;
}

/** One way into the product. Calls are named by their RPC, and fields by their JSON names, whatever the way. */
export interface Door {
  readonly name: 'HTTP' | 'gRPC';
  call<T = Json>(rpc: string, fields: Json, options?: CallOptions): Promise<Outcome<T>>;
}

const routeOf = (rpc: string): { method: string; template: string; ids: readonly string[] } => {
  const [method = '', template = ''] = (routes[rpc] ?? '').split(' ');
  if (template === '') throw new Error(`There is no route for ${rpc}.`);
  return { method, template, ids: [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name) };
};

const distinct = (faults: readonly { readonly field: string }[]): readonly string[] => [
  ...new Set(faults.map(({ field }) => field)),
];

const without = (fields: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const queryOf = (fields: Json): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) query.append(name, `${one as string | number}`);
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
};

const httpHeaders = ({ idempotencyKey, revision }: CallOptions): Record<string, string> => ({
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
});

export const httpDoor = (http: HttpClient): Door => ({
  name: 'HTTP',
  async call<T>(rpc: string, fields: Json, options: CallOptions = {}): Promise<Outcome<T>> {
    const { method, template, ids } = routeOf(rpc);
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])));
    const rest = { ...without(fields, ids), ...(options.minPosition && { minPosition: options.minPosition }) };
    const isGet = method === 'GET';
    const body = isGet || Object.keys(rest).length === 0 ? undefined : rest;
    const { token } = options;
    const sent = { headers: httpHeaders(options), ...(token === undefined ? {} : { token }) };
    const reply = await http.send<T>(method, path + (isGet ? queryOf(rest) : ''), body, sent);
    const position = reply.headers.get('keyledger-position');
    const replayed = reply.headers.get('idempotent-replayed') === 'true';
    if (reply.status < 300) return { code: 'OK', fields: [], body: reply.body, position, replayed };
    const { code, errors } = reply.body as { code: string; errors: { field: string }[] };
    await checkRefusal(http, `${method} ${template}`, reply.status, code);
    return { code, fields: distinct(errors), body: {} as T, position, replayed };
  },
});

const rpcMetadata = ({ idempotencyKey, minPosition }: CallOptions): Record<string, string> => ({
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  ...(minPosition === undefined ? {} : { 'min-position': minPosition }),
});

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A PATCH or PUT in JSON changes what it names, null and nothing included: over gRPC an update mask says the same. */
const masked = (rpc: string, fields: Json): Json =>
  /\/(Update|Set(Ip|Application)|Replace)/.test(rpc)
    ? { ...fields, updateMask: { paths: Object.keys(without(fields, routeOf(rpc).ids)).map(snakeCase) } }
    : fields;

const refused = <T>({ code, reason, fieldViolations }: RpcError): Outcome<T> => ({
  code: reason?.toLowerCase().replaceAll('_', '-') ?? code,
  fields: distinct(fieldViolations).map(camelCase),
  body: {} as T,
  position: null,
  replayed: false,
});

export const grpcDoor = (grpc: GrpcClient): Door => ({
  name: 'gRPC',
  async call<T>(rpc: string, fields: Json, options: CallOptions = {}): Promise<Outcome<T>> {
    const { token, revision } = options;
    const message = { ...masked(rpc, fields), ...(revision === undefined ? {} : { revision }) };
    const sent = { metadata: rpcMetadata(options), ...(token === undefined ? {} : { token }) };
    try {
      const { reply, trailers } = await grpc.rpc<T>(rpc, message, sent);
      const said = (name: string): string | null => trailers.get(name)[0]?.toString() ?? null;
      const position = said('keyledger-position');
      const replayed = said('idempotent-replayed') === 'true';
      return { code: 'OK', fields: [], body: reply, position, replayed };
    } catch (error) {
      if (error instanceof RpcError) return refused(error);
      throw error;
    }
  },
});
