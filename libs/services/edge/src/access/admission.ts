import type { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';
import { Problem } from '../operation/problem.js';
import type { SecurityLog } from './security-log.js';

/** The principal behind the `Authorization` header; a refusal goes to the security log. */
export const admit = async (
  authenticator: Authenticator,
  securityLog: SecurityLog,
  authorization: string | undefined,
  ip: string | null,
): Promise<Principal> => {
  try {
    return await authenticator.authenticate(authorization);
  } catch (error) {
    if (error instanceof Problem) securityLog.unauthenticated(error.detail, ip);
    throw error;
  }
};
