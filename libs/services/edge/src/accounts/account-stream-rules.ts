import {
  absentAccount,
  evolve,
  fromSnapshot,
  isAccountEvent,
  newEvent,
  readEvent,
  toSnapshot,
  type AccountEvent,
  type AccountState,
  type Cause,
} from '@keyledger/domain';
import type { EventLog, RecordedEvent, SnapshotStore, StreamRules } from '@keyledger/event-log';

/** Who causes an event, and by which command. */
export interface CommandCause {
  readonly call: Cause;
  readonly commandId: string;
}

/** The time of a command that was made at `madeAt` (ISO 8601), but never earlier than the stream's last event. */
export const timeFor = (lastAt: string | null, madeAt: string): string =>
  lastAt === null || lastAt <= madeAt ? madeAt : lastAt;

/** Of the stream of an account. Throws for what is none, and for what this version cannot read. */
export const decodeAccountEvent = (recorded: RecordedEvent): AccountEvent => {
  const { event } = readEvent(recorded);
  if (!isAccountEvent(event)) throw new Error(`An account's stream holds a ${event.type} at ${recorded.position}.`);
  return event;
};

const serialise = (state: AccountState): Uint8Array =>
  Buffer.from(JSON.stringify(state.phase === 'absent' ? null : toSnapshot(state)));

const deserialise = (bytes: Uint8Array): AccountState | undefined =>
  fromSnapshot(JSON.parse(Buffer.from(bytes).toString()));

/** What a StreamWriter needs to know of the streams of accounts. Without snapshots it folds each from its beginning. */
export const accountStreamRules = (
  log: EventLog,
  snapshots?: SnapshotStore,
): StreamRules<AccountState, AccountEvent, CommandCause> => ({
  log,
  initial: absentAccount,
  evolve,
  decode: decodeAccountEvent,
  encode: (event, { call, commandId }, id) => newEvent(id, event, call, commandId),
  ...(snapshots && { snapshots: { store: snapshots, serialise, deserialise } }),
});
