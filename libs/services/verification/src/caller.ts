import { forbidden, type Arrival, type Principal, type Role } from '@keyledger/edge';

/** Who asks for a verdict. The doors let in nobody of whom that is not known. */
export const callerOf = ({ principal }: Arrival): Principal => {
  if (principal === null) throw new Error('The doors to verdicts are not open to all.');
  return principal;
};

/** Throws `forbidden` unless the caller holds one of the roles. */
export const requireOneOf = ({ roles }: Principal, allowed: readonly Role[]): void => {
  if (!allowed.some((role) => roles.includes(role))) throw forbidden();
};
