import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What is signed: the id, the time in whole seconds since 1970, and the body as it stands. */
export interface SignedContent {
  readonly messageId: string;
  readonly timestamp: number;
  readonly payload: string;
}

/** Of our secrets and of a Standard Webhooks secret; what is signed with is what comes after it, decoded. */
const SECRET_PREFIX = 'whsec_';

/** The bytes to sign with. */
export const keyBytes = (secret: string): Buffer => Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');

const hmac = (key: KeyObject, { messageId, timestamp, payload }: SignedContent, encoding: 'base64' | 'hex'): string =>
  createHmac('sha256', key).update(`${messageId}.${timestamp}.${payload}`).digest(encoding);

/** One signature of `webhook-signature`, as Standard Webhooks has it. */
export const v1Signature = (key: KeyObject, content: SignedContent): string => `v1,${hmac(key, content, 'base64')}`;

/** The header `mac`. */
export const macOf = (key: KeyObject, content: SignedContent): string => hmac(key, content, 'hex');

/** Whether a text is the expected one. Takes as long whichever of that length it is: the length is no secret. */
export const sameAs = (expected: string): ((given: string) => boolean) => {
  const other = Buffer.from(expected);
  return (given) => {
    if (given.length !== expected.length) return false;
    const one = Buffer.from(given);
    return one.length === other.length && timingSafeEqual(one, other);
  };
};
