import {
  matching,
  oneOf,
  optional,
  trueOrFalse,
  wholeNumber,
  type Need,
  type Rule,
  type Setting,
  type ValuesOf,
} from './setting.js';

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const ADDRESS = /^[\w.-]+:\d{1,5}$/;

const listOfAddresses = (text: string): readonly string[] | undefined => {
  const addresses = text.split(',').map((part) => part.trim());
  return addresses.every((address) => ADDRESS.test(address)) ? addresses : undefined;
};

const oneLine = matching(/^[^\r\n]+$/);

/** Where events are published for other services. */
export const publishingSettings = {
  kafkaBrokers: {
    name: 'KAFKA_BROKERS',
    default: '',
    description:
      'Brokers of Kafka that public events are sent to: `host:port`, with commas between. None: no events are sent.',
    expected: 'host:port, with commas between',
    read: optional(listOfAddresses),
  },
  kafkaTopic: {
    name: 'KAFKA_TOPIC',
    default: 'keyledger.credentials.v1',
    description: 'Topic of the public events.',
    expected: 'up to 249 of a-z, A-Z, 0-9, ., _ and -, but not . or ..',
    read: matching(/^(?!\.{1,2}$)[\w.-]{1,249}$/),
  },
  kafkaPartitions: {
    name: 'KAFKA_PARTITIONS',
    default: '12',
    description: 'Partitions of the topic, where it is not there yet. More later would mix up the order of events.',
    expected: 'a whole number of 1 to 1000',
    read: wholeNumber(1, 1_000),
  },
  kafkaReplication: {
    name: 'KAFKA_REPLICATION_FACTOR',
    default: '3',
    description:
      'Copies of the topic, where it is not there yet. With 3, two must have an event before it counts as sent.',
    expected: 'a whole number of 1 to 9',
    read: wholeNumber(1, 9),
  },
  kafkaTls: {
    name: 'KAFKA_TLS',
    default: 'false',
    description: 'With `true` the brokers are reached by TLS. `NODE_EXTRA_CA_CERTS` names further authorities.',
    expected: 'true or false',
    read: trueOrFalse,
  },
  kafkaSaslMechanism: {
    name: 'KAFKA_SASL_MECHANISM',
    default: '',
    description: `How to sign in at the brokers: ${mechanisms.map((name) => `\`${name}\``).join(', ')}.`,
    expected: `one of ${mechanisms.join(', ')}`,
    read: optional(oneOf(mechanisms)),
  },
  kafkaSaslUsername: {
    name: 'KAFKA_SASL_USERNAME',
    default: '',
    description: 'User at the brokers.',
    expected: 'a text of one line',
    read: optional(oneLine),
  },
  kafkaSaslPassword: {
    name: 'KAFKA_SASL_PASSWORD',
    default: '',
    description: 'Password of that user.',
    expected: 'a text of one line',
    secret: true,
    read: optional(oneLine),
  },
  feedSubscribers: {
    name: 'KEYLEDGER_FEED_SUBSCRIBERS',
    default: '2000',
    description: 'So many may read the feed of a process at a time. Half of them may be of one caller.',
    expected: 'a whole number of 1 to 100000',
    read: wholeNumber(1, 100_000),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export const rulesOfPublishing = (
  values: Partial<ValuesOf<typeof publishingSettings>>,
  needs: readonly Need[],
): readonly Rule[] => {
  const { kafkaBrokers, kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword } = values;
  const three = [kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword];
  const isPart = !three.includes(undefined) && new Set(three.map((value) => value === null)).size > 1;
  const mistake = 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set together';
  return [
    [needs.includes('brokers') && kafkaBrokers === null, 'KAFKA_BROKERS must be set'],
    [isPart, mistake],
  ];
};
