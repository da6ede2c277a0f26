import { randomUUID } from 'node:crypto';
import { UsageTables } from '@keyledger/edge';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { applyEvent } from '../src/apply-event.js';
import { CredentialIndex } from '../src/credential-index.js';
import { UsageSweep } from '../src/usage-sweep.js';
import { Usage } from '../src/usage.js';
import { UseCounter } from '../src/use-counter.js';
import type { VerifiedFacts } from '../src/verifier.js';
import { AccountCourse } from './account-course.js';
import { Installation } from './installation.js';

Logger.overrideLogger(false);

const factsOf = (credentialId: string, version = 1): VerifiedFacts => ({
  ...{ accountId: `acct_${randomUUID()}`, credentialId, version, applicationId: null, type: 'api_key', mode: null },
  ...{ environment: null, scopes: [], expiresAt: null },
});

const newId = (): string => `cred_${randomUUID()}`;

/** So long that it is stored only when the test says so. */
const NEVER_SECONDS = 300;

describe('usage', () => {
  let installation: Installation;
  let tables: UsageTables;
  const running: Usage[] = [];

  beforeAll(async () => {
    installation = await Installation.open();
    tables = await UsageTables.open(installation.pool, Installation.config);
  });

  afterAll(async () => {
    for (const usage of running) await usage.onApplicationShutdown();
    await installation.close();
  });

  const start = (to: Pick<UsageTables, 'add'> = tables, registry = new Registry()): Usage => {
    const usage = new Usage({ tables: to, intervalSeconds: NEVER_SECONDS, registry });
    running.push(usage);
    return usage;
  };

  const countOf = async (credentialId: string): Promise<number> => {
    const days = await tables.days(credentialId, '2000-01-01');
    return days.reduce((sum, { count }) => sum + count, 0);
  };

  /** As long as it lasts, the database refuses what is stored. */
  const whileRefused = async (work: () => Promise<void>): Promise<void> => {
    await installation.pool.query('alter table green_usage.days rename to days_elsewhere');
    try {
      await work();
    } finally {
      await installation.pool.query('alter table green_usage.days_elsewhere rename to days');
    }
  };

  it('is kept while it cannot be stored, and stored once after that', async () => {
    const registry = new Registry();
    const usage = start(tables, registry);
    const facts = factsOf(newId());
    const failing = async (): Promise<string> => registry.getSingleMetricAsString('keyledger_usage_failing');
    await whileRefused(async () => {
      for (let uses = 0; uses < 3; uses += 1) usage.count(facts, 'VALID');
      await usage.flush();
      usage.count(facts, 'SUSPENDED');
      await usage.flush();
      expect(await failing()).toContain('keyledger_usage_failing 1');
    });
    usage.count(facts, 'VALID');
    await usage.flush();
    await usage.flush();
    expect(await failing()).toContain('keyledger_usage_failing 0');
    expect(await countOf(facts.credentialId)).toBe(5);
  });

  it('is added once where the reply is lost', async () => {
    let isLost = true;
    const usage = start({
      add: async (batch) => {
        await tables.add(batch);
        if (isLost) throw new Error('Connection terminated unexpectedly');
      },
    });
    const facts = factsOf(newId());
    usage.count(facts, 'VALID');
    await usage.flush();
    expect(await countOf(facts.credentialId)).toBe(1);
    usage.count(facts, 'VALID');
    await usage.flush();
    isLost = false;
    await usage.flush();
    expect(await countOf(facts.credentialId)).toBe(2);
  });

  it('of many credentials is stored in several batches, and at a stop', async () => {
    const usage = start();
    const all = Array.from({ length: 2_500 }, () => factsOf(newId()));
    for (const facts of all) usage.count(facts, 'VALID');
    await usage.onApplicationShutdown();
    const found = await tables.lastUses(all.map(({ credentialId }) => credentialId));
    expect(found.size).toBe(2_500);
  });

  it('of deleted credentials is swept, once it is old enough and the account can be read', async () => {
    const course = new AccountCourse(installation.keyring.currentPepper);
    for (const pick of [1, 2]) course.create('client_credentials', pick, null);
    const [kept = '', deleted = ''] = course.issued.map(({ credentialId }) => credentialId);
    course.try({ type: 'DeleteCredential', credentialId: deleted, confirmation: null, acceptedPhrases: [] });
    await installation.toAccount(course.accountId, ...course.events);
    const index = new CredentialIndex();
    for (const event of await installation.events()) applyEvent(index, Installation.config.streamPrefix, event);
    const usage = start();
    const elsewhere = factsOf(newId());
    for (const credentialId of [kept, deleted]) {
      usage.count({ ...factsOf(credentialId), accountId: course.accountId }, 'VALID');
    }
    usage.count(elsewhere, 'VALID');
    await usage.flush();
    let ageMs = 0;
    const follower = { index, ageMs: () => ageMs };
    const sweep = new UsageSweep({ tables, follower, days: 400 });
    const left = async () =>
      Promise.all([kept, deleted, elsewhere.credentialId].map(async (each) => (await countOf(each)) > 0));
    await sweep.sweep(3_600_000);
    expect(await left()).toEqual([true, true, true]);
    ageMs = 60_000;
    await sweep.sweep(0);
    expect(await left()).toEqual([true, true, true]);
    ageMs = 0;
    await sweep.sweep(0);
    expect(await left()).toEqual([true, false, true]);
    await sweep.onApplicationShutdown();
  });
});

describe('counting', () => {
  const DAY_MS = 86_400_000;

  it('keeps versions and days apart, and the latest valid use', () => {
    const counter = new UseCounter(10);
    const facts = factsOf(newId());
    const midnight = 20_000 * DAY_MS;
    counter.count(facts, 'VALID', midnight - 1);
    counter.count(facts, 'VALID', midnight + 5);
    counter.count(facts, 'VALID', midnight + 2);
    counter.count({ ...facts, version: 2 }, 'EXPIRED', midnight);
    const { accountId, credentialId } = facts;
    const of = { accountId, credentialId, version: 1 };
    expect(counter.take(1)).toEqual([
      { ...of, version: 2, date: '2024-10-04', lastUsedAt: null, counts: [['EXPIRED', 1]] },
      { ...of, date: '2024-10-04', lastUsedAt: new Date(midnight + 5), counts: [['VALID', 2]] },
      { ...of, date: '2024-10-03', lastUsedAt: new Date(midnight - 1), counts: [['VALID', 1]] },
    ]);
    expect(counter.size).toBe(0);
  });

  it('takes no more credentials than it may hold, and goes on with those that it has', () => {
    const counter = new UseCounter(2);
    const all = [1, 2, 3].map(() => factsOf(newId()));
    expect(all.map((facts) => counter.count(facts, 'VALID', 1))).toEqual([true, true, false]);
    expect(all.map((facts) => counter.count(facts, 'VALID', 2))).toEqual([true, true, false]);
    expect(counter.take(5)).toMatchObject([{ counts: [['VALID', 2]] }, { counts: [['VALID', 2]] }]);
  });
});
