import type { AuditItem, TrailQuery } from './audit-queries.js';

/** What was read of a trail. */
export interface ReadTrail {
  readonly accountId: string | undefined;
  readonly query: TrailQuery;
  readonly entries: readonly AuditItem[];
  /** False where there are older entries than these. */
  readonly isComplete: boolean;
}

const columns: Readonly<Record<string, (entry: AuditItem) => string | null>> = {
  at: ({ at }) => at,
  action: ({ action }) => action,
  actorType: ({ actor }) => actor.type,
  actorId: ({ actor }) => actor.id,
  actorIssuer: ({ actor }) => actor.issuer,
  ip: ({ ip }) => ip,
  userAgent: ({ userAgent }) => userAgent,
  accountId: ({ accountId }) => accountId,
  credentialId: ({ credentialId }) => credentialId,
  applicationId: ({ applicationId }) => applicationId,
  changes: ({ changes }) => JSON.stringify(changes),
  correlationId: ({ correlationId }) => correlationId,
  eventId: ({ eventId }) => eventId,
  position: ({ position }) => position,
};

/** Spreadsheets calculate what begins so; others wrote it. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const cellOf = (text: string | null): string => {
  const harmless = text !== null && FORMULA.test(text) ? `'${text}` : (text ?? '');
  return `"${harmless.replaceAll('"', '""')}"`;
};

/** RFC 4180. A value that a spreadsheet would take for a formula begins with an apostrophe. */
const csvOf = ({ entries }: ReadTrail): string => {
  const rows = [Object.keys(columns), ...entries.map((entry) => Object.values(columns).map((of) => of(entry)))];
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
};

const jsonOf = ({ accountId, query, isComplete, entries }: ReadTrail): string =>
  `${JSON.stringify({ accountId: accountId ?? null, filters: query, isComplete, entries }, null, 2)}\n`;

export const fileForms = {
  csv: { label: 'CSV, for a spreadsheet', type: 'text/csv', textOf: csvOf },
  json: { label: 'JSON, for a program', type: 'application/json', textOf: jsonOf },
} as const;

export type FileForm = keyof typeof fileForms;
