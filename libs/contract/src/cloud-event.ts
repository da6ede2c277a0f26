import { object, text, type Data, type ObjectSchema } from './json-schema.js';
import { publicEvents, type PublicData, type PublicEventName } from './public-events.js';

const ofEveryMessage = {
  specversion: { type: 'string', enum: ['1.0'], description: 'Version of CloudEvents' },
  id: text('The id of the event, as the audit trail has it; the same however often it is sent'),
  source: text('`urn:keyledger:log:` and the id of the log'),
  type: text('What happened, such as `keyledger.credential.revoked.v1`'),
  subject: text('The credential, the application, the webhook endpoint or the account that it is about'),
  time: { type: 'string', format: 'date-time', description: 'When it was decided' },
  datacontenttype: { type: 'string', enum: ['application/json'], description: 'Form of the data' },
  dataschema: text('`urn:keyledger:schema:` and the type: the `$id` of the schema of its data'),
  partitionkey: text('The account, whose events are in order'),
} as const;

/** What is said of a notice beside its data: attributes of CloudEvents 1.0. It has no place among the events. */
export const noticeAttributes = object({
  ...ofEveryMessage,
  id: text('The id of the notice; the same however often it is sent'),
  type: text('What it tells, such as `keyledger.credential.expiring.v1`'),
  subject: text('The credential that it is about'),
  time: { type: 'string', format: 'date-time', description: 'When it was due' },
  partitionkey: text('The account'),
});

/** What is said of every event beside its data: attributes of CloudEvents 1.0, three of them extensions. */
export const attributes = object({
  ...ofEveryMessage,
  sequence: {
    type: 'string',
    pattern: '^[0-9]{16}$',
    description: 'Its number among the events of the account: 16 digits, from 0, without a gap',
  },
  position: text('Its place in the log: reads with `minPosition` of it show at least this event'),
});

/** An event in CloudEvents 1.0, in JSON. */
export interface PublicEvent<N extends PublicEventName = PublicEventName> extends Data<typeof attributes> {
  readonly type: (typeof publicEvents)[N]['type'];
  readonly data: PublicData<N>;
}

/** Name of the schema of a type. */
export const schemaIdOf = (type: string): string => `urn:keyledger:schema:${type}`;

interface DescribedData {
  readonly type: string;
  readonly description: string;
  readonly data: ObjectSchema;
}

/** The schema of the data of each of these by its type, each a document of its own. */
export const dataSchemas = (described: readonly DescribedData[]): Readonly<Record<string, object>> =>
  Object.fromEntries(
    described.map(({ type, description, data }) => [
      type,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: schemaIdOf(type),
        title: type,
        description,
        ...data,
      },
    ]),
  );

/** The schemas of the data of all events. */
export const eventSchemas = (): Readonly<Record<string, object>> => dataSchemas(Object.values(publicEvents));
