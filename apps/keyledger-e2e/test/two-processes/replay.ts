import type { AuditItem } from '@keyledger/contract';

interface Held {
  readonly type: string;
  readonly name: string | null;
  status: 'active' | 'suspended' | 'revoked';
}

const created = ({ changes }: AuditItem, field: string): string | null => {
  const change = changes.find((one) => one.field === field);
  return typeof change?.to === 'string' ? change.to : null;
};

const statusAfter: Readonly<Record<string, Held['status']>> = {
  ...{ CredentialSuspended: 'suspended', CredentialResumed: 'active', CredentialRevoked: 'revoked' },
};

/** The credentials of an account as its audit trail tells them, told again in another way than the product's. */
export class Replay {
  readonly held = new Map<string, Held>();
  signer: string | null = null;

  /** Takes in the next entry of the trail. Throws if the account is then in a state that the rules forbid. */
  take(item: AuditItem): void {
    const { action, credentialId } = item;
    if (credentialId !== null) this.apply(action, credentialId, item);
    this.check(item);
  }

  private apply(action: string, credentialId: string, item: AuditItem): void {
    if (action === 'CredentialCreated') {
      this.held.set(credentialId, {
        ...{ type: created(item, 'type') ?? '', name: created(item, 'name'), status: 'active' },
      });
    }
    if (action === 'CredentialDeleted') this.held.delete(credentialId);
    if (action === 'WebhookSecretAssigned') this.signer = credentialId;
    const status = statusAfter[action];
    const held = this.held.get(credentialId);
    if (status !== undefined && held !== undefined) held.status = status;
  }

  private check({ action, position }: AuditItem): void {
    const all = [...this.held.values()];
    const ofType = (type: string): number => all.filter((held) => held.type === type).length;
    const names = all.filter(({ name }) => name !== null).map(({ type, name }) => `${type} ${name}`);
    const rules: readonly (readonly [broken: boolean, what: string])[] = [
      [ofType('api_secret') > 3, 'more than three API secrets'],
      [ofType('account_token') > 1, 'more than one account token'],
      [new Set(names).size < names.length, 'a name twice'],
      [!this.hasSigner(ofType('api_secret')), 'no signer that can sign'],
    ];
    const broken = rules.filter(([isBroken]) => isBroken).map(([, what]) => what);
    if (broken.length > 0) throw new Error(`After ${action} at ${position}: ${broken.join(', ')}`);
  }
  /** The first API secret signs from its creation on, which is two events in one append. */
  private hasSigner(secretCount: number): boolean {
    if (this.signer === null) return secretCount <= 1;
    return this.held.get(this.signer)?.status === 'active';
  }
}
