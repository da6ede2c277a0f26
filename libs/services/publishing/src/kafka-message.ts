import { toHeaders, type PublicEvent } from '@keyledger/contract';

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
