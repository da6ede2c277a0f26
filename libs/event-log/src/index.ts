export { CopyFailed, type CopyProgress } from './copy/copy-options.js';
export { copyLog, type CopyReport } from './copy/copy-log.js';
export {
  LogReplaced,
  LogUnavailable,
  NO_STREAM,
  beginningOf,
  comparePositions,
  isBeginning,
  isPositionOf,
  parsePosition,
  positionAt,
  type Anchor,
  type AppendOutcome,
  type EventLog,
  type FollowItem,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type WantedPositions,
} from './event-log.js';
export { openEventStoreEventLog } from './eventstoredb/open-on-demand.js';
export type { EventStoreEventLogOptions } from './eventstoredb/eventstore-event-log.js';
export { openPostgresEventLog } from './postgres/postgres-event-log.js';
export { LogReadOnly, readOnlyLog } from './read-only-log.js';
export { Wakeup, backoffMs, pause } from './waiting.js';
export { findCommands } from './writer/command-events.js';
export { OutcomeUnknown, StorageFull, TooBusy } from './writer/pending-command.js';
export type { CommandResult, Snapshot, SnapshotStore, StreamCommand, StreamRules } from './writer/stream-rules.js';
export { StreamWriter } from './writer/stream-writer.js';
