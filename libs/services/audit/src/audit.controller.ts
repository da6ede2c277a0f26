import type * as contract from '@keyledger/contract';
import { Answer, auditReaders, FromCall, Input, notFound, Operation, ReadGate, type Call } from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { AuditPageSchema, ListAuditEventsInput } from './list-audit-events.js';
import { TrailAccess } from './trail-access.js';

/** The two values of a change can be of any kind, so that they travel as JSON texts, null among them. */
const asMessage = (page: contract.Page<contract.AuditItem>): object => ({
  ...page,
  items: page.items.map((item) => ({
    ...item,
    changes: item.changes.map(({ field, from, to }) => ({ field, from: JSON.stringify(from), to: JSON.stringify(to) })),
  })),
});

interface Actions {
  readonly action?: string;
  readonly actions?: readonly string[];
}

/** The message has a field for one action, as it always had, and beside it one for several. */
const fromMessage = ({ action, actions = [], ...others }: Actions): Readonly<Record<string, unknown>> => ({
  ...others,
  action: action === undefined ? actions : [...actions, action],
});

const namesInMessage = ({ actions = [] }: Actions): Readonly<Record<string, string>> =>
  actions.length === 0 ? {} : { action: 'actions' };

const operation = {
  rpc: 'AuditService/ListAuditEvents',
  allow: auditReaders,
  input: ListAuditEventsInput,
  reply: AuditPageSchema,
  unversioned: true,
  refuses: ['read-only', 'storage-full'],
  message: asMessage,
  fromMessage,
  namesInMessage,
} as const;

type TrailPage = Answer<contract.Page<contract.AuditItem>>;

/** What happened, when, and by whom. Who looks at it is part of it. */
@Controller()
export class AuditController {
  constructor(
    private readonly gate: ReadGate,
    private readonly trail: AuditTrail,
    private readonly access: TrailAccess,
  ) {}

  @Operation({
    ...operation,
    http: 'GET /v1/accounts/:accountId/audit',
    accounts: 'one-or-all',
    summary: 'List what happened in the account, newest first; the request itself is recorded as `AuditTrailRead`',
  })
  async ofAccount(@FromCall() call: Call, @Input() input: ListAuditEventsInput): Promise<TrailPage> {
    return this.read(call, call.path['accountId'] ?? null, input);
  }

  @Operation({
    ...operation,
    http: 'GET /v1/audit',
    accounts: 'all',
    summary: 'List what happened anywhere, newest first; the request itself is recorded as `AuditTrailRead`',
  })
  async ofAll(@FromCall() call: Call, @Input() input: ListAuditEventsInput): Promise<TrailPage> {
    return this.read(call, null, input);
  }

  private async read(call: Call, accountId: string | null, input: ListAuditEventsInput): Promise<TrailPage> {
    const { limit, cursor, ...filters } = input;
    const position = await this.gate.ready(call, accountId);
    const body = await this.trail.list(accountId, filters, { limit, cursor });
    // Nothing is noted about accounts that do not exist, or anyone could fill the log with their streams.
    if (accountId !== null && body.items.length === 0 && !(await this.trail.hasAccount(accountId))) throw notFound();
    await this.access.record(call, accountId, filters);
    return new Answer(body, position);
  }
}
