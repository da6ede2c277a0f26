import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { openPrivateDirectory, readOrCreateFile, readPrivateFile } from '@keyledger/durable-files';
import { SignJWT } from 'jose';
import type { Role } from './principal.js';
import type { TrustedIssuer } from './trusted-issuers.js';

const ISSUER = 'urn:keyledger:local';
const AUDIENCE = 'keyledger';
const ALGORITHM = 'ES256';

/** Issues tokens without an identity provider, for the embedded default. Whoever reads its key file is an operator. */
interface LocalIssuer extends TrustedIssuer {
  readonly signingKey: KeyObject;
}

interface TokenRequest {
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly accounts: readonly string[] | '*';
  readonly ttlSeconds: number;
  /** True where `subject` is a client that acts for itself. */
  readonly service?: boolean;
}

const newKeyText = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify(privateKey.export({ format: 'jwk' }));
};

const keyOf = (path: string, text: string): KeyObject => {
  try {
    const key = createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Told below: what Node says of a bad key may quote the file.
  }
  throw new Error(`${path} does not hold the key of the local issuer. Delete it to have a new one made.`);
};

const keyPath = (dataDir: string): string => join(dataDir, 'issuer-key.json');

/** The key of the local issuer in `dataDir`, made at the first call. Concurrent first calls agree on one key. */
export const openLocalIssuer = async (dataDir: string): Promise<LocalIssuer> => {
  await openPrivateDirectory(dataDir);
  const { text } = await readOrCreateFile(keyPath(dataDir), newKeyText);
  return issuerOf(dataDir, text);
};

/** The local issuer of a server that has been started on `dataDir`; makes nothing, and throws where there is none. */
export const findLocalIssuer = async (dataDir: string): Promise<LocalIssuer> => {
  const text = readPrivateFile(keyPath(dataDir));
  if (text !== null) return issuerOf(dataDir, text);
  throw new Error(
    `There is no key of a local issuer in ${dataDir}. Start Keyledger first, or set KEYLEDGER_DATA_DIR to its folder.`,
  );
};

const issuerOf = (dataDir: string, text: string): LocalIssuer => {
  const signingKey = keyOf(keyPath(dataDir), text);
  const verifyingKey = createPublicKey(signingKey);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [ALGORITHM],
    keyFor: async () => verifyingKey,
    hasKey: () => true,
    signingKey,
  };
};

/** A signed token (JWT) that says what `request` says, valid from now. */
export const issueToken = (issuer: LocalIssuer, request: TokenRequest): Promise<string> => {
  const { subject, roles, accounts, ttlSeconds, service } = request;
  const issuedAt = Math.floor(Date.now() / 1000);
  return new SignJWT({ roles, accounts, ...(service === true ? { client_id: subject } : {}) })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(issuer.signingKey);
};
