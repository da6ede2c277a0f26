import { createHmac } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parseConfig } from '@keyledger/edge';
import type { Keyring } from '@keyledger/secrets';
import {
  CredentialIndex,
  loadSnapshot,
  presentFields,
  verificationProjection,
  Verifier,
} from '@keyledger/verification';
import pg from 'pg';
import { say, taskOf } from './bench-process.js';
import { CredentialMaker, openKeyring, secretOf, type Presentation } from './snapshot-seed.js';

/** In a process of its own, so that nothing else of the benchmark is in its memory. */
export interface IndexTask {
  readonly settings: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly presentations: readonly Presentation[];
  readonly rounds: number;
  readonly perRound: number;
}

export interface IndexFacts {
  readonly credentials: number;
  readonly loadedMs: number;
  readonly heapAndExternalBytes: number;
  readonly rssBytes: number;
  /** Of each round, for one: a verdict of the loaded index, an HMAC, one of a small index, by 1 and 500 endpoints. */
  readonly us: Readonly<Record<'verify' | 'hmac' | 'few' | 'oneEndpoint' | 'endpoints', readonly number[]>>;
}

const FEW = 1_000;
const ENDPOINTS = 500;

const memory = (): { used: number; rss: number } => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, rss };
};

const fresh = (): boolean => true;

/** Verdicts of one index, of the presentations in turn. */
const verdicts = (
  index: CredentialIndex,
  keyring: Keyring,
  presentations: readonly Presentation[],
  endpoint: { method: string; path: string } | null = null,
): ((count: number) => void) => {
  const verifier = new Verifier(index, keyring);
  const question = { nowMs: Date.now(), ip: null, endpoint, scopes: [] };
  let next = 0;
  return (count) => {
    for (let each = 0; each < count; each += 1) {
      next = (next + 1) % presentations.length;
      const { code } = verifier.verify(presentFields(presentations[next] ?? {}), question, '*', fresh);
      if (code !== 'VALID') throw new Error(`The verdict is ${code}.`);
    }
  };
};

const hmacs = (keyring: Keyring, presentations: readonly Presentation[]): ((count: number) => void) => {
  const secrets = presentations.map(secretOf);
  let next = 0;
  return (count) => {
    for (let each = 0; each < count; each += 1) {
      next = (next + 1) % secrets.length;
      createHmac('sha256', keyring.currentPepper.key)
        .update(secrets[next] ?? '')
        .digest();
    }
  };
};

/** A small index, whose credentials are bound to `endpoints` endpoints, or for null to none. */
const smallIndex = (keyring: Keyring, endpoints: number | null): [CredentialIndex, Presentation[]] => {
  const index = new CredentialIndex();
  const accountIds = Array.from({ length: 20 }, (_, account) => `acct_${account}`);
  for (const accountId of accountIds) index.setAccount(accountId, { suspended: false, cidrs: [], tokenId: null });
  const endpointIds = Array.from({ length: endpoints ?? 0 }, (_, endpoint) => `ep_${endpoint}`);
  for (const [number, id] of endpointIds.entries()) {
    index.setEndpoint(id, { method: 'GET', path: `/v1/things-${number}/{id}/parts` });
  }
  index.setApplication('app_1', { endpointIds });
  const maker = new CredentialMaker(accountIds, keyring);
  const presentations = Array.from({ length: FEW }, () => {
    const { accountId, credentialId, document, presentation } = maker.make();
    const bound = endpoints === null ? {} : { applicationId: 'app_1', bindsEndpoints: true };
    index.setCredential(accountId, credentialId, { ...document, ...bound });
    return presentation;
  });
  return [index, presentations];
};

const { settings, databaseUrl, presentations, rounds, perRound } = await taskOf<IndexTask>();
const config = parseConfig(settings);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
const keyring = await openKeyring(pool, config);
const before = memory();
const startedMs = performance.now();
const index = new CredentialIndex();
await loadSnapshot(pool, verificationProjection(config).schema, index);
const loadedMs = performance.now() - startedMs;
await pool.end();
const after = memory();

const [few, ofFew] = smallIndex(keyring, null);
const [one, ofOne] = smallIndex(keyring, 1);
const [many, ofMany] = smallIndex(keyring, ENDPOINTS);
const called = (number: number) => ({ method: 'GET', path: `/v1/things-${number}/42/parts` });
const contenders = {
  verify: verdicts(index, keyring, presentations),
  hmac: hmacs(keyring, presentations),
  few: verdicts(few, keyring, ofFew),
  oneEndpoint: verdicts(one, keyring, ofOne, called(0)),
  endpoints: verdicts(many, keyring, ofMany, called(ENDPOINTS - 1)),
};
type Name = keyof typeof contenders;
const us: Record<Name, number[]> = { verify: [], hmac: [], few: [], oneEndpoint: [], endpoints: [] };
const entries = Object.entries(contenders) as [Name, (count: number) => void][];
for (const [, run] of entries) run(perRound);
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of entries) {
    const { user: beforeUs } = process.cpuUsage();
    run(perRound);
    us[name].push((process.cpuUsage().user - beforeUs) / perRound);
  }
}
say({
  credentials: index.size,
  loadedMs,
  heapAndExternalBytes: after.used - before.used,
  rssBytes: after.rss - before.rss,
  us,
} satisfies IndexFacts);
