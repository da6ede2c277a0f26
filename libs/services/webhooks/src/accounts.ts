import { FollowerRunner, Problem, type FollowerHost } from '@keyledger/edge';
import { accountIdOf, isAccountEvent, readEvent, type WebhookEndpoint } from '@keyledger/domain';
import { comparePositions, type Position, type RecordedEvent } from '@keyledger/event-log';
import { readSnapshot, rowsOf, SnapshotSink } from '@keyledger/read-models';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { EndpointsOfAccounts } from './endpoints-of-accounts.js';
import { endpointsAsking, evolveWebhookAccount, type WebhookAccount } from './webhook-account.js';

type Held = Map<string, WebhookAccount>;

/** Told of every change that is followed, in the order of the log; not of what the tables held at the start. */
export type OnChange = (before: WebhookAccount | undefined, after: WebhookAccount) => void;

interface AccountsSource {
  readonly pool: pg.Pool;
  /** Where the tables of the projection are. */
  readonly schema: string;
  readonly streamPrefix: string;
  readonly onChange: OnChange;
}

interface Row {
  readonly id: string;
  readonly document: WebhookAccount;
}

/** Some hundred accounts at a time. */
const BLOCKS = 10;

const load = async ({ pool, schema }: AccountsSource) => {
  const held: Held = new Map();
  const part = { table: `${schema}.accounts`, columns: 'id, document', blocks: BLOCKS };
  const anchor = await readSnapshot(pool, schema, async (tx) => {
    for await (const { id, document } of rowsOf<Row>(tx, part)) held.set(id, document);
  });
  return { held, anchor };
};

const apply = (held: Held, recorded: RecordedEvent, { streamPrefix, onChange }: AccountsSource): void => {
  const accountId = accountIdOf(streamPrefix, recorded.streamId);
  if (accountId === undefined) return;
  const { event } = readEvent(recorded);
  if (!isAccountEvent(event)) return;
  const before = held.get(accountId);
  const after = evolveWebhookAccount(before, event, recorded.revision);
  if (after === undefined || after === before) return;
  held.set(accountId, after);
  onChange(before, after);
};

const unknown = (): Problem =>
  new Problem('position-not-reached', 'This process does not know the accounts now. Try again.', [], {
    'Retry-After': '1',
  });

/**
 * Every account as webhooks need it, in memory: from the tables of the projection at the start, and then from the log.
 * At an event that this version cannot read it stops for good: the process is not ready, and readiness says why.
 */
export class Accounts implements EndpointsOfAccounts, BeforeApplicationShutdown, OnApplicationShutdown {
  private constructor(
    private readonly sink: SnapshotSink<Held>,
    private readonly runner: FollowerRunner,
  ) {}

  /** The tables must be there. */
  static async start(source: AccountsSource, host: FollowerHost): Promise<Accounts> {
    const sink = new SnapshotSink<Held>({
      load: () => load(source),
      apply: (held, event) => apply(held, event, source),
    });
    const name = 'webhook_accounts';
    const whenReplaced = `npm run rebuild -- ${name}, then start again.`;
    return new Accounts(sink, await FollowerRunner.start({ name, sink, whenReplaced }, host));
  }

  /**
   * Undefined where there is none, as far as `position`. Throws `position-not-reached` before everything is loaded, and
   * once it follows no more: what has ended meanwhile must not be used.
   */
  get(accountId: string): WebhookAccount | undefined {
    return this.held().get(accountId);
  }

  hasEndpoints(accountId: string): boolean {
    return Object.keys(this.get(accountId)?.endpoints ?? {}).length > 0;
  }

  asking(accountId: string, type: string): readonly WebhookEndpoint[] {
    const account = this.get(accountId);
    return account === undefined ? [] : endpointsAsking(account, type);
  }

  accountsAsking(type: string): readonly string[] {
    return [...this.held()].filter(([, each]) => endpointsAsking(each, type).length > 0).map(([id]) => id);
  }

  /** Of the last event that is in here. */
  get position(): Position | null {
    return this.sink.anchor?.position ?? null;
  }

  /** Whether `position` is in here, without waiting. */
  has(position: Position): boolean {
    return this.position !== null && comparePositions(this.position, position) >= 0;
  }

  /** True once `position` is in here, false if it is not within the time. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.runner.waitForPosition(position, timeoutMs);
  }

  private held(): Held {
    const { held } = this.sink;
    if (held === undefined || this.runner.hasStopped()) throw unknown();
    return held;
  }

  /** For those who wait as readers of a read model do. */
  get progress(): FollowerRunner {
    return this.runner;
  }

  beforeApplicationShutdown(): void {
    this.runner.beforeApplicationShutdown();
  }

  onApplicationShutdown(): Promise<void> {
    return this.runner.onApplicationShutdown();
  }
}
