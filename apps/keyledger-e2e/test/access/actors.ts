import type { Caller } from '../harness/identity-provider.js';
import type { Expectation } from './expectations.js';

/** A kind of caller. The tokens with the scope `own` name one account that exists and one that does not. */
export interface Actor {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scope: 'own' | '*' | 'nothing';
}

/** Which account a request is about; `absent` is one that the actor's token names all the same. */
export type Whose = 'own' | 'foreign' | 'absent';

const roles = ['operator', 'owner', 'key-manager', 'viewer', 'auditor', 'verifier', 'sender'];

export const actors: readonly Actor[] = [
  ...roles.map((role) => ({ name: `${role} of its own account`, roles: [role], scope: 'own' as const })),
  ...roles.map((role) => ({ name: `${role} of "*"`, roles: [role], scope: '*' as const })),
  { name: 'operator of nothing', roles: ['operator'], scope: 'nothing' },
  { name: 'owner of nothing', roles: ['owner'], scope: 'nothing' },
  { name: 'nobody of its own account', roles: [], scope: 'own' },
  { name: 'nobody of "*"', roles: [], scope: '*' },
  { name: 'bearer of roles of another product', roles: ['admin', 'Operator', 'operator '], scope: '*' },
  { name: 'viewer and verifier', roles: ['viewer', 'verifier'], scope: 'own' },
  { name: 'key-manager and auditor', roles: ['key-manager', 'auditor'], scope: 'own' },
  { name: 'viewer and auditor of "*"', roles: ['viewer', 'auditor'], scope: '*' },
  { name: 'owner and verifier of "*"', roles: ['owner', 'verifier'], scope: '*' },
  { name: 'viewer and operator', roles: ['viewer', 'operator'], scope: 'own' },
];

export const callerOf = ({ roles: claimed, scope }: Actor, ownAccounts: readonly string[]): Caller => ({
  roles: claimed,
  ...(scope === 'nothing' ? {} : { accounts: scope === '*' ? '*' : ownAccounts }),
});

const mayHoldAll = new Set(['operator', 'auditor', 'verifier']);

/** Whether the role is the actor's for the account: an operator's for every one, and `"*"` is not for everyone. */
const holds = ({ roles: claimed, scope }: Actor, role: string, whose: 'own' | 'foreign' | 'all'): boolean => {
  if (!claimed.includes(role)) return false;
  if (role === 'operator') return true;
  return scope === '*' ? mayHoldAll.has(role) : scope === 'own' && whose === 'own';
};

/** A request about one account: its scope first, then the role, then whether it exists. */
export const outcomeForAccount = ({ allow, passes }: Expectation, actor: Actor, whose: Whose): string => {
  const named = whose === 'foreign' ? 'foreign' : 'own';
  if (!roles.some((role) => holds(actor, role, named))) return 'not-found';
  if (allow !== 'anyone' && !allow.some((role) => holds(actor, role, named))) return 'forbidden';
  return whose === 'absent' ? 'not-found' : passes;
};

/** A request about no account: having the role suffices, whatever its scope. */
export const outcomeWithoutAccount = ({ allow, passes }: Expectation, actor: Actor): string =>
  allow === 'anyone' || allow.some((role) => actor.roles.includes(role)) ? passes : 'forbidden';

/** A request about all accounts together. */
export const outcomeForAll = ({ allow, passes }: Expectation, actor: Actor): string =>
  allow === 'anyone' || allow.some((role) => holds(actor, role, 'all')) ? passes : 'forbidden';
