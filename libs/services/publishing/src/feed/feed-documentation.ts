import { attributes } from '@keyledger/contract';
import type { RouteDocumentation } from '@keyledger/edge';

const text = { type: 'string' };

const properties = { ...attributes.properties, data: { type: 'object', additionalProperties: true } };

const PublicEvent = {
  type: 'object',
  description: 'What `data` of each event holds: CloudEvents 1.0 in JSON. /asyncapi.json has the data of each type.',
  properties,
  required: Object.keys(properties),
};

export const ofFeed: RouteDocumentation = {
  operationId: 'Subscribe',
  service: 'EventService',
  rpcName: 'Subscribe',
  summary: 'Sends events as they happen.',
  description:
    'Server-Sent Events, of the accounts that the token is for. `id` is the position of an event, `data` the event ' +
    'as CloudEvents in JSON. An `id` without `data` says that all up to it was sent. Before the server ends the ' +
    'answer, as when the token ends, an event `end` tells why, with `code` and `detail` in its data.',
  query: {
    from: 'Sends what comes after this position, and after zeros everything. Left out: what comes from now on.',
    types: 'Sends these types only, with commas between.',
  },
  headers: { 'Last-Event-ID': 'The last id that was received: goes on behind it, and counts more than `from`.' },
  reply: 'PublicEvent',
  mediaType: 'text/event-stream',
  replyHeaders: {
    200: { 'Keyledger-Position': { description: 'Where the answer begins.', required: true, schema: text } },
  },
  refuses: ['position-of-another-log', 'too-busy', 'log-replaced'],
  components: { schemas: { PublicEvent }, headers: {} },
};
