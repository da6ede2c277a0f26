import { CONFIG, ConfigError, schemaName, type Config, type Foundation, type Slice } from '@keyledger/edge';
import { LogBinding, openLogBinding, openSecrets, RetainedSecrets, type Secrets } from '@keyledger/secrets';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import pg from 'pg';
import { AccountStreams } from './account-streams.js';
import { AccountsController } from './accounts.controller.js';
import { ApiAccessController } from './api-access.controller.js';
import { ApplicationsController } from './applications.controller.js';
import { CatalogueController } from './catalogue.controller.js';
import { Catalogue } from './catalogue.js';
import { Commands, ExecuteCommandHandler } from './commands.js';
import { CredentialsController } from './credentials.controller.js';
import { Housekeeping } from './housekeeping.js';
import { IssueSecret } from './issue-secret.js';
import { prepareIssuingSchema } from './issuing-schema.js';
import { PostgresSnapshots } from './postgres-snapshots.js';
import { PreparedCommands } from './prepared-commands.js';
import { RemovalController, RemovalPhrases } from './removal.controller.js';
import { RotationController } from './rotation.controller.js';
import { SealedSecrets } from './sealed-secrets.js';
import { SecretGenerator, KEYRING } from './secret-generator.js';

const issuingSchema = (config: Config): string => schemaName(config, 'issuing');

/** Everything that changes accounts. */
@Module({})
export class IssuingModule {
  /**
   * Opens the secrets as well, with a key of 32 bytes. Throws WrongMasterKey if they need another one, and
   * WrongLog if they belong to another log.
   */
  static async open(
    { config, pool, log }: Foundation,
    masterKey: Uint8Array | undefined = config.masterKey?.export(),
  ): Promise<DynamicModule> {
    if (masterKey === undefined) throw new ConfigError(['KEYLEDGER_MASTER_KEY must be set']);
    const schemaOf = (part: string): string => schemaName(config, part);
    const secrets = await openSecrets(pool, schemaOf, masterKey);
    await prepareIssuingSchema(pool, issuingSchema(config));
    const binding = await openLogBinding(pool, schemaOf, log.logId);
    if (!config.readOnly) await binding.claim();
    return IssuingModule.register(secrets, binding);
  }

  private static register({ keyring, retained }: Secrets, binding: LogBinding): DynamicModule {
    return {
      module: IssuingModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        AccountsController,
        ApiAccessController,
        ApplicationsController,
        CatalogueController,
        CredentialsController,
        RemovalController,
        RotationController,
      ],
      providers: [
        { provide: KEYRING, useValue: keyring },
        {
          provide: PostgresSnapshots,
          inject: [pg.Pool, CONFIG],
          useFactory: (pool: pg.Pool, config: Config) => new PostgresSnapshots(pool, issuingSchema(config)),
        },
        { provide: LogBinding, useValue: binding },
        {
          provide: PreparedCommands,
          inject: [pg.Pool, CONFIG],
          useFactory: (pool: pg.Pool, config: Config) => new PreparedCommands(pool, issuingSchema(config), keyring),
        },
        { provide: RetainedSecrets, useValue: retained },
        AccountStreams,
        Catalogue,
        Commands,
        ExecuteCommandHandler,
        Housekeeping,
        IssueSecret,
        RemovalPhrases,
        SealedSecrets,
        SecretGenerator,
      ],
    };
  }
}

export const issuing: Slice = { module: (foundation) => IssuingModule.open(foundation), needs: ['master-key'] };
