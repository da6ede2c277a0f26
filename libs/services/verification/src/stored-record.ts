import { instantOf, timeOf } from './instants.js';
import type { VerifiableCredential, VerifiableVersion } from './verifiable.js';

/** Where each field stands in the bytes of a credential. Of its public part these are the digits at its end. */
export const CREDENTIAL = { id: 0, status: 16, expiresAt: 17, digits: 25, bytes: 47 };

/** Where each field stands in the bytes of a version. */
export const VERSION = { digest: 0, validUntil: 32, number: 40, pepper: 44, bytes: 46 };

export const ID_BYTES = 16;
export const DIGITS = 22;
export const DIGEST_BYTES = 32;

/** Their places are stored: a change needs a new version of the projection. */
export const statuses = ['active', 'suspended', 'revoked', 'announced', 'api-disabled'] as const;

const ID_PREFIX = 'cred_';

/** The UUID of a credential's id. */
export const idBytes = (credentialId: string): Buffer =>
  Buffer.from(credentialId.slice(ID_PREFIX.length).replaceAll('-', ''), 'hex');

export const credentialIdOf = (bytes: Buffer, at: number): string => {
  const hex = bytes.toString('hex', at, at + ID_BYTES);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return ID_PREFIX + parts.join('-');
};

/** Splits a public part at its last underscore. */
export const splitPublic = (publicPart: string): readonly [prefix: string, digits: Buffer] => {
  const at = publicPart.lastIndexOf('_');
  return [publicPart.slice(0, at), Buffer.from(publicPart.slice(at + 1), 'latin1')];
};

const writeVersion = (bytes: Buffer, at: number, { version, digest, validUntil }: VerifiableVersion): void => {
  Buffer.from(digest.value, 'base64url').copy(bytes, at + VERSION.digest, 0, DIGEST_BYTES);
  bytes.writeDoubleLE(timeOf(validUntil), at + VERSION.validUntil);
  bytes.writeUInt32LE(version, at + VERSION.number);
  bytes.writeUInt16LE(digest.pepperVersion, at + VERSION.pepper);
};

/** Reads what `storedRecord` wrote of a version. */
export const versionIn = (bytes: Buffer, at: number): VerifiableVersion => ({
  version: bytes.readUInt32LE(at + VERSION.number),
  digest: {
    value: bytes.toString('base64url', at + VERSION.digest, at + VERSION.digest + DIGEST_BYTES),
    pepperVersion: bytes.readUInt16LE(at + VERSION.pepper),
  },
  validUntil: instantOf(bytes.readDoubleLE(at + VERSION.validUntil)),
});

/**
 * What is the credential's own, as bytes: the tables keep them so that a start copies them as they are. The bytes of
 * the credential, the number of its versions, and the bytes of each version, the oldest first.
 */
export const storedRecord = (credentialId: string, credential: VerifiableCredential): Buffer => {
  const { publicPart, versions } = credential;
  const bytes = Buffer.alloc(CREDENTIAL.bytes + 1 + versions.length * VERSION.bytes);
  idBytes(credentialId).copy(bytes, CREDENTIAL.id, 0, ID_BYTES);
  bytes[CREDENTIAL.status] = statuses.indexOf(credential.status);
  bytes.writeDoubleLE(timeOf(credential.expiresAt), CREDENTIAL.expiresAt);
  if (publicPart !== null) splitPublic(publicPart)[1].copy(bytes, CREDENTIAL.digits, 0, DIGITS);
  bytes[CREDENTIAL.bytes] = versions.length;
  for (const [index, version] of versions.entries()) {
    writeVersion(bytes, CREDENTIAL.bytes + 1 + index * VERSION.bytes, version);
  }
  return bytes;
};

/** How many bytes the stored record at `at` takes. */
export const storedBytes = (records: Buffer, at: number): number =>
  CREDENTIAL.bytes + 1 + (records[at + CREDENTIAL.bytes] ?? 0) * VERSION.bytes;
