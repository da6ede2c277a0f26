import type { EndpointTable } from './endpoint-table.js';
import { isInBlocks, type IpBlock } from './ip-blocks.js';

/** Why a credential may not be used, in the order in which it is asked: the first that holds is the verdict. */
export const refusalCodes = [
  'MALFORMED',
  'NOT_FOUND',
  'API_DISABLED',
  'REVOKED',
  'SUSPENDED',
  'EXPIRED',
  'IP_NOT_ALLOWED',
  'ENDPOINT_NOT_CONNECTED',
  'INSUFFICIENT_SCOPE',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];
export type VerdictCode = 'VALID' | RefusalCode;

/** What is known of the credential that was presented. */
export interface Entry {
  /** `api-disabled`: the last token of an account whose API access is off. */
  readonly status: 'active' | 'suspended' | 'revoked' | 'api-disabled';
  readonly accountSuspended: boolean;
  /** Milliseconds since 1970; Infinity for never. At this very time it is expired. */
  readonly expiresAtMs: number;
  readonly scopes: ReadonlySet<string>;
  /** Null where any address may use it. */
  readonly allowedIps: readonly IpBlock[] | null;
  /** Ids of the endpoints that are connected; null where it is bound to none. */
  readonly connected: ReadonlySet<string> | null;
}

/** The entry that the presented secret belongs to, and how long that version of the secret is valid. */
export interface Match {
  readonly entry: Entry;
  /** Milliseconds since 1970; Infinity for the current version. At this very time it is over. */
  readonly validUntilMs: number;
}

/** `malformed`: it cannot be one of ours. `unknown`: it is none that is valid. */
export type Presented = Match | 'malformed' | 'unknown';

/** What somebody wants to do with the credential. */
export interface Question {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly ip: string | null;
  /** By its id in the catalogue, or as the request names it; null: not asked. */
  readonly endpoint: string | { readonly method: string; readonly path: string } | null;
  readonly scopes: readonly string[];
}

const isConnected = (
  connected: ReadonlySet<string>,
  endpoint: NonNullable<Question['endpoint']>,
  endpoints: EndpointTable,
): boolean => {
  const id = typeof endpoint === 'string' ? endpoint : endpoints.find(endpoint.method, endpoint.path);
  return id !== undefined && connected.has(id) && endpoints.isActive(id);
};

/** What holds for a rule: undefined where it does not concern this credential, or was not asked. */
type Rule = (match: Match, question: Question, endpoints: EndpointTable) => boolean | undefined;

/** Whether each is kept, in the order of the codes. */
const rules: readonly (readonly [RefusalCode, Rule])[] = [
  ['NOT_FOUND', ({ validUntilMs }, { nowMs }) => nowMs < validUntilMs],
  ['API_DISABLED', ({ entry }) => entry.status !== 'api-disabled'],
  ['REVOKED', ({ entry }) => entry.status !== 'revoked'],
  ['SUSPENDED', ({ entry }) => entry.status !== 'suspended' && !entry.accountSuspended],
  ['EXPIRED', ({ entry }, { nowMs }) => nowMs < entry.expiresAtMs],
  [
    'IP_NOT_ALLOWED',
    ({ entry: { allowedIps } }, { ip }) =>
      allowedIps === null ? undefined : ip !== null && isInBlocks(ip, allowedIps),
  ],
  [
    'ENDPOINT_NOT_CONNECTED',
    ({ entry: { connected } }, { endpoint }, endpoints) =>
      connected === null || endpoint === null ? undefined : isConnected(connected, endpoint, endpoints),
  ],
  [
    'INSUFFICIENT_SCOPE',
    ({ entry }, { scopes }) => (scopes.length === 0 ? undefined : scopes.every((scope) => entry.scopes.has(scope))),
  ],
];

/** The verdict on a credential, for what somebody wants to do with it now. */
export const judge = (presented: Presented, question: Question, endpoints: EndpointTable): VerdictCode => {
  if (presented === 'malformed') return 'MALFORMED';
  if (presented === 'unknown') return 'NOT_FOUND';
  for (const [code, rule] of rules) if (rule(presented, question, endpoints) === false) return code;
  return 'VALID';
};

export interface RuleOutcome {
  readonly rule: RefusalCode;
  /** `not-checked`: it does not concern the credential, or nothing was asked, or an earlier one left nothing to ask. */
  readonly outcome: 'passed' | 'failed' | 'not-checked';
}

const outcomeOf = (kept: boolean | undefined): RuleOutcome['outcome'] =>
  kept === undefined ? 'not-checked' : kept ? 'passed' : 'failed';

/** Every rule with its outcome. The first that failed is the verdict. */
export const explain = (presented: Presented, question: Question, endpoints: EndpointTable): readonly RuleOutcome[] => [
  { rule: 'MALFORMED', outcome: outcomeOf(presented !== 'malformed') },
  ...rules.map(([rule, keeps]): RuleOutcome => {
    if (presented === 'unknown' && rule === 'NOT_FOUND') return { rule, outcome: 'failed' };
    const kept = typeof presented === 'string' ? undefined : keeps(presented, question, endpoints);
    return { rule, outcome: outcomeOf(kept) };
  }),
];

/** The verdict of one who has not heard enough of the log: only what is final, or no credential at all, stays said. */
export const whenStale = (code: VerdictCode): VerdictCode | 'STALE' =>
  code === 'MALFORMED' || code === 'REVOKED' ? code : 'STALE';
