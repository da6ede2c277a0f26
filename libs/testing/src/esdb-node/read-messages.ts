import type { LogPosition, LogRecord } from './log-store.js';
import { identifierOf, shared, streams, uuidOf } from './protocol.js';

const ABSENT = '18446744073709551615';

/** An event as reads and subscriptions carry it; without positions where the server does not know them. */
export function eventMessage(record: LogRecord, withPosition = true): streams.ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(record.id))
    .setStreamIdentifier(identifierOf(record.streamId))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(withPosition ? String(record.commit) : ABSENT)
    .setPreparePosition(withPosition ? String(record.prepare) : ABSENT)
    .setCustomMetadata(record.metadata)
    .setData(record.data);
  const metadata = event.getMetadataMap();
  metadata.set('type', record.type);
  metadata.set('created', record.created);
  metadata.set('content-type', record.contentType);
  const message = new streams.ReadResp.ReadEvent().setEvent(event);
  if (withPosition) message.setCommitPosition(String(record.commit));
  else message.setNoPosition(new shared.Empty());
  return new streams.ReadResp().setEvent(message);
}

export const confirmationMessage = (): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()),
  );

export const caughtUpMessage = (): streams.ReadResp =>
  new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const checkpointMessage = ({ commit, prepare }: LogPosition): streams.ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  );

export const streamNotFoundMessage = (streamId: string): streams.ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(streamId)),
  );
