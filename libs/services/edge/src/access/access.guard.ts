import { idForms } from '@keyledger/domain';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { admit } from './admission.js';
import type { Authenticator } from './authenticator.js';
import type { Call } from '../operation/call.js';
import { CORRELATION_HEADER, correlationIdFrom } from '../observing/request-ids.js';
import { incomingOf, type Incoming } from '../operation/incoming.js';
import { methodOf, operationOf, pathIds, pathOf, type OperationDefinition } from '../operation/operation-definition.js';
import { roleCovers, seesAccount, type Principal } from './principal.js';
import { invalid, notFound, Problem } from '../operation/problem.js';
import { keepCall } from '../operation/request-scope.js';
import type { SecurityLog } from './security-log.js';

const KEY_FORM = /^[!-~]{16,255}$/;

const formByName = new Map<string, RegExp>(Object.entries(idForms));

const readIds = (incoming: Incoming, operation: OperationDefinition): Record<string, string> => {
  const ids: Record<string, string> = {};
  for (const name of pathIds(operation)) {
    const value = incoming.ids[name];
    if (value === undefined && operation.accounts !== undefined) continue;
    if (typeof value !== 'string' || formByName.get(name)?.test(value) !== true) throw notFound();
    ids[name] = value;
  }
  return ids;
};

/** Of the entity tags in `If-Match` (RFC 9110, 13.1.1) those that we may have given out: revisions. */
const readIfMatch = (text: string | undefined): readonly number[] | undefined => {
  if (text === undefined || text.trim() === '*') return undefined;
  return [...text.matchAll(/(?<![^\s,])"(\d{1,15})"/g)].map(([, revision]) => Number(revision));
};

const readKey = (operation: OperationDefinition, text: string | undefined): string | undefined => {
  if (text === undefined || operation.idempotent !== true) return undefined;
  if (!KEY_FORM.test(text)) throw invalid('Idempotency-Key', 'must be 16 to 255 visible ASCII characters');
  return text;
};

const readMinPosition = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid('minPosition', 'must be given once');
  return value;
};

/** Roles allowed for the operation: account scope first (404), then role (403). */
const allowed = (operation: OperationDefinition, principal: Principal, accountId: string | undefined): boolean => {
  if (operation.allow === 'anyone') return true;
  if (accountId !== undefined) {
    if (!seesAccount(principal, accountId)) throw notFound();
    return operation.allow.some((role) => roleCovers(principal, role, accountId));
  }
  if (operation.accounts !== undefined) return operation.allow.some((role) => roleCovers(principal, role, null));
  return operation.allow.some((role) => principal.roles.includes(role));
};

/** Authenticates the caller, checks what it may do, and keeps the Call for the handler. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly securityLog: SecurityLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = operationOf(context.getHandler());
    if (operation === undefined) return true;
    const incoming = incomingOf(context, operation);
    const principal = await this.authenticate(incoming);
    const path = readIds(incoming, operation);
    if (!this.permits(operation, principal, path['accountId'])) {
      throw new Problem(
        'forbidden',
        'Your roles do not allow this. Ask for one of those that the API docs name for it.',
      );
    }
    const stray = operation.input === undefined ? Object.keys(incoming.input())[0] : undefined;
    if (stray !== undefined) throw invalid(stray, 'is not a field of this request');
    keepCall(context, this.callOf(operation, incoming, principal, path));
    return true;
  }

  /** HTTP requests were admitted before their body was read; the second look finds the token in the cache. */
  private authenticate(incoming: Incoming): Promise<Principal> {
    return admit(this.authenticator, this.securityLog, incoming.header('authorization'), incoming.ip);
  }

  private permits(operation: OperationDefinition, principal: Principal, accountId: string | undefined): boolean {
    try {
      const permitted = allowed(operation, principal, accountId);
      if (!permitted) this.securityLog.denied('forbidden', operation, principal, accountId);
      return permitted;
    } catch (error) {
      this.securityLog.denied('not-found', operation, principal, accountId);
      throw error;
    }
  }

  private callOf(
    operation: OperationDefinition,
    incoming: Incoming,
    principal: Principal,
    path: Record<string, string>,
  ): Call {
    return {
      principal,
      path,
      target: `${methodOf(operation)} ${pathOf(operation).replace(/:(\w+)/g, (_, name: string) => path[name] ?? '')}`,
      correlationId: correlationIdFrom(incoming.header(CORRELATION_HEADER)),
      ip: incoming.ip,
      userAgent: incoming.header('user-agent')?.slice(0, 256) ?? null,
      ifMatch: readIfMatch(incoming.ifMatch),
      idempotencyKey: readKey(operation, incoming.header('idempotency-key')),
      minPosition: readMinPosition(incoming.minPosition),
    };
  }
}
