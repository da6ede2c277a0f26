export const roles = ['operator', 'owner', 'key-manager', 'viewer', 'auditor', 'verifier', 'sender'] as const;
export type Role = (typeof roles)[number];

/** The authenticated caller, as its token says. */
export interface Principal {
  readonly issuer: string;
  readonly subject: string;
  /** `service` where the token was issued to a client acting for itself. */
  readonly actorType: 'user' | 'service';
  readonly roles: readonly Role[];
  readonly accounts: readonly string[] | '*';
  /** Milliseconds since 1970; streams end when the token does. */
  readonly expiresAtMs: number;
}

/** Only these may be for all accounts; for any other role `"*"` names no account. */
export const mayHoldAll: ReadonlySet<string> = new Set(['operator', 'auditor', 'verifier']);

/** Whether `principal` holds `role` for the account; null asks for all accounts together. */
export const roleCovers = (principal: Principal, role: Role, accountId: string | null): boolean => {
  if (!principal.roles.includes(role)) return false;
  if (role === 'operator') return true;
  if (principal.accounts === '*') return mayHoldAll.has(role);
  return accountId !== null && principal.accounts.includes(accountId);
};

/** Whether the account exists as far as the caller may know. */
export const seesAccount = (principal: Principal, accountId: string): boolean =>
  principal.roles.some((role) => roleCovers(principal, role, accountId));

/** The accounts whose data the caller may list with one of `allowed`, or `"*"`. */
export const visibleAccounts = (principal: Principal, allowed: readonly Role[]): readonly string[] | '*' => {
  if (allowed.some((role) => roleCovers(principal, role, null))) return '*';
  if (principal.accounts === '*' || !allowed.some((role) => principal.roles.includes(role))) return [];
  return principal.accounts;
};

/** Who may do what, as the operations name it. */
export const operators: readonly Role[] = ['operator'];
export const owners: readonly Role[] = ['operator', 'owner'];
export const keyManagers: readonly Role[] = ['operator', 'owner', 'key-manager'];
export const readers: readonly Role[] = ['operator', 'owner', 'key-manager', 'viewer', 'auditor'];
export const senders: readonly Role[] = ['operator', 'owner', 'sender'];
export const messageReaders: readonly Role[] = [...readers, 'sender'];
export const auditReaders: readonly Role[] = ['operator', 'owner', 'auditor'];
