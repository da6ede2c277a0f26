import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** A server-side key of secret digests. Without it, digests in events tell nothing about a secret. */
export interface Pepper {
  readonly version: number;
  readonly key: KeyObject;
}

/** HMAC-SHA-256 of a secret in base64url, and the version of the pepper it was made with. */
export interface SecretDigest {
  readonly value: string;
  readonly pepperVersion: number;
}

const hmac = (secret: string, pepper: Pepper): Buffer => createHmac('sha256', pepper.key).update(secret).digest();

export const digestSecret = (secret: string, pepper: Pepper): SecretDigest => ({
  value: hmac(secret, pepper).toString('base64url'),
  pepperVersion: pepper.version,
});

/** Whether `digest` is that of `secret` under `pepper`. Takes the same time wherever the two differ. */
export const verifyDigest = (secret: string, pepper: Pepper, digest: SecretDigest): boolean => {
  const actual = hmac(secret, pepper);
  const expected = Buffer.from(digest.value, 'base64url');
  return (
    digest.pepperVersion === pepper.version && expected.length === actual.length && timingSafeEqual(actual, expected)
  );
};
