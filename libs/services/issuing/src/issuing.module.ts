import { ConfigError, schemaName, type Foundation, type Slice } from '@keyledger/edge';
import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import { LogBinding, openLogBinding, openSecrets, RetainedSecrets } from '@keyledger/secrets';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type pg from 'pg';
import { AccountStreams } from './account-streams.js';
import { AccountsController } from './accounts.controller.js';
import { ApiAccessController } from './api-access.controller.js';
import { ApplicationsController } from './applications.controller.js';
import { CatalogueController } from './catalogue.controller.js';
import { Catalogue } from './catalogue.js';
import { Commands, ExecuteCommandHandler } from './commands.js';
import { CredentialsController } from './credentials.controller.js';
import { Housekeeping } from './housekeeping.js';
import { CreateOnce } from './create-once.js';
import { PostgresSnapshots } from './postgres-snapshots.js';
import { PreparedCommands } from './prepared-commands.js';
import { Receipts } from './receipts.js';
import { RemovalController, RemovalPhrases } from './removal.controller.js';
import { RotationController } from './rotation.controller.js';
import { SealedSecrets } from './sealed-secrets.js';
import { SecretGenerator, KEYRING } from './secret-generator.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';

const DEADLINE_MS = 60_000;

/** The tables of this slice: caches and short memories. */
const tables = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.snapshots (
    stream_id text primary key, log_id text not null, revision bigint not null,
    position text not null, event_id uuid not null, state bytea not null);
  create table if not exists ${schema}.prepared_commands (
    key_hash bytea primary key, body_hash bytea not null, command_id uuid not null, credential_id text,
    prepared jsonb not null, sealed bytea, created_at timestamptz not null default now());
  alter table ${schema}.prepared_commands add column if not exists users integer not null default 1;
  create index if not exists prepared_commands_created_at on ${schema}.prepared_commands (created_at);
  create index if not exists prepared_commands_sealed_at on ${schema}.prepared_commands (created_at)
    where sealed is not null;
  create index if not exists prepared_commands_credential on ${schema}.prepared_commands (credential_id);`;

/** Creates what is missing. The lock lets several processes start at once on an empty database. */
export const prepareIssuingSchema = async (pool: pg.Pool, schema: string): Promise<void> => {
  const key = advisoryKey('issuing', schema);
  await inLockedTransaction(pool, DEADLINE_MS, key, (client) => client.query(tables(schema)));
};

/** Everything that changes accounts. */
@Module({})
class IssuingModule {
  /** Opens the secrets as well. Throws WrongMasterKey if they need another key, WrongLog if they are of another log. */
  static async open({ config, pool, log }: Foundation): Promise<DynamicModule> {
    const masterKey = config.masterKey?.export();
    if (masterKey === undefined) throw new ConfigError(['KEYLEDGER_MASTER_KEY must be set']);
    const schemaOf = (part: string): string => schemaName(config, part);
    const { keyring, retained } = await openSecrets(pool, schemaOf, masterKey);
    const schema = schemaOf('issuing');
    await prepareIssuingSchema(pool, schema);
    const binding = await openLogBinding(pool, schemaOf, log.logId);
    if (!config.readOnly) await binding.claim();
    return {
      module: IssuingModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: KEYRING, useValue: keyring },
        { provide: LogBinding, useValue: binding },
        { provide: PostgresSnapshots, useValue: new PostgresSnapshots(pool, schema) },
        { provide: PreparedCommands, useValue: new PreparedCommands(pool, schema, keyring) },
        { provide: RetainedSecrets, useValue: retained },
        AccountStreams,
        Catalogue,
        Commands,
        ExecuteCommandHandler,
        ...(config.readOnly ? [] : [Housekeeping]),
        CreateOnce,
        Receipts,
        RemovalPhrases,
        SealedSecrets,
        SecretGenerator,
      ],
    };
  }
}

export const issuing: Slice = {
  controllers: [
    AccountsController,
    ApiAccessController,
    ApplicationsController,
    CatalogueController,
    CredentialsController,
    RemovalController,
    RotationController,
    WebhookEndpointsController,
  ],
  module: (foundation) => IssuingModule.open(foundation),
  needs: ['master-key'],
};
