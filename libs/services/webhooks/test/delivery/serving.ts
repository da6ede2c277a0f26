import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accountStream,
  isAccountEvent,
  newEvent,
  readEvent,
  webhookEndpointIdOf,
  type AccountEvent,
} from '@keyledger/domain';
import {
  issueToken,
  openEventLog,
  openFoundation,
  openLocalIssuer,
  parseConfig,
  schemaName,
  startServer,
  type Role,
  type RunningServer,
} from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { openSecrets, type RetainedSecrets } from '@keyledger/secrets';
import { createDatabase, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { webhooks } from '../../src/index.js';

type Of<T extends AccountEvent['type']> = Omit<Extract<AccountEvent, { type: T }>, 'type'>;

const cause = {
  principal: { issuer: 'urn:test', subject: 'ada', actorType: 'user' as const },
  ...{ correlationId: 'request', ip: null, userAgent: null },
};
const MASTER_KEY = Buffer.alloc(32, 7);
const WRONG_CHECKSUM = 4;

interface Reply {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A secret of an api_secret, but for its checksum, which nobody looks at who signs. */
const newSecret = (): string => `whsec_${randomBytes(32 + WRONG_CHECKSUM).toString('base64')}`;

const credentialFacts = {
  ...{ credentialType: 'api_secret', name: 'hooks', description: null, mode: null, environment: null },
  ...{ applicationId: null, scopes: [], expiresAt: null, publicPart: null, publicPartMasked: false },
  ...{ bindsIpAllowlist: false, bindsEndpoints: false, retained: true, maySign: true, rotationAdviceDays: null },
  ...{ version: 1, maskedSecret: 'whsec_…abcd' },
} as const;

interface Stores {
  readonly log: EventLog;
  readonly retained: RetainedSecrets;
  readonly token: string;
  readonly issuer: Awaited<ReturnType<typeof openLocalIssuer>>;
}

/** Slices of webhooks on one database, and what writes to its log. */
export class Serving {
  private readonly revisions = new Map<string, number>();
  private readonly servers: { readonly server: RunningServer; close(): Promise<void> }[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly dataDir: string,
    private readonly stores: Stores,
    readonly pool: pg.Pool,
  ) {}

  static async open(): Promise<Serving> {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-webhooks-'));
    const pool = openPool(database.url);
    const config = parseConfig({ KEYLEDGER_DATA_DIR: dataDir });
    const log = await openEventLog(config, database.url);
    const { retained } = await openSecrets(pool, (part) => schemaName(config, part), MASTER_KEY);
    const issuer = await openLocalIssuer(dataDir);
    const token = await issueToken(issuer, { subject: 'ada', roles: ['operator'], accounts: '*', ttlSeconds: 3600 });
    const serving = new Serving(database, dataDir, { log, retained, token, issuer }, pool);
    await serving.start();
    return serving;
  }

  /** One process more. */
  async start(): Promise<void> {
    const config = parseConfig({
      KEYLEDGER_DATA_DIR: this.dataDir,
      ...{ KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0', KEYLEDGER_LOG_LEVEL: 'silent' },
      KEYLEDGER_MASTER_KEY: MASTER_KEY.toString('base64'),
      KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true',
    });
    const foundation = await openFoundation(config, this.database.url);
    const server = await startServer(foundation, [webhooks]);
    const close = async (): Promise<void> => {
      await server.close();
      await foundation.close();
    };
    this.servers.push({ server, close });
  }

  /** Stops the one that was started last. */
  async stopLast(): Promise<void> {
    await this.servers.pop()?.close();
  }

  async append(accountId: string, ...events: readonly AccountEvent[]): Promise<void> {
    let last = this.revisions.get(accountId) ?? -1;
    const recorded = events.map((event) => newEvent(uuid(), event, cause, uuid()));
    let outcome = await this.stores.log.append(accountStream('', accountId), last, recorded, 'each');
    // The service itself has written meanwhile.
    if (outcome.kind === 'conflict') {
      last = outcome.currentRevision;
      outcome = await this.stores.log.append(accountStream('', accountId), last, recorded, 'each');
    }
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revisions.set(accountId, last + events.length);
  }

  /** An account that signs, unless it has no signer. */
  async account({ signs = true } = {}): Promise<string> {
    const accountId = `acct_${uuid()}`;
    const at = new Date().toISOString();
    await this.append(accountId, { type: 'AccountRegistered', accountId, name: 'Acme', externalId: null, at });
    if (signs) await this.signer(accountId);
    return accountId;
  }

  async endpoint(accountId: string, url: string, more: Partial<Of<'WebhookEndpointRegistered'>> = {}): Promise<string> {
    const endpointId = `whe_${uuid()}`;
    const facts = { url, description: null, types: ['order.*'], scheme: 'standard' as const, enabled: true };
    const at = new Date().toISOString();
    await this.append(accountId, { type: 'WebhookEndpointRegistered', endpointId, ...facts, ...more, at });
    return endpointId;
  }

  send(route: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.sendText(route, body === undefined ? undefined : JSON.stringify(body), headers);
  }

  /** With a body as it stands. */
  async sendText(route: string, text?: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(`${this.servers[0]?.server.httpUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.stores.token}`, 'content-type': 'application/json', ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { status: response.status, replayed, body: (await response.json()) as Reply['body'] };
  }

  /** For `send`: the headers of somebody who has this role for the account alone. */
  async as(role: Role, accountId: string): Promise<Readonly<Record<string, string>>> {
    const request = { subject: role, roles: [role], accounts: [accountId], ttlSeconds: 3600 };
    return { authorization: `Bearer ${await issueToken(this.stores.issuer, request)}` };
  }

  /** The id of a message that was accepted. */
  async message(accountId: string, payload: unknown = { a: 1 }): Promise<string> {
    const { status, body } = await this.send(`POST /v1/accounts/${accountId}/messages`, {
      type: 'order.paid',
      payload,
    });
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body['messageId'] as string;
  }

  /** How each attempt of the message ended, in their order. */
  async outcomes(accountId: string, messageId: string): Promise<readonly unknown[]> {
    const { body } = await this.send(`GET /v1/accounts/${accountId}/messages/${messageId}/attempts`);
    return (body['items'] as { outcome: string }[]).map(({ outcome }) => outcome);
  }

  /** What the log says last of the endpoint. */
  async lastEventOf(accountId: string, endpointId: string): Promise<string | undefined> {
    const types: string[] = [];
    for await (const page of this.stores.log.readStream(accountStream('', accountId), 0)) {
      for (const { event } of page.map(readEvent)) {
        if (isAccountEvent(event) && webhookEndpointIdOf(event) === endpointId) types.push(event.type);
      }
    }
    return types.at(-1);
  }

  /** Has what is pending of the message tried now. */
  async dueNow(messageId: string): Promise<void> {
    const id = messageId.slice('msg_'.length);
    const text = `with due as (update webhooks.deliveries set next_attempt_at = now()
        where message_id = $1 and state = 'pending' returning endpoint_id)
      select webhooks.wake(array(select endpoint_id from due))`;
    await this.pool.query(text, [id]);
  }

  async close(): Promise<void> {
    while (this.servers.length > 0) await this.stopLast();
    await this.stores.log.close();
    await this.pool.end();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true });
  }

  private async signer(accountId: string): Promise<void> {
    const credentialId = `cred_${uuid()}`;
    const at = new Date().toISOString();
    const reference = uuid();
    await this.stores.retained.put([{ accountId, credentialId, part: 'secret', reference, secret: newSecret() }]);
    const created = { credentialId, ...credentialFacts, digest: { value: reference, pepperVersion: 1 }, at };
    await this.append(
      accountId,
      { type: 'CredentialCreated', ...created },
      { type: 'WebhookSecretAssigned', credentialId, previousCredentialId: null, at },
    );
  }
}
