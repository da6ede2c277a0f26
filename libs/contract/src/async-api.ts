import { webhookChannel, webhookMessages, webhookSchemas } from './async-api-webhooks.js';
import { attributes, eventSchemas, type PublicEvent } from './cloud-event.js';
import { exampleOf } from './event-examples.js';
import { object, someOf, text } from './json-schema.js';
import { EVENTS_TOPIC, publicEvents, type PublicEventName } from './public-events.js';

type Attribute = keyof typeof attributes.properties;

/** The name of each attribute among the headers of Kafka (CloudEvents, Kafka Protocol Binding 1.0.2, section 3.2). */
const headerNames = (Object.keys(attributes.properties) as Attribute[]).map(
  (name) => [name, name === 'datacontenttype' ? 'content-type' : `ce_${name}`] as const,
);

/** The attributes of an event in the binary mode of CloudEvents for Kafka. Written so because it is made for each. */
export const toHeaders = (event: PublicEvent): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const [name, header] of headerNames) headers[header] = event[name];
  return headers;
};

const names = Object.keys(publicEvents) as PublicEventName[];
const types = names.map((name) => publicEvents[name].type);

const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const structured = (type: string): string => `${type}.structured`;

/** The attributes as headers of Kafka, where they have other names. */
const headerSchema = () => {
  const properties = Object.fromEntries(headerNames.map(([name, header]) => [header, attributes.properties[name]]));
  return { type: 'object', description: 'Headers of every message', properties, required: Object.keys(properties) };
};

const structuredSchema = () => ({
  ...attributes,
  description: 'Every event in one piece of JSON',
  properties: { ...attributes.properties, data: { type: 'object', description: 'What happened' } },
  required: [...attributes.required, 'data'],
});

const schemas = () => ({
  ...eventSchemas(),
  ...webhookSchemas(),
  KafkaHeaders: headerSchema(),
  CloudEvent: structuredSchema(),
});

/** Of one event, on Kafka and in the feed. */
const messagesOf = (name: PublicEventName) => {
  const { type, description } = publicEvents[name];
  const example = exampleOf(name);
  const { dataschema } = example;
  const said = { name: type, title: type, summary: description };
  const binary = {
    ...said,
    contentType: 'application/json',
    headers: {
      type: 'object',
      allOf: [schema('KafkaHeaders')],
      properties: { ce_type: { const: type }, ce_dataschema: { const: dataschema } },
    },
    payload: schema(type),
    bindings: {
      kafka: { key: { type: 'string', description: 'The account, as in `ce_partitionkey`' }, bindingVersion: '0.5.0' },
    },
    examples: [{ name, headers: toHeaders(example), payload: example.data }],
  };
  const whole = {
    ...said,
    contentType: 'application/cloudevents+json',
    payload: {
      type: 'object',
      allOf: [schema('CloudEvent')],
      properties: { type: { const: type }, dataschema: { const: dataschema }, data: schema(type) },
    },
    examples: [{ name, payload: example }],
  };
  return { [type]: binary, [structured(type)]: whole };
};

const messagesIn = (channel: string, keyOf: (type: string) => string, ...others: readonly string[]) => ({
  channel: { $ref: `#/channels/${channel}` },
  messages: [...types.map(keyOf), ...others].map((key) => ({ $ref: `#/channels/${channel}/messages/${key}` })),
});

const channelMessages = (keyOf: (type: string) => string) =>
  Object.fromEntries(types.map((type) => [keyOf(type), { $ref: `#/components/messages/${keyOf(type)}` }]));

const same = (type: string): string => type;
const onlyInWebhooks = Object.keys(webhookMessages());

