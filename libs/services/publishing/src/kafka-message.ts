import type { PublicEvent } from '@keyledger/contract';

/** One message of Kafka. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An event in the binary mode of CloudEvents for Kafka (Kafka Protocol Binding 1.0.2, section 3.2). */
export const toMessage = ({ data, datacontenttype, ...attributes }: PublicEvent): KafkaMessage => ({
  key: attributes.partitionkey,
  value: JSON.stringify(data),
  headers: {
    'content-type': datacontenttype,
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])),
  },
});
