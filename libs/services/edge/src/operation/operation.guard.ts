import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { accessOf } from '../access/access.js';
import { arrivalOf, forbidden, type Arrival } from '../access/admission.js';
import { roleCovers, seesAccount, type Principal } from '../access/principal.js';
import type { SecurityLog } from '../access/security-log.js';
import { keepRequest, type Call } from './call.js';
import { incomingOf, type Incoming } from './incoming.js';
import { operationOf, type ServedOperation } from './operation.js';
import { invalid, notFound } from './problem.js';

const KEY_FORM = /^[!-~]{16,255}$/;

const readIds = (incoming: Incoming, operation: ServedOperation): Record<string, string> => {
  const ids: Record<string, string> = {};
  for (const { name, form } of operation.ids) {
    const value = incoming.ids[name];
    if (value === undefined && operation.accounts !== undefined) continue;
    if (typeof value !== 'string' || !form.test(value)) throw notFound();
    ids[name] = value;
  }
  return ids;
};

/** Of the entity tags in `If-Match` (RFC 9110, 13.1.1) those that we may have given out: revisions. */
const readIfMatch = (text: string | undefined): readonly number[] | undefined => {
  if (text === undefined || text.trim() === '*') return undefined;
  return [...text.matchAll(/(?<![^\s,])"(\d{1,15})"/g)].map(([, revision]) => Number(revision));
};

const readKey = (operation: ServedOperation, text: string | undefined): string | undefined => {
  if (text === undefined || operation.idempotent !== true) return undefined;
  if (!KEY_FORM.test(text)) throw invalid('Idempotency-Key', 'must be 16 to 255 visible ASCII characters');
  return text;
};

const readMinPosition = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid('minPosition', 'must be given once');
  return value;
};

const targetOf = ({ method, pathParts, ids }: ServedOperation, path: Readonly<Record<string, string>>): string =>
  pathParts.reduce((target, part, index) => `${target}${path[ids[index - 1]?.name ?? ''] ?? ''}${part}`, `${method} `);

const callOf = (
  operation: ServedOperation,
  incoming: Incoming,
  path: Record<string, string>,
  { correlationId, ip, userAgent, header }: Arrival,
): Omit<Call, 'principal'> => ({
  path,
  target: targetOf(operation, path),
  correlationId,
  ip,
  userAgent,
  ifMatch: readIfMatch(incoming.ifMatch),
  idempotencyKey: readKey(operation, header('idempotency-key')),
  minPosition: readMinPosition(incoming.minPosition),
});

/** Roles allowed for the operation: account scope first (404), then role (403). */
const allowed = (operation: ServedOperation, principal: Principal, accountId: string | undefined): boolean => {
  if (operation.allow === 'anyone') return true;
  if (accountId !== undefined) {
    if (!seesAccount(principal, accountId)) throw notFound();
    return operation.allow.some((role) => roleCovers(principal, role, accountId));
  }
  if (operation.accounts !== undefined) return operation.allow.some((role) => roleCovers(principal, role, null));
  return operation.allow.some((role) => principal.roles.includes(role));
};

/** Checks what the caller may do, and brings the request into its one form for the handler. */
export class OperationGuard implements CanActivate {
  constructor(private readonly securityLog: SecurityLog) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const operation = operationOf(handler);
    if (operation !== undefined) return this.admit(operation, incomingOf(context, operation));
    const access = accessOf(handler);
    if (access !== undefined && 'open' in access) return true;
    this.securityLog.undeclared(`${context.getClass().name}.${handler.name}`, null);
    throw forbidden();
  }

  private admit(operation: ServedOperation, incoming: Incoming): boolean {
    const arrival = arrivalOf(incoming.request);
    const { principal } = arrival;
    if (principal === null) throw forbidden();
    const path = readIds(incoming, operation);
    if (!this.permits(operation, principal, path['accountId'])) throw forbidden();
    const call = { principal, ...callOf(operation, incoming, path, arrival) };
    const input = incoming.input();
    const stray = operation.input === undefined ? Object.keys(input)[0] : undefined;
    if (stray !== undefined) throw invalid(stray, 'is not a field of this request');
    keepRequest(incoming.request, { call, input });
    return true;
  }

  private permits(operation: ServedOperation, principal: Principal, accountId: string | undefined): boolean {
    try {
      const permitted = allowed(operation, principal, accountId);
      if (!permitted) this.securityLog.denied('forbidden', operation, principal, accountId);
      return permitted;
    } catch (error) {
      this.securityLog.denied('not-found', operation, principal, accountId);
      throw error;
    }
  }
}
