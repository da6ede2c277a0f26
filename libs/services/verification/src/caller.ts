import { forbidden, type Principal, type Role } from '@keyledger/edge';

/** Throws `forbidden` unless the caller holds one of the roles. */
export const requireOneOf = ({ roles }: Principal, allowed: readonly Role[]): void => {
  if (!allowed.some((role) => roles.includes(role))) throw forbidden();
};
