import { randomBytes, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { builtInTypes, getKeyed, type AccountCommand, type AccountState } from '@keyledger/domain';
import { AcknowledgedWrites, LogGate, parseConfig, type Call, type Config } from '@keyledger/edge';
import { openPostgresEventLog, readOnlyLog, type EventLog } from '@keyledger/event-log';
import { FollowerPositions } from '@keyledger/read-models';
import { LogBinding, openSecrets, RetainedSecrets, type Secrets } from '@keyledger/secrets';
import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import type { CommandBus } from '@nestjs/cqrs';
import pg from 'pg';
import { v5 } from 'uuid';
import { AccountStreams } from '../src/account-streams.js';
import { Catalogue } from '../src/catalogue.js';
import { Commands, ExecuteCommandHandler, type ExecuteCommand } from '../src/commands.js';
import { CreateOnce, withoutSecret } from '../src/create-once.js';
import { prepareIssuingSchema } from '../src/issuing.module.js';
import { newCredential, requestOf, SecretGenerator } from '../src/secret-generator.js';
import { PostgresSnapshots } from '../src/postgres-snapshots.js';
import { PreparedCommands } from '../src/prepared-commands.js';
import { Receipts } from '../src/receipts.js';
import { SealedSecrets } from '../src/sealed-secrets.js';

export const SCHEMA = 'issuing';
const types = new Map(builtInTypes.map((type) => [type.type, type]));

export const callOf = (accountId: string, idempotencyKey?: string): Call => ({
  principal: {
    issuer: 'urn:test',
    subject: 'tester',
    actorType: 'user',
    roles: ['operator'],
    accounts: '*',
    expiresAtMs: Number.MAX_SAFE_INTEGER,
  },
  path: { accountId },
  target: `POST /v1/accounts/${accountId}/credentials`,
  correlationId: randomUUID(),
  ip: null,
  userAgent: null,
  ifMatch: undefined,
  idempotencyKey,
  minPosition: undefined,
});

/** Everything but the calendar goes on as it is. */
const timers = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;
const others = ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;

/** What `work` does where the clock is `minutes` ahead of the true one. */
export const withClock = async <T>(minutes: number, work: () => Promise<T>): Promise<T> => {
  jest.useFakeTimers({ now: Date.now() + minutes * 60_000, doNotFake: [...timers, ...others] });
  try {
    return await work();
  } finally {
    jest.useRealTimers();
  }
};

/** The slice as one process has it, over a log that may be shared with others. */
export class IssuingProcess {
  readonly prepared: PreparedCommands;
  readonly retained: RetainedSecrets;
  readonly streams: AccountStreams;
  readonly sealed: SealedSecrets;
  readonly createOnce: CreateOnce;
  readonly commands: Commands;
  readonly generator: SecretGenerator;
  readonly catalogue: Catalogue;

  constructor(pool: pg.Pool, given: EventLog, { keyring, retained }: Secrets, config: Config) {
    const log = config.readOnly ? readOnlyLog(given) : given;
    const acknowledged = new AcknowledgedWrites();
    this.prepared = new PreparedCommands(pool, SCHEMA, keyring);
    this.retained = retained;
    this.sealed = new SealedSecrets(this.retained, this.prepared);
    this.streams = new AccountStreams(log, config, new LogGate(log, acknowledged), new PostgresSnapshots(pool, SCHEMA));
    this.catalogue = new Catalogue(log, config, acknowledged);
    const handler = new ExecuteCommandHandler(this.streams, this.catalogue, types, config);
    const bus = { execute: (command: ExecuteCommand) => handler.execute(command) } as CommandBus;
    this.commands = new Commands(bus, new Receipts(new FollowerPositions(pool, log, 'followers')));
    this.createOnce = new CreateOnce(this.commands, this.streams, this.prepared, this.retained);
    this.generator = new SecretGenerator(types, keyring);
  }

  run(accountId: string, command: AccountCommand) {
    return this.commands.run(callOf(accountId), command);
  }

  /** Issues an `api_secret`, which is retained and may be repeated by its key. */
  issue(accountId: string, idempotencyKey?: string) {
    const request = requestOf({ type: 'api_secret' });
    return this.createOnce.run(callOf(accountId, idempotencyKey), request, () => {
      const { type, material } = this.generator.forNew('api_secret', null);
      const credential = newCredential(request, material);
      const { credentialId } = credential;
      return { command: { type: 'CreateCredential', ...credential }, credentialId, type, material };
    });
  }

  /** Registers an account as the controller does. */
  register(externalId: string | null, idempotencyKey: string) {
    const call = { ...callOf('', idempotencyKey), path: {}, target: 'POST /v1/accounts' };
    return this.createOnce.run(call, { externalId }, () => {
      const accountId = `acct_${v5(externalId ?? randomUUID(), v5.URL)}`;
      return { command: { type: 'RegisterAccount', accountId, name: 'Acme', externalId }, ...withoutSecret };
    });
  }

  /** Rotates as the controller does: the secret is made for the credential as this process knows it. */
  rotate(accountId: string, credentialId: string, idempotencyKey?: string, overlapSeconds = 0) {
    return this.createOnce.run(callOf(accountId, idempotencyKey), {}, (state) => {
      const credential = state.phase === 'absent' ? undefined : getKeyed(state.credentials, credentialId);
      const { type, material } = this.generator.forNext(credential);
      const command = { type: 'RotateCredential', credentialId, overlapSeconds, secret: material.secret } as const;
      return { command, credentialId, type, material };
    });
  }

  async state(accountId: string): Promise<AccountState> {
    return (await this.streams.read(accountId)).state;
  }

  async close(): Promise<void> {
    await this.streams.onApplicationShutdown();
    await this.catalogue.onApplicationShutdown();
  }
}

interface ProcessOptions {
  readonly log?: EventLog;
  readonly readOnly?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A database with a log and the tables of the slice, and as many processes on it as a test wants. */
export class Installation {
  private readonly processes: IssuingProcess[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: pg.Pool,
    readonly log: EventLog,
    private readonly secrets: Secrets,
  ) {}

  static async open(): Promise<Installation> {
    const database = await createDatabase();
    const pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // Dropping the database cuts what is still open.
    const secrets = await openSecrets(pool, (part) => part, randomBytes(32));
    await prepareIssuingSchema(pool, SCHEMA);
    const log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    const installation = new Installation(database, pool, log, secrets);
    await installation.binding().claim();
    return installation;
  }

  binding(logId = this.log.logId): LogBinding {
    return new LogBinding(this.pool, 'secrets', logId);
  }

  process({ log = this.log, readOnly = false, env = {} }: ProcessOptions = {}): IssuingProcess {
    const config = parseConfig({ KEYLEDGER_READ_ONLY: String(readOnly), ...env });
    const process = new IssuingProcess(this.pool, log, this.secrets, config);
    this.processes.push(process);
    return process;
  }

  /** The log as a copy of it would be: everything is where it was, under another id. The caller closes it. */
  async copyLog(): Promise<EventLog> {
    await this.pool.query(
      `update event_log.events set data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8')
       where position = 1`,
      [this.log.logId, randomBytes(16).toString('hex')],
    );
    return openPostgresEventLog({ firstEvent, connectionString: this.database.url });
  }

  async account(): Promise<string> {
    const accountId = `acct_${randomUUID()}`;
    await this.process().run(accountId, { type: 'RegisterAccount', accountId, name: 'Acme', externalId: null });
    return accountId;
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.close()));
    await this.log.close();
    await this.pool.end();
    await this.database.drop();
  }
}
