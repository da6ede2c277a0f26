import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { fastify } from 'fastify';
import pg from 'pg';
import { say, taskOf } from './bench-process.js';

const KEYS = 500;
const CONNECTIONS = 16;

export interface PeerTask {
  /** The folder that it is installed in. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly secret: string;
}

export interface PeerSaid {
  readonly url: string;
  readonly keys: readonly string[];
}

/** What is used of better-auth, which is no part of this repository. */
interface BetterAuth {
  readonly options: object;
  readonly api: {
    signUpEmail(call: { body: object }): Promise<{ user: { id: string } }>;
    createApiKey(call: { body: object }): Promise<{ key: string }>;
    verifyApiKey(call: { body: { key: string } }): Promise<{ valid: boolean }>;
  };
}

interface Modules {
  betterAuth(options: object): BetterAuth;
  apiKey(options: object): object;
  getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
}

const { folder, databaseUrl, secret } = await taskOf<PeerTask>();
const { resolve } = createRequire(`${folder}/package.json`);
const load = async <K extends keyof Modules>(name: string): Promise<Pick<Modules, K>> =>
  (await import(pathToFileURL(resolve(name)).href)) as Pick<Modules, K>;

const { betterAuth } = await load<'betterAuth'>('better-auth');
const { getMigrations } = await load<'getMigrations'>('better-auth/db/migration');
const { apiKey } = await load<'apiKey'>('@better-auth/api-key');

const auth = betterAuth({
  database: new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS }),
  secret,
  baseURL: 'http://localhost',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  // Its own limit of requests would refuse what is measured.
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
await (await getMigrations(auth.options)).runMigrations();
const person = { email: 'benchmark@example.com', password: secret, name: 'Benchmark' };
const { user } = await auth.api.signUpEmail({ body: person });
const keys: string[] = [];
for (let made = 0; made < KEYS; made += 1) {
  keys.push((await auth.api.createApiKey({ body: { userId: user.id, name: `key-${made}` } })).key);
}

const app = fastify();
app.post<{ Body: { credential: string } }>('/v1/verify', ({ body }) =>
  auth.api.verifyApiKey({ body: { key: body.credential } }),
);
say({ url: await app.listen({ port: 0, host: '127.0.0.1' }), keys } satisfies PeerSaid);
