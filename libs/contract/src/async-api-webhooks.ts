import { noticeAttributes } from './cloud-event.js';
import { noticeExampleOf, pingExample } from './notice-examples.js';
import { notices, noticeSchemas, ping, type NoticeName } from './notices.js';

const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What only webhooks send, beside the events. */
export const webhookSchemas = () => ({
  ...noticeSchemas(),
  Notice: {
    ...noticeAttributes,
    description:
      'Every notice in one piece of JSON. It is no event of the log, so it has neither sequence nor position',
    properties: { ...noticeAttributes.properties, data: { type: 'object', description: 'What it tells' } },
    required: [...noticeAttributes.required, 'data'],
  },
});

const noticeMessage = (name: NoticeName) => {
  const { type, description } = notices[name];
  const example = noticeExampleOf(name);
  return {
    name: type,
    title: type,
    summary: description,
    contentType: 'application/cloudevents+json',
    payload: {
      type: 'object',
      allOf: [schema('Notice')],
      properties: { type: { const: type }, dataschema: { const: example.dataschema }, data: schema(type) },
    },
    examples: [{ name, payload: example }],
  };
};

const pingMessage = {
  name: ping.type,
  title: ping.type,
  summary: ping.description,
  contentType: 'application/json',
  payload: ping.data,
  examples: [{ name: 'ping', payload: pingExample }],
};

const names = Object.keys(notices) as NoticeName[];

export const webhookMessages = (): Readonly<Record<string, object>> => ({
  ...Object.fromEntries(names.map((name) => [notices[name].type, noticeMessage(name)])),
  [ping.type]: pingMessage,
});

/** Without an address: that is in the endpoints of each account. */
export const webhookChannel = {
  title: 'Webhooks',
  description:
    'The same events, those of one account, to each of its endpoints that asks for their types: `POST` with the ' +
    'event in the structured mode of CloudEvents, signed. In no order. Beside them the notices, and pings.',
  servers: [{ $ref: '#/servers/endpoint' }],
};
