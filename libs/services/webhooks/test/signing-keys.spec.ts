import { SigningKeys, type KeyPlace } from '../src/signing-keys.js';
import type { WebhookAccount } from '../src/webhook-account.js';

const place: KeyPlace = { accountId: 'acct_1', credentialId: 'cred_1', reference: 'first' };
const secret = `whsec_${Buffer.alloc(36, 7).toString('base64')}`;

const accountWith = (...references: readonly (readonly [reference: string, validUntil: string | null])[]) =>
  ({
    ...{ status: 'active', signerId: 'cred_1', saltId: null, endpoints: {} },
    signing: {
      cred_1: references.map(([reference, validUntil], index) => ({ version: index + 1, reference, validUntil })),
    },
  }) satisfies WebhookAccount;

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('secrets that were opened', () => {
  it('are opened once, also for those who ask at the same time', async () => {
    const asked: KeyPlace[] = [];
    const keys = new SigningKeys(async (each) => {
      asked.push(each);
      return secret;
    });
    expect(keys.known(place)).toBeUndefined();
    await Promise.all([keys.open(place, null), keys.open(place, null)]);
    expect(keys.known(place)?.symmetricKeySize).toBe(36);
    expect(asked).toEqual([place]);
  });

  it('are forgotten with the event that ends their version', async () => {
    const keys = new SigningKeys(async () => secret);
    await keys.open(place, null);
    keys.changed(accountWith(['first', null]), accountWith(['second', null]));
    expect(keys.known(place)).toBeUndefined();
  });

  it('are forgotten when their overlap ends, whether it was known when they were opened or later', async () => {
    const keys = new SigningKeys(async () => secret);
    const other = { ...place, reference: 'other' };
    await Promise.all([keys.open(place, null), keys.open(other, inMs(-1))]);
    keys.changed(accountWith(['first', null]), accountWith(['first', inMs(-1)], ['second', null]));
    // The least time that a version can still have is a millisecond.
    const deadline = Date.now() + 10_000;
    while ((keys.known(place) ?? keys.known(other)) !== undefined && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([keys.known(place), keys.known(other)]).toEqual([undefined, undefined]);
  });

  it('are kept for good again once a rotation is cancelled', async () => {
    const keys = new SigningKeys(async () => secret);
    await keys.open(place, inMs(3_600_000));
    keys.changed(accountWith(['first', inMs(3_600_000)], ['second', null]), accountWith(['first', null]));
    expect(keys.known(place)).toBeDefined();
  });

  it('are asked for again after the database was away', async () => {
    let isAway = true;
    const keys = new SigningKeys(async () => {
      if (isAway) throw new Error('away');
      return secret;
    });
    await expect(keys.open(place, null)).rejects.toThrow('away');
    isAway = false;
    await keys.open(place, null);
    expect(keys.known(place)).toBeDefined();
  });

  it('are missed loudly, without a word about them', async () => {
    const keys = new SigningKeys(async () => undefined);
    await expect(keys.open(place, null)).rejects.toThrow('A sealed secret of cred_1 is missing.');
  });
});
