import { publicEvents } from '@keyledger/contract';
import { invalid, Problem, readers, visibleAccounts, type Principal } from '@keyledger/edge';
import { beginningOf, parsePosition, type EventLog, type Position } from '@keyledger/event-log';
import type { FeedEvent } from './latest-events.js';

/** What somebody asks the feed for. */
export interface FeedRequest {
  /** Only what comes after this position; zeros: everything. Undefined: only what comes from now on. */
  readonly from: string | undefined;
  /** What `from` is called where it was asked for. */
  readonly fromField: string;
  /** None: all types. */
  readonly types: readonly string[];
}

type Log = Pick<EventLog, 'head' | 'anchorAt' | 'logId'>;

/** Whoever begins may not know the log yet, whose id is in its positions. */
const ZEROS = /^0+$/;

/**
 * The position to begin behind. Throws `position-of-another-log`, or `invalid-request` for one at which no event is: a
 * log that was restored from a backup may have lost it, and then only its reader knows what to do.
 */
export const startOf = async ({ from, fromField }: FeedRequest, log: Log): Promise<Position> => {
  const head = await log.head();
  if (from === undefined) return head;
  if (ZEROS.test(from)) return beginningOf(head);
  const parsed = parsePosition(from);
  if (parsed === null) throw invalid(fromField, 'is not a position: give that of an event, or 0 for everything');
  if (parsed.logId !== log.logId) {
    throw new Problem('position-of-another-log', `${fromField} comes from another log than the one served here.`);
  }
  if (from === beginningOf(head)) return from;
  if (from.length === head.length && (await log.anchorAt(from)) !== null) return from;
  const advice = 'Begin with the position of an event that you know, or with 0 for everything.';
  throw invalid(fromField, `is not the position of an event in this log. ${advice}`);
};

const publicTypes: ReadonlySet<string> = new Set(Object.values(publicEvents).map(({ type }) => type));

/** Whether an event is for this caller, who asked for these types. Throws `invalid-request` for an unknown type. */
export const selectionOf = ({ types }: FeedRequest, caller: Principal): ((event: FeedEvent) => boolean) => {
  const unknown = types.find((type) => !publicTypes.has(type));
  if (unknown !== undefined) {
    throw invalid('types', 'must be types of public events, such as keyledger.credential.revoked.v1');
  }
  const wanted = types.length === 0 ? undefined : new Set<string>(types);
  const visible = visibleAccounts(caller, readers);
  const accounts = visible === '*' ? undefined : new Set(visible);
  return ({ event }) => wanted?.has(event.type) !== false && accounts?.has(event.partitionkey) !== false;
};
