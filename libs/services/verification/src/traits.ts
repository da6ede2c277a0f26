import { Numbered } from './numbered.js';
import type { VerifiableCredential } from './verifiable.js';

/** What many credentials have in common, kept once. */
export interface Traits extends Pick<
  VerifiableCredential,
  'credentialType' | 'mode' | 'environment' | 'scopes' | 'bindsIpAllowlist' | 'bindsEndpoints' | 'isAccountToken'
> {
  readonly scopeSet: ReadonlySet<string>;
  readonly publicPrefix: string | null;
}

interface CountedTraits {
  readonly traits: Traits;
  readonly key: string;
  users: number;
}

/** The traits of all credentials, each as long as one has it. */
export class TraitsTable {
  private readonly counted = new Numbered<CountedTraits>();

  get(number: number): Traits {
    const known = this.counted.get(number);
    if (known === undefined) throw new Error('The index holds a credential without traits.');
    return known.traits;
  }

  /** Counts one more that has these, and tells their number. */
  take(credential: VerifiableCredential, publicPrefix: string | null): number {
    const { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken } = credential;
    const shared = { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken };
    const key = JSON.stringify([shared, publicPrefix]);
    const number = this.counted.numberOf(key);
    const known = number === undefined ? undefined : this.counted.get(number);
    if (known === undefined || number === undefined) {
      const traits = { ...shared, publicPrefix, scopeSet: new Set(scopes) };
      return this.counted.set(key, { key, users: 1, traits });
    }
    known.users += 1;
    return number;
  }

  giveBack(number: number): void {
    const known = this.counted.get(number);
    if (known === undefined) return;
    known.users -= 1;
    if (known.users === 0) this.counted.remove(known.key);
  }
}
