import { toHeaders, type PublicEvent } from '@keyledger/contract';
import type { RecordedEvent } from '@keyledger/event-log';
import { publicFormOf, type Source } from '@keyledger/edge';

/** One message of Kafka. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An event in the binary mode of CloudEvents for Kafka. */
export const toMessage = (event: PublicEvent): KafkaMessage => ({
  key: event.partitionkey,
  value: JSON.stringify(event.data),
  headers: toHeaders(event),
});

/** What is sent for a part of the log. Throws for what this version cannot read. */
export const messagesOf = (events: readonly RecordedEvent[], source: Source): readonly KafkaMessage[] =>
  events.flatMap((recorded) => publicFormOf(recorded, source)?.() ?? []).map(toMessage);
