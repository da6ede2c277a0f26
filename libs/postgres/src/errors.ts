import pg from 'pg';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'no connection');

/** The statement was never sent: whatever it would have done has not happened. */
export class NotSent extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'NotSent';
  }
}

/** What was sent got no answer: no connection any more, or the deadline passed. It may still take effect. */
export class NoReply extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'NoReply';
  }
}

/**
 * SQLSTATE of an error that the server reported while it stayed connected, so the statement is certainly rolled back;
 * null for everything else. A FATAL one ends the session and can come after a commit that waited for a replica.
 */
export const definiteSqlState = (error: unknown): string | null =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR' && error.code !== undefined ? error.code : null;

export const isStorageFull = (error: unknown): boolean => {
  const state = definiteSqlState(error);
  return state === '53100' || (state === '58030' && error instanceof Error && /no space left/i.test(error.message));
};

/** What an operator may read. Messages of data errors (classes 22 and 23) can quote data and are left out. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error';
  const state = error instanceof pg.DatabaseError ? error.code : undefined;
  if (state === undefined) return error.message || error.name;
  return /^2[23]/.test(state) ? `SQLSTATE ${state}` : `SQLSTATE ${state}: ${error.message}`;
};

/** Connection exceptions, transaction rollback, insufficient resources, operator intervention, system errors. */
const PASSING_CLASS = /^(08|40|53|57|58)/;
const LOCK_NOT_AVAILABLE = '55P03';
const READ_ONLY_TRANSACTION = '25006';
/** The driver's own errors carry no code. */
const DRIVER_MESSAGE = /^(connection terminated|timeout e|client (has encountered|was closed)|query read timeout)/i;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** True where the server takes no writes at present: a standby, or a primary that was told so. */
export const isReadOnly = (error: unknown): boolean =>
  error instanceof Error && (codeOf(error) === READ_ONLY_TRANSACTION || isReadOnly(error.cause));

/** True for trouble with the infrastructure, which may pass; false for an error that would come again. */
export const isPassing = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof NoReply) return true;
  if (error instanceof NotSent) return isPassing(error.cause);
  const code = codeOf(error);
  if (error instanceof pg.DatabaseError) {
    return PASSING_CLASS.test(code) || [LOCK_NOT_AVAILABLE, READ_ONLY_TRANSACTION].includes(code);
  }
  return /^E[A-Z]{3}/.test(code) || DRIVER_MESSAGE.test(error.message);
};

/** Fails, with what isReadOnly tells, on a session that takes no writes. A pool then drops that session. */
export const CHECK_WRITES = `do $$ begin
  if current_setting('transaction_read_only')::boolean then raise read_only_sql_transaction; end if;
end $$`;
