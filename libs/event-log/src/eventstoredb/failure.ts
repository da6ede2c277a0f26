import { LogUnavailable, NO_STREAM } from '../event-log.js';
import { EventStoreUrlError, authorityOf, type Endpoint } from './url.js';

/** Status codes of gRPC that mean something here. */
const CANCELLED = 1;
export const UNKNOWN = 2;
export const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
export const NOT_FOUND = 5;
export const PERMISSION_DENIED = 7;
export const ABORTED = 10;
export const UNIMPLEMENTED = 12;
export const INTERNAL = 13;
export const UNAVAILABLE = 14;
export const UNAUTHENTICATED = 16;

/** EventStoreDB sent nothing for this time, by our own clock. */
export class NoAnswer extends Error {
  constructor(silenceMs: number) {
    super(`no answer within ${Math.ceil(silenceMs)} ms`);
    this.name = 'NoAnswer';
  }
}

/** The promise, or a rejection with NoAnswer after `ms`. How the promise settles after that is ignored. */
export const withTimeout = async <Value>(ms: number, promise: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // If this process was blocked, the timer fires before an answer that came in time is read: let that be read first.
    timer = setTimeout(() => setImmediate(() => reject(new NoAnswer(ms))), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
};

/** The log does not hold what we have stored. Trying again does not help. */
export class LogDamaged extends Error {
  constructor(where: string, problem: string) {
    super(`The event log is damaged: ${where} ${problem}.`);
    this.name = 'LogDamaged';
  }
}

/** The log cannot be opened. Trying again does not help. */
export class LogRefused extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`The event log cannot be opened. ${reason}`, { cause });
    this.name = 'LogRefused';
  }
}

