import { createSecretKey, type KeyObject } from 'node:crypto';
import type { SecretPlace } from '@keyledger/secrets';
import { LRUCache } from 'lru-cache';
import { keyBytes } from './signature.js';
import type { WebhookAccount } from './webhook-account.js';

/** Where a secret that signs is kept. */
export type KeyPlace = Omit<SecretPlace, 'part'>;

/** Of credentials whose accounts have signed lately. */
const MOST_KEYS = 10_000;

/** The salt of API access has no versions: it lives as long as its credential. */
const SALT_REFERENCE = 'salt';

export const saltPlace = (accountId: string, credentialId: string): KeyPlace => ({
  accountId,
  credentialId,
  reference: SALT_REFERENCE,
});

const nameOf = ({ credentialId, reference }: Omit<KeyPlace, 'accountId'>): string => `${credentialId}/${reference}`;

/** Every secret of the account that may still be used, and until when as far as that is known. */
const usableIn = (account: WebhookAccount | undefined): ReadonlyMap<string, string | null> => {
  const usable = new Map<string, string | null>();
  for (const [credentialId, versions] of Object.entries(account?.signing ?? {})) {
    for (const { reference, validUntil } of versions) usable.set(nameOf({ credentialId, reference }), validUntil);
  }
  const saltId = account?.saltId ?? null;
  if (saltId !== null) usable.set(nameOf({ credentialId: saltId, reference: SALT_REFERENCE }), null);
  return usable;
};

/** Secrets that were opened to sign. Each is opened when it is first needed, and forgotten when its version ends. */
export class SigningKeys {
  private readonly keys = new LRUCache<string, KeyObject>({ max: MOST_KEYS, ttlAutopurge: true });
  private readonly opening = new Map<string, Promise<void>>();

  constructor(private readonly find: (place: KeyPlace) => Promise<string | undefined>) {}

  /** Undefined where it has to be opened first. */
  known(place: KeyPlace): KeyObject | undefined {
    return this.keys.get(nameOf(place));
  }

  /** Makes it known, for as long as its version is valid. Rejects where the database does not answer. */
  open(place: KeyPlace, validUntil: string | null): Promise<void> {
    const name = nameOf(place);
    const opening = this.opening.get(name) ?? this.openNow(place, validUntil).finally(() => this.opening.delete(name));
    this.opening.set(name, opening);
    return opening;
  }

  /** What an event has ended is forgotten at once, and what ends later is forgotten then. */
  changed(before: WebhookAccount | undefined, after: WebhookAccount | undefined): void {
    const usable = usableIn(after);
    for (const name of usableIn(before).keys()) if (!usable.has(name)) this.keys.delete(name);
    for (const [name, validUntil] of usable) {
      const key = this.keys.peek(name);
      if (key !== undefined) this.keep(name, key, validUntil);
    }
  }

  private keep(name: string, key: KeyObject, validUntil: string | null): void {
    const restMs = validUntil === null ? undefined : Math.max(1, Date.parse(validUntil) - Date.now());
    this.keys.set(name, key, { ttl: restMs });
  }

  private async openNow(place: KeyPlace, validUntil: string | null): Promise<void> {
    const secret = await this.find(place);
    // Its event says that it is there, so that a missing one is a loss, not a refusal.
    if (secret === undefined) throw new Error(`A sealed secret of ${place.credentialId} is missing.`);
    this.keep(nameOf(place), createSecretKey(keyBytes(secret)), validUntil);
  }
}
