import { problemCodes, type ProblemCode } from '@keyledger/contract';
import type { ServedOperation } from './operation.js';

/** Whatever is asked, of whom. */
const always = [
  ...(['malformed-request', 'unauthenticated', 'too-large', 'invalid-request', 'too-many-requests'] as const),
  ...(['internal', 'log-unavailable'] as const),
] satisfies readonly ProblemCode[];

const ofReads = ['position-of-another-log', 'position-not-reached'] satisfies readonly ProblemCode[];

const ofWrites = [
  ...(['unsupported-media-type', 'too-busy'] as const),
  ...(['outcome-unknown', 'read-only', 'clock-skew', 'storage-full'] as const),
] satisfies readonly ProblemCode[];

const ofKind = ({ method, reads }: ServedOperation): readonly ProblemCode[] => {
  if (!reads) return ofWrites;
  return method === 'GET' ? ofReads : [...ofReads, 'unsupported-media-type'];
};

/** A write to what is there already can ask that it is as it was last seen. */
export const takesIfMatch = ({ reads, unconditional }: ServedOperation): boolean => !reads && unconditional !== true;

const byStatus = (codes: readonly ProblemCode[]): ReadonlyMap<number, readonly ProblemCode[]> => {
  const statuses = [...new Set(codes.map((code) => problemCodes[code].status))].sort((one, other) => one - other);
  const inOrder = [...new Set(codes)];
  return new Map(statuses.map((status) => [status, inOrder.filter((code) => problemCodes[code].status === status)]));
};

/** The same of a route past Nest that has these refusals of its own. */
export const refusalsOfRoute = (readsBodies: boolean, refuses: readonly ProblemCode[]) =>
  byStatus([...always, 'forbidden', ...(readsBodies ? (['unsupported-media-type'] as const) : []), ...refuses]);

/** Every code with which the operation may be refused, by its status. */
export const refusalsOf = (operation: ServedOperation): ReadonlyMap<number, readonly ProblemCode[]> => {
  const { allow, ids, idempotent, waits, refuses = [] } = operation;
  const codes: readonly ProblemCode[] = [
    ...always,
    'log-replaced',
    ...ofKind(operation),
    ...(allow === 'anyone' ? [] : (['forbidden'] as const)),
    ...(ids.length === 0 ? [] : (['not-found'] as const)),
    ...(takesIfMatch(operation) ? (['revision-mismatch'] as const) : []),
    ...(idempotent === undefined ? [] : (['idempotency-key-reused'] as const)),
    ...(waits === true ? (['position-not-reached'] as const) : []),
    ...refuses,
  ];
  return byStatus(codes);
};
