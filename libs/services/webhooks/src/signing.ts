import { notFound, Problem, type AcknowledgedWrites, type ReadGate } from '@keyledger/edge';
import type { Position } from '@keyledger/event-log';
import type { KeyObject } from 'node:crypto';
import type { Accounts } from './accounts.js';
import { macOf, v1Signature, type SignedContent } from './signature.js';
import { saltPlace, type KeyPlace, type SigningKeys } from './signing-keys.js';
import type { WebhookAccount } from './webhook-account.js';

/** One secret that an account signs with now. */
interface UsablePlace extends KeyPlace {
  /** Null of the salt, which has no versions. */
  readonly version: number | null;
  readonly validUntil: string | null;
}

/** The same, opened. */
export interface UsableKey extends UsablePlace {
  readonly key: KeyObject;
}

/** What an account signs with, at one position of the log. */
export interface SigningSet {
  /** The valid versions of the webhook signer, the current one first; none where the account has no signer. */
  readonly signer: readonly UsableKey[];
  /** Null while API access is off. */
  readonly salt: UsableKey | null;
  readonly position: Position;
}

interface Parts {
  readonly accounts: Accounts;
  readonly keys: SigningKeys;
  readonly gate: ReadGate;
  readonly acknowledged: AcknowledgedWrites;
}

/** More than an account can change while its secrets are opened. */
const MOST_TRIES = 10;

const isValid = (validUntil: string | null): boolean => validUntil === null || validUntil > new Date().toISOString();

/** The valid versions of the signer, the current one first, and then the salt. */
const placesOf = (accountId: string, { signerId, signing, saltId }: WebhookAccount): readonly UsablePlace[] => {
  const places: UsablePlace[] = [];
  const credentialId = signerId ?? '';
  for (const { reference, version, validUntil } of signing[credentialId] ?? []) {
    if (isValid(validUntil)) places.unshift({ accountId, credentialId, reference, version, validUntil });
  }
  if (saltId !== null) places.push({ ...saltPlace(accountId, saltId), version: null, validUntil: null });
  return places;
};

const suspended = (): Problem =>
  new Problem(
    'account-suspended',
    'The account is suspended: nothing is signed or verified for it until it is resumed.',
  );

export const withoutSigner = (): Problem =>
  new Problem('no-webhook-signer', 'The account has no webhook signer. Create an api_secret first.');

const notSettled = (): Problem =>
  new Problem('position-not-reached', 'The secrets of the account change too fast. Try again.', [], {
    'Retry-After': '1',
  });

/** The secrets that accounts sign with, opened, and never one that has ended. */
export class Signing {
  constructor(private readonly parts: Parts) {}

  /**
   * Undefined where something has to be waited for, or opened, before: then `usable` has more to do. What this process
   * has acknowledged counts as demanded: a secret that was rotated away must sign nothing any more.
   */
  usableNow(accountId: string, minPosition: Position | undefined): SigningSet | undefined {
    const own = this.parts.acknowledged.latest(accountId);
    if (minPosition !== undefined || (own !== undefined && !this.parts.accounts.has(own))) return undefined;
    const found = this.find(accountId);
    return 'missing' in found ? undefined : found;
  }

  /**
   * What the account signs with. Throws `not-found`, `account-suspended`, `position-not-reached`,
   * `position-of-another-log`, and what the database says where it does not answer.
   */
  async usable(accountId: string, minPosition: Position | undefined): Promise<SigningSet> {
    const { gate, acknowledged, keys } = this.parts;
    if (minPosition !== undefined) await gate.demand(minPosition);
    const own = acknowledged.latest(accountId);
    if (own !== undefined) await gate.demand(own);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      // Looked for again after each wait, in which an event may have ended what was opened.
      const found = this.find(accountId);
      if (!('missing' in found)) return found;
      await Promise.all(found.missing.map((place) => keys.open(place, place.validUntil)));
    }
    throw notSettled();
  }

  private find(accountId: string): SigningSet | { readonly missing: readonly UsablePlace[] } {
    const { accounts, keys } = this.parts;
    const account = accounts.get(accountId);
    const { position } = accounts;
    if (account === undefined || position === null) throw notFound();
    if (account.status === 'suspended') throw suspended();
    const signer: UsableKey[] = [];
    const missing: UsablePlace[] = [];
    let salt: UsableKey | null = null;
    for (const place of placesOf(accountId, account)) {
      const key = keys.known(place);
      if (key === undefined) missing.push(place);
      else if (place.version === null) salt = { ...place, key };
      else signer.push({ ...place, key });
    }
    return missing.length > 0 ? { missing } : { signer, salt, position };
  }
}

export type SignedHeaders = Readonly<Record<string, string>>;

/** What is sent beside the body. Throws `no-webhook-signer`. */
export const signedHeaders = ({ signer, salt }: SigningSet, content: SignedContent): SignedHeaders => {
  if (signer.length === 0) throw withoutSigner();
  return {
    'webhook-id': content.messageId,
    'webhook-timestamp': String(content.timestamp),
    'webhook-signature': signer.map(({ key }) => v1Signature(key, content)).join(' '),
    ...(salt === null ? {} : { mac: macOf(salt.key, content) }),
  };
};
