import { dataSchemas, type noticeAttributes } from './cloud-event.js';
import { object, text, type Data } from './json-schema.js';

const known = {
  accountId: text('Account of the credential'),
  credentialId: text('Credential that the notice is about'),
  credentialType: text('Its type, such as api_key'),
  name: { type: ['string', 'null'], description: 'Its name' },
} as const;

const time = (description: string) => ({ type: 'string', format: 'date-time', description }) as const;

/**
 * What webhooks tell though no event says it, because only time passes. Each is sent once for a credential and a step,
 * to the endpoints that ask for its type. There is none of them on Kafka or in the feed.
 */
export const notices = {
  expiring: {
    type: 'keyledger.credential.expiring.v1',
    description: 'A credential ends by itself soon.',
    data: object({
      ...known,
      expiresAt: time('When it ends'),
      daysLeft: { type: 'integer', minimum: 1, description: 'So many days before that it was due to be told' },
    }),
  },
  rotationDue: {
    type: 'keyledger.credential.rotation-due.v1',
    description: 'The secret of a credential is as old as is advised. Rotate it.',
    data: object({
      ...known,
      version: { type: 'integer', minimum: 1, description: 'Version of the secret' },
      rotationDueAt: time('Until when it should have been rotated'),
    }),
  },
  rotationEnding: {
    type: 'keyledger.credential.rotation-ending.v1',
    description: 'The old secret of a credential ends soon.',
    data: object({
      ...known,
      endingVersion: { type: 'integer', minimum: 1, description: 'Version of the old secret' },
      overlapEndsAt: time('When it ends'),
      lastUsedAt: {
        type: ['string', 'null'],
        format: 'date-time',
        description: 'When the old secret was last used; null where it never was',
      },
    }),
  },
} as const;

export type NoticeName = keyof typeof notices;
export type NoticeData<N extends NoticeName> = Data<(typeof notices)[N]['data']>;

/** A notice in CloudEvents 1.0, in JSON. */
export interface Notice<N extends NoticeName = NoticeName> extends Data<typeof noticeAttributes> {
  readonly type: (typeof notices)[N]['type'];
  readonly data: NoticeData<N>;
}

/** What an endpoint gets that somebody tests, whatever it asks for. It is plain JSON, and no CloudEvent. */
export const ping = {
  type: 'keyledger.ping.v1',
  description: 'Somebody tests the endpoint.',
  data: object({
    type: { type: 'string', enum: ['keyledger.ping.v1'], description: 'What it is' },
    endpointId: text('The endpoint'),
    time: time('When the test was asked for'),
  }),
} as const;

/** The schemas of the data of all notices. */
export const noticeSchemas = (): Readonly<Record<string, object>> => dataSchemas(Object.values(notices));
