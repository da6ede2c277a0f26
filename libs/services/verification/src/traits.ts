import { Numbered } from './numbered.js';
import { splitPublic } from './stored-record.js';
import type { VerifiableCredential } from './verifiable.js';

/** What many credentials have in common, kept once. */
export interface Traits extends Pick<
  VerifiableCredential,
  'credentialType' | 'mode' | 'environment' | 'scopes' | 'bindsIpAllowlist' | 'bindsEndpoints' | 'isAccountToken'
> {
  readonly scopeSet: ReadonlySet<string>;
  readonly publicPrefix: string | null;
}

type Shared = Omit<Traits, 'scopeSet' | 'publicPrefix'>;

/** What two credentials have in common if it is the same for both. Tables keep it as it is. */
export const traitsKey = (credential: VerifiableCredential): string => {
  const { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken } = credential;
  const shared = { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken };
  const publicPrefix = credential.publicPart === null ? null : splitPublic(credential.publicPart)[0];
  return JSON.stringify([shared, publicPrefix] satisfies [Shared, string | null]);
};

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

  /** The number of the traits with this key. They stay as long as somebody uses them. */
  numberOf(key: string): number {
    const known = this.counted.numberOf(key);
    if (known !== undefined) return known;
    const [shared, publicPrefix] = JSON.parse(key) as [Shared, string | null];
    return this.counted.set(key, {
      key,
      users: 0,
      traits: { ...shared, publicPrefix, scopeSet: new Set(shared.scopes) },
    });
  }

  use(number: number): void {
    const known = this.counted.get(number);
    if (known !== undefined) known.users += 1;
  }

  giveBack(number: number): void {
    const known = this.counted.get(number);
    if (known === undefined) return;
    known.users -= 1;
    if (known.users === 0) this.counted.remove(known.key);
  }
}
