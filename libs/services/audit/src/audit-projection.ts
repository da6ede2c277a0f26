import { accountIdOf, applicationIdOf, credentialIdOf, isCaused, readEvent, type CausedEvent } from '@keyledger/domain';
import { schemaName, type Config } from '@keyledger/edge';
import type { Projection } from '@keyledger/read-models';
import type pg from 'pg';
import { lostEvents } from './lost-events.js';
import { insertEntries, trailDdl, trailTables } from './trail-tables.js';

interface Named {
  readonly credentialId?: string;
  readonly applicationId?: string;
}

/** What the event itself names. A read of a trail names what was asked for. */
const namedBy = (event: CausedEvent): Named => {
  if (event.type === 'AuditTrailRead') return event.filters;
  const applicationId = event.type === 'CredentialCreated' ? event.applicationId : applicationIdOf(event);
  return { credentialId: credentialIdOf(event), applicationId: applicationId ?? undefined };
};

interface KeyPair {
  readonly credentialId: string;
  readonly applicationId: string;
}

const isKeyPair = (named: Named): named is KeyPair =>
  named.credentialId !== undefined && named.applicationId !== undefined;

/** The credentials that were there before the events that change them. */
const touchedOnly = (events: readonly CausedEvent[], created: readonly Named[]): ReadonlySet<string> => {
  const touched = new Set(events.flatMap((event) => credentialIdOf(event) ?? []));
  for (const { credentialId = '' } of created) touched.delete(credentialId);
  return touched;
};

const pairsOf = async (
  tx: pg.ClientBase,
  schema: string,
  credentialIds: ReadonlySet<string>,
): Promise<readonly KeyPair[]> => {
  if (credentialIds.size === 0) return [];
  const { rows } = await tx.query<KeyPair>(
    `select credential_id as "credentialId", application_id as "applicationId" from ${schema}.key_pairs
     where credential_id = any($1)`,
    [[...credentialIds]],
  );
  return rows;
};

/** The applications of the credentials that the events name: only the creation of each said so. */
const applicationsOf = async (
  tx: pg.ClientBase,
  schema: string,
  events: readonly CausedEvent[],
): Promise<ReadonlyMap<string | undefined, string>> => {
  const created = events.filter(({ type }) => type === 'CredentialCreated').map(namedBy);
  const pairs = created.filter(isKeyPair);
  if (pairs.length > 0) {
    await tx.query(
      `insert into ${schema}.key_pairs select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
      [pairs.map(({ credentialId }) => credentialId), pairs.map(({ applicationId }) => applicationId)],
    );
  }
  const before = await pairsOf(tx, schema, touchedOnly(events, created));
  return new Map([...before, ...pairs].map(({ credentialId, applicationId }) => [credentialId, applicationId]));
};

/** The trail: one row for each event that somebody has caused, in tables that are only ever added to. */
export const auditProjection = ({ streamPrefix }: Pick<Config, 'streamPrefix'>): Projection => ({
  name: 'audit',
  schema: schemaName({ streamPrefix }, 'audit'),
  version: 3,
  tables: [...trailTables, 'key_pairs'],
  ddl: trailDdl,
  /** Throws for an event that this version cannot read: a trail with a hole would be worse than one that stops. */
  apply: async (tx, schema, events) => {
    const caused = events.filter(isCaused).map((recorded) => ({ ...readEvent(recorded), recorded }));
    const happened = caused.map(({ event }) => event);
    const applications = await applicationsOf(tx, schema, happened);
    const sources = caused.map(({ event, metadata, recorded }) => {
      const { credentialId, applicationId = applications.get(credentialIdOf(event)) } = namedBy(event);
      // A read of a trail belongs to the account whose trail it was; every other event to the account of its stream.
      const ofStream = accountIdOf(streamPrefix, recorded.streamId) ?? null;
      const accountId = event.type === 'AuditTrailRead' ? event.accountId : ofStream;
      return {
        ...{ event, metadata, recorded, accountId },
        ...{ credentialId: credentialId ?? null, applicationId: applicationId ?? null },
      };
    });
    await insertEntries(tx, schema, sources);
  },
  lost: lostEvents,
});
