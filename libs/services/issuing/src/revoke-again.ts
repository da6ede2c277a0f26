import { Rejection, type AccountCommand, type AccountState, type CredentialType } from '@keyledger/domain';
import { AcknowledgedWrites, LogGate, schemaName, type Call, type Config } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { AccountStreams } from './account-streams.js';
import { Catalogue } from './catalogue.js';
import { ExecuteCommand, ExecuteCommandHandler } from './commands.js';
import { PostgresSnapshots } from './postgres-snapshots.js';

/** A credential that was revoked, suspended or deleted, which the log has lost. */
export interface TakenBefore {
  readonly accountId: string;
  readonly credentialId: string;
  readonly was: string;
}

export interface RevokedAgain {
  /** No longer valid, whether it was revoked now or earlier. */
  readonly revoked: readonly TakenBefore[];
  /** Left valid by a rule, such as that of the signer: for a person to look at. */
  readonly refused: readonly (TakenBefore & { readonly code: string; readonly detail: string })[];
}

interface Grounds {
  readonly config: Config;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly types: ReadonlyMap<string, CredentialType>;
}

const callOf = (accountId: string): Call => ({
  principal: {
    ...{ issuer: 'urn:keyledger:rebuild', subject: 'rebuild', actorType: 'service' },
    ...{ roles: ['operator'], accounts: '*', expiresAtMs: 0 },
  },
  path: { accountId },
  target: 'rebuild --revoke-again',
  correlationId: uuid(),
  ...{ ip: null, userAgent: null },
  ...{ ifMatch: undefined, idempotencyKey: undefined, minPosition: undefined },
});

/** The token of an account is taken with its API access; every other credential by itself. */
const commandFor =
  ({ credentialId, was }: TakenBefore) =>
  (state: AccountState): AccountCommand => {
    const isToken = state.phase === 'registered' && state.facts.apiAccess?.credentialId === credentialId;
    if (isToken) return { type: 'DisableApiAccess' };
    const reason = `It was ${was} before an older log was restored, which does not say so: revoked again.`;
    return { type: 'RevokeCredential', credentialId, reason };
  };

/** Null where it is revoked now, or gone. */
const refusalOf = async (revoking: Promise<unknown>): Promise<Rejection | null> => {
  try {
    await revoking;
    return null;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return error.code === 'not-found' ? null : error;
  }
};

/** Revokes, in the log as it is, what is valid there although it should not be. */
export const revokeAgain = async (grounds: Grounds, credentials: readonly TakenBefore[]): Promise<RevokedAgain> => {
  const { config, log, pool, types } = grounds;
  const acknowledged = new AcknowledgedWrites();
  const snapshots = new PostgresSnapshots(pool, schemaName(config, 'issuing'));
  const streams = new AccountStreams(log, config, new LogGate(log, acknowledged), snapshots);
  const handler = new ExecuteCommandHandler(streams, new Catalogue(log, config, acknowledged), types, config);
  const revoked: TakenBefore[] = [];
  const refused: (TakenBefore & { code: string; detail: string })[] = [];
  try {
    for (const credential of credentials) {
      const { accountId } = credential;
      const command = new ExecuteCommand(accountId, commandFor(credential), callOf(accountId));
      const refusal = await refusalOf(handler.execute(command));
      if (refusal === null) revoked.push(credential);
      else refused.push({ ...credential, code: refusal.code, detail: refusal.message });
    }
  } finally {
    await streams.onApplicationShutdown();
  }
  return { revoked, refused };
};
