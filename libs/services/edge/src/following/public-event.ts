import {
  publicEvents,
  schemaIdOf,
  type PublicData,
  type PublicEvent,
  type PublicEventName,
  type ObjectSchema,
  type Schema,
} from '@keyledger/contract';
import {
  accountIdOf,
  applicationIdOf,
  credentialIdOf,
  isAccountEvent,
  readEvent,
  toId,
  webhookEndpointIdOf,
  type AccountEvent,
  type EventMetadata,
  type EventOf,
} from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';

/** What the public form takes from the event, beside who it was and whose account it is. */
type Told<N extends PublicEventName> = Omit<PublicData<N>, 'accountId' | 'actor'>;

/**
 * The form of each event. It does not compile unless every event of an account has one, and has what its form names:
 * an event that is added needs a public form first.
 */
const forms: {
  readonly [T in AccountEvent['type']]: EventOf<T> extends Told<T> ? (typeof publicEvents)[T] : never;
} = publicEvents;

type Fields = Readonly<Record<string, unknown>>;

/** Adds to `kept` what the schema names of an object. Loops, because this is done for each event of a long log. */
const keepNamed = (kept: Record<string, unknown>, { properties }: ObjectSchema, value: object): object => {
  for (const name in properties) {
    const each = properties[name];
    if (each === undefined || Object.hasOwn(kept, name) || !Object.hasOwn(value, name)) continue;
    kept[name] = filtered(each, (value as Fields)[name]);
  }
  return kept;
};

/** Of a value only what the schema names. */
const filtered = (schema: Schema, value: unknown): unknown =>
  'properties' in schema && typeof value === 'object' && value !== null ? keepNamed({}, schema, value) : value;

/** Where and by whom the event was recorded. */
export interface Recorded {
  readonly accountId: string;
  readonly logId: string;
  readonly recorded: Pick<RecordedEvent, 'id' | 'position' | 'revision'>;
  readonly metadata: Pick<EventMetadata, 'actor'>;
}

const SEQUENCE_DIGITS = 16;

/**
 * The one public event for an event of an account (CloudEvents 1.0.2). It depends on nothing but what the log holds:
 * whoever makes it, and however often, it is the same.
 */
export const toPublicEvent = (event: AccountEvent, { accountId, logId, recorded, metadata }: Recorded): PublicEvent => {
  const { type, data } = forms[event.type];
  const known = { accountId, actor: filtered(data.properties.actor, metadata.actor) };
  return {
    specversion: '1.0',
    id: toId('eventId', recorded.id),
    source: `urn:keyledger:log:${logId}`,
    type,
    subject: credentialIdOf(event) ?? applicationIdOf(event) ?? webhookEndpointIdOf(event) ?? accountId,
    time: event.at,
    datacontenttype: 'application/json',
    dataschema: schemaIdOf(type),
    partitionkey: accountId,
    sequence: String(recorded.revision).padStart(SEQUENCE_DIGITS, '0'),
    position: recorded.position,
    data: keepNamed(known, data, event) as PublicEvent['data'],
  };
};

/** Which log it is, and how its streams are named. */
export interface Source {
  readonly logId: string;
  readonly streamPrefix: string;
}

/**
 * Makes the public event of what the log holds; undefined where that is no event of an account. Throws for what this
 * version cannot read.
 */
export const publicFormOf = (
  recorded: RecordedEvent,
  { logId, streamPrefix }: Source,
): (() => PublicEvent) | undefined => {
  const accountId = accountIdOf(streamPrefix, recorded.streamId);
  if (accountId === undefined) return undefined;
  const { event, metadata } = readEvent(recorded);
  return isAccountEvent(event) ? () => toPublicEvent(event, { accountId, logId, recorded, metadata }) : undefined;
};