/** The user may read streams, but not `$all`. Says which calls change that. */
export class AllNotReadable extends Error {
  constructor(user: string, cause: unknown) {
    super(
      `EventStoreDB does not let ${user} read $all. As an administrator, add ${user} to those who may: ` +
        "const { metadata } = await client.getStreamMetadata('$all'); const acl = metadata?.acl ?? {}; " +
        "await client.setStreamMetadata('$all', { ...metadata, acl: { ...acl, " +
        `readRoles: [...new Set(['$admins'].concat(acl.readRoles ?? [], '${user}'))] } });`,
      { cause },
    );
    this.name = 'AllNotReadable';
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>)[name] : undefined;

/** Status code of gRPC; null for an error that did not come from a call. */
export const statusOf = (error: unknown): number | null => {
  const code = field(error, 'code');
  return typeof code === 'number' ? code : null;
};

/** What the client calls the error, such as `not-leader`; null for none. */
export const typeOf = (error: unknown): string | null => {
  const type = field(error, 'type');
  return typeof type === 'string' ? type : null;
};

/** Where the leader is, if the error is a node's word that it is not the leader. */
export const leaderOf = (error: unknown): Endpoint | null => {
  const leader = field(error, 'leader');
  const [address, port] = [field(leader, 'address'), field(leader, 'port')];
  return typeof address === 'string' && typeof port === 'number' ? { address, port } : null;
};

/** Where the stream ends (NO_STREAM: it does not exist), if the error is a refused expected revision; else null. */
export const currentRevisionOf = (error: unknown): number | null => {
  if (typeOf(error) !== 'wrong-expected-version') return null;
  const actual = field(error, 'actualVersion');
  return typeof actual === 'bigint' ? Number(actual) : NO_STREAM;
};

const NO_LEADER = /No leader info available/;

export const isNotLeader = (error: unknown): boolean =>
  typeOf(error) === 'not-leader' || (statusOf(error) === UNKNOWN && NO_LEADER.test(textOf(error)));

/** The server has dropped a subscription whose consumer did not keep up: no failure, it is taken up again. */
export const isSlowConsumer = (error: unknown): boolean =>
  statusOf(error) === ABORTED && /Consumer too slow/i.test(textOf(error));

/** `leave`: the connection is of no more use. `suspect`: it is if that happens again. `stay`: it works. */
export const verdictOn = (error: unknown): 'stay' | 'suspect' | 'leave' => {
  if (isNotLeader(error)) return 'leave';
  if (error instanceof NoAnswer) return 'suspect';
  switch (statusOf(error)) {
    case UNAVAILABLE:
    case CANCELLED:
    case INTERNAL:
      return 'leave';
    case DEADLINE_EXCEEDED:
      return 'suspect';
    case null:
      return /channel|discover/i.test(textOf(error)) ? 'leave' : 'stay';
    default:
      return 'stay';
  }
};

/** Refused before the call was sent, or by a server that says that it did not even try: nothing has happened. */
export const isNotSent = (error: unknown): boolean => {
  if (isNotLeader(error)) return true;
  switch (statusOf(error)) {
    case INVALID_ARGUMENT:
    case PERMISSION_DENIED:
    case UNAUTHENTICATED:
    case UNIMPLEMENTED:
      return true;
    case UNAVAILABLE:
      return /No connection established|Name resolution failed|Server Is (Not Ready|Too Busy)/.test(textOf(error));
    default:
      return typeOf(error) === 'stream-deleted';
  }
};

const CERTIFICATE = /certificate|self.signed|unable to (verify|get)|altnames/i;

/** What an operator may read, with what to do about it. */
const unavailableReason = (message: string): string => {
  switch (true) {
    case /wrong version number|packet length too long|EPROTO/i.test(message):
      return 'no TLS is spoken there: if that is meant to be so, add ?tls=false to EVENTSTOREDB_URL';
    case /altnames/i.test(message):
      return 'the certificate is for another name: use a name in EVENTSTOREDB_URL that the certificate holds';
    case CERTIFICATE.test(message):
      return 'the certificate is not signed by a known CA: add ?tlsCAFile=/path/to/ca.crt to EVENTSTOREDB_URL';
    case /ECONNREFUSED/.test(message):
      return 'nothing listens there: check EVENTSTOREDB_URL, and that EventStoreDB runs';
    case /ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(message):
      return 'the name cannot be resolved: check the host in EVENTSTOREDB_URL';
    case /Failed to connect/.test(message):
      return 'the connection is closed at once: TLS may be wanted there (no ?tls=false in EVENTSTOREDB_URL)';
    default:
      return message;
  }
};

const reasonOfStatus = (error: unknown): string => {
  const message = textOf(error);
  switch (statusOf(error)) {
    case UNAUTHENTICATED:
      return 'the user name or the password is wrong: check EVENTSTOREDB_USERNAME and EVENTSTOREDB_PASSWORD';
    case PERMISSION_DENIED:
      return 'access is denied: set EVENTSTOREDB_USERNAME and EVENTSTOREDB_PASSWORD to a user who may read and write';
    case UNIMPLEMENTED:
      return 'this is no EventStoreDB of version 23.10 or later';
    case UNAVAILABLE:
      return unavailableReason(message);
    default:
      return isNotLeader(error) ? 'there is no leader at the moment' : message || 'unknown error';
  }
};

/** One line for an operator: what is wrong and what to do. Holds no secret. */
export const reasonOfFailure = (error: unknown): string =>
  statusOf(error) === null ? textOf(error) : reasonOfStatus(error);

/** The failure of a read of `$all`. Streams were read before: the user is known, and lacks only the right to `$all`. */
export const allFailure = <Failure>(error: Failure, username = 'the user'): Failure | AllNotReadable =>
  statusOf(error) === PERMISSION_DENIED ? new AllNotReadable(username, error) : error;

/**
 * The failure to reach a leader that a node has named. It is never for good: another host can know another address of
 * it, or another leader, and it is no setting of ours that is wrong.
 */
export const leaderFailure = (leader: Endpoint, error: unknown): unknown =>
  error instanceof NoAnswer || statusOf(error) === UNAVAILABLE
    ? new LogUnavailable(
        `EventStoreDB says that its leader is at ${authorityOf(leader)}: ${reasonOfFailure(error)}. ` +
          'If that is not its address here, mend what it advertises to clients.',
        { cause: error },
      )
    : error;

/** True if only a person can mend it. Trying again does not help. */
export const isForGood = (error: unknown): boolean => {
  const status = statusOf(error);
  if (status === UNAUTHENTICATED || status === PERMISSION_DENIED || status === UNIMPLEMENTED) return true;
  if (status !== UNAVAILABLE) return error instanceof EventStoreUrlError;
  const message = textOf(error);
  return CERTIFICATE.test(message) || /wrong version number|packet length too long|EPROTO/i.test(message);
};

/** LogUnavailable if the same may succeed later, else an error that says what a person has to do. */
export const openingError = (error: unknown, hosts: readonly Endpoint[]): Error => {
  const done = [LogRefused, LogUnavailable, LogDamaged, EventStoreUrlError].some((known) => error instanceof known);
  if (done && error instanceof Error) return error;
  const where = hosts.map(authorityOf).join(', ');
  const reason = `EventStoreDB at ${where}: ${reasonOfFailure(error)}.`;
  if (isForGood(error)) return new LogRefused(reason, error);
  return new LogUnavailable(`The event log cannot be opened. ${reason}`, { cause: error });
};
