import type { SignedWebhook } from '@keyledger/contract';
import { Answer, Text, Verbatim, Whole } from '@keyledger/edge';
import { holdsSecret } from '@keyledger/secrets';
import { randomUUID } from 'node:crypto';
import { signedHeaders, type SigningSet } from './signing.js';
import { MESSAGE_ID } from './verify-signature.js';

/** As much as a body of a request may hold. */
const MOST_BYTES = 256 * 1024;
/** The end of the year 9999. */
const LATEST = 253_402_300_799;

export const payload = {
  maxBytes: MOST_BYTES,
  description: 'The body of the webhook, as it stands.',
  example: '{"id":7}',
};
export const atLeast = { max: 128, optional: true, description: 'As the parameter of the query.' } as const;

export class SignInput {
  @Text({
    ...{ max: 256, optional: true, pattern: MESSAGE_ID, form: '1 to 256 visible ASCII characters without a dot' },
    description: 'The same for each attempt to send the webhook; a new one where it is left out.',
    example: 'msg_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10',
  })
  messageId?: string;
  @Whole({ min: 0, max: LATEST, optional: true, description: 'Seconds since 1970; now where it is left out.' })
  timestamp?: number;
  @Verbatim(payload) payload!: string;
  @Text(atLeast) minPosition?: string;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** The reply to what was asked. Throws `no-webhook-signer`. */
export const signedAnswer = (usable: SigningSet, { messageId, timestamp, payload: signed }: SignInput) => {
  const { position } = usable;
  const content = {
    messageId: messageId ?? `msg_${randomUUID()}`,
    timestamp: timestamp ?? nowSeconds(),
    payload: signed,
  };
  const body: SignedWebhook = { headers: signedHeaders(usable, content), position };
  return new Answer(body, position);
};

const isMessageId = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && MESSAGE_ID.test(value) && !holdsSecret(value));

const isTimestamp = (value: unknown): boolean =>
  value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LATEST);

const LONE_SURROGATE = /\p{Cs}/u;

const FIELDS: ReadonlySet<string> = new Set(['messageId', 'timestamp', 'payload']);

/** Undefined for what only a closer look can tell from a mistake. What comes through here makes none. */
export const plainSignInput = (body: unknown): SignInput | undefined => {
  if (typeof body !== 'object' || body === null || !Object.keys(body).every((name) => FIELDS.has(name)))
    return undefined;
  const { messageId, timestamp, payload: signed } = body as Partial<SignInput>;
  const isPlain = typeof signed === 'string' && !LONE_SURROGATE.test(signed);
  return isPlain && isMessageId(messageId) && isTimestamp(timestamp) ? (body as SignInput) : undefined;
};