const channels = () => ({
  kafka: {
    address: EVENTS_TOPIC,
    title: 'The topic in Kafka',
    description:
      'All public events, in the binary mode of CloudEvents. The key is the account, so that its events are in one ' +
      'partition, in order. KAFKA_PARTITIONS says how many partitions the topic is made with: their number must not ' +
      'change. KAFKA_TOPIC names another topic.',
    servers: [{ $ref: '#/servers/kafka' }],
    messages: channelMessages(same),
    bindings: { kafka: { topic: EVENTS_TOPIC, bindingVersion: '0.5.0' } },
  },
  feed: {
    address: '/v1/events',
    title: 'The feed over HTTP',
    description:
      'The same events as Server-Sent Events, those of the accounts that the token is for. `data` is the event in ' +
      'the structured mode of CloudEvents, `id` its position. An `id` without `data` says that all up to it was ' +
      'sent. The header `Last-Event-ID` goes on behind a position, and counts more than `from`. Before the server ' +
      'ends the answer, an event `end` tells why.',
    servers: [{ $ref: '#/servers/http' }],
    messages: { ...channelMessages(structured), end: { $ref: '#/components/messages/end' } },
  },
  webhooks: {
    ...webhookChannel,
    messages: {
      ...channelMessages(structured),
      ...Object.fromEntries(onlyInWebhooks.map((key) => [key, { $ref: `#/components/messages/${key}` }])),
    },
  },
});

/** What the feed says at its end. It is no event of the log. */
const end = {
  name: 'end',
  title: 'End of the feed',
  summary: 'Why the server ends the answer, as when the token ends or the reader is too slow. Then connect again.',
  contentType: 'application/json',
  payload: object({ code: text('As in the refusals of the API'), detail: text('What to do') }),
  examples: [{ name: 'end', payload: { code: 'unauthenticated', detail: 'The token has expired. Get a new one.' } }],
};

const feedQuery = someOf({
  from: text(
    'Sends what comes after this position, and after zeros everything. Without it and without `Last-Event-ID`: what ' +
      'comes from now on.',
  ),
  types: text('Sends these types only, with commas between'),
});

const operations = () => ({
  publish: {
    action: 'send',
    title: 'Sends every event of every account to Kafka',
    ...messagesIn('kafka', same),
  },
  feed: {
    action: 'send',
    title: 'Sends the events of the accounts of the caller',
    security: [{ $ref: '#/components/securitySchemes/bearer' }],
    ...messagesIn('feed', structured, end.name),
    bindings: { http: { method: 'GET', query: feedQuery, bindingVersion: '0.3.0' } },
  },
  webhooks: {
    action: 'send',
    title: 'Sends the events of an account, its notices and pings to its endpoints',
    ...messagesIn('webhooks', structured, ...onlyInWebhooks),
    bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
  },
});

const servers = {
  kafka: {
    host: '{broker}',
    protocol: 'kafka',
    description: 'The brokers of the installation',
    variables: { broker: { default: '127.0.0.1:9092', description: 'One of KAFKA_BROKERS' } },
  },
  http: {
    host: '{address}',
    protocol: 'http',
    description: 'Keyledger, or the gateway before its services',
    variables: { address: { default: '127.0.0.1:3000', description: 'Where /v1 is' } },
  },
  endpoint: {
    host: '{receiver}',
    protocol: 'https',
    description: 'The server of an account',
    variables: { receiver: { default: 'hooks.example.com', description: 'Host of the URL of an endpoint' } },
  },
};

/** The events of the product in AsyncAPI 3: what it sends, where, and what that looks like. */
export const asyncApiDocument = () => ({
  asyncapi: '3.0.0',
  id: 'urn:keyledger:events',
  info: {
    title: 'Keyledger events',
    version: '1',
    description:
      'Every event of an account in its public form (CloudEvents 1.0). In order for each account, at least once, ' +
      'without secrets, and without what names who did it.',
  },
  defaultContentType: 'application/json',
  servers,
  channels: channels(),
  operations: operations(),
  components: {
    schemas: schemas(),
    messages: Object.assign({ end }, ...names.map(messagesOf), webhookMessages()) as Readonly<Record<string, object>>,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  },
});
