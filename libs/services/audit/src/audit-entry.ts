import { accountIdOf, readEvent, type CausedEvent } from '@keyledger/domain';
import type { FieldChange } from '@keyledger/contract';
import type { RecordedEvent } from '@keyledger/event-log';
import { changesOf } from './changes-of.js';

/** One line of the trail, as it is stored and, but for names, as it is shown. */
export interface AuditEntry {
  readonly position: string;
  readonly eventId: string;
  readonly action: string;
  readonly actorType: 'user' | 'service';
  readonly actorId: string;
  readonly at: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly accountId: string | null;
  readonly credentialId: string | null;
  readonly changes: readonly FieldChange[];
  readonly correlationId: string;
}

/** A read of a trail belongs to the account whose trail it was; every other event to the account of its stream. */
const accountOf = (event: CausedEvent, streamId: string, streamPrefix: string): string | null =>
  event.type === 'AuditTrailRead' ? event.accountId : (accountIdOf(streamPrefix, streamId) ?? null);

/**
 * The entry of an event that a caller has caused. Throws where this version cannot read the event: a trail with a hole
 * would be worse than one that stops.
 */
export const auditEntry = (recorded: RecordedEvent, streamPrefix: string): AuditEntry => {
  const { event, metadata } = readEvent(recorded);
  return {
    position: recorded.position,
    eventId: recorded.id,
    action: event.type,
    actorType: metadata.actor.type,
    actorId: metadata.actor.id,
    at: metadata.at,
    ip: metadata.ip,
    userAgent: metadata.userAgent,
    accountId: accountOf(event, recorded.streamId, streamPrefix),
    credentialId: 'credentialId' in event ? event.credentialId : null,
    changes: changesOf(event),
    correlationId: metadata.correlationId,
  };
};
