import {
  accountIdOf,
  catalogueStream,
  isAccountEvent,
  readEvent,
  type AccountEvent,
  type CatalogueEvent,
} from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';
import type { Target } from './row-changes.js';

export interface AccountStep {
  readonly accountId: string;
  readonly event: AccountEvent;
  readonly revision: number;
}

/** What a batch adds to what the tables contain, in the order of the log. */
export interface FreshEvents {
  readonly ofAccounts: readonly AccountStep[];
  readonly ofCatalogue: readonly { readonly event: CatalogueEvent; readonly revision: number }[];
}

/** The statement that creates the table of marks in `schema`: how far each stream is contained in the others. */
export const streamsDdl = (schema: string): string =>
  `create table ${schema}.streams (stream_id text collate "C" primary key, revision bigint not null);`;

/** Moves each stream's mark to the last of `events`, and tells where they stood. */
const advance = async (
  { tx, schema }: Target,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, number>> => {
  const last = new Map(events.map(({ streamId, revision }) => [streamId, revision]));
  const streams = [...last.keys()];
  const { rows } = await tx.query<{ stream_id: string; revision: string }>(
    `select stream_id, revision from ${schema}.streams where stream_id = any($1)`,
    [streams],
  );
  await tx.query(
    `insert into ${schema}.streams select * from unnest($1::text[], $2::bigint[])
     on conflict (stream_id) do update set revision = excluded.revision where streams.revision < excluded.revision`,
    [streams, [...last.values()]],
  );
  return new Map(rows.map((row) => [row.stream_id, Number(row.revision)]));
};

const decode = (events: readonly RecordedEvent[], streamPrefix: string): FreshEvents => {
  const ofAccounts: AccountStep[] = [];
  const ofCatalogue: { event: CatalogueEvent; revision: number }[] = [];
  for (const recorded of events) {
    const { revision } = recorded;
    const { event } = readEvent(recorded);
    const accountId = accountIdOf(streamPrefix, recorded.streamId);
    if (accountId === undefined) {
      if (event.type === 'ApiEndpointsReplaced') ofCatalogue.push({ event, revision });
    } else if (isAccountEvent(event)) {
      ofAccounts.push({ accountId, event, revision });
    }
  }
  return { ofAccounts, ofCatalogue };
};

/**
 * The events that the tables do not contain yet, of accounts and of the catalogue; from now on the tables
 * count as containing them. Throws where an event is missing between them and the tables.
 */
export const takeFreshEvents = async (
  target: Target,
  streamPrefix: string,
  events: readonly RecordedEvent[],
): Promise<FreshEvents> => {
  const catalogue = catalogueStream(streamPrefix);
  const ours = events.filter(
    ({ streamId }) => streamId === catalogue || accountIdOf(streamPrefix, streamId) !== undefined,
  );
  if (ours.length === 0) return { ofAccounts: [], ofCatalogue: [] };
  const marks = new Map(await advance(target, ours));
  const fresh = ours.filter(({ streamId, revision }) => {
    const mark = marks.get(streamId) ?? -1;
    if (revision > mark + 1) throw new Error(`The events of ${streamId} between ${mark} and ${revision} are missing.`);
    if (revision > mark) marks.set(streamId, revision);
    return revision > mark;
  });
  return decode(fresh, streamPrefix);
};
