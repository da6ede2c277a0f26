import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Installation } from './installation.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { median } from './statistics.js';

const PAGE = 20;
const CATCH_UP_DEADLINE_MS = 300_000;

/** An installation with its accounts, all of the same size. */
export interface Filled {
  readonly installation: Installation;
  readonly accountIds: readonly string[];
  readonly credentials: number;
}

type Query = 'first page' | 'middle page' | 'type and status';

/** Reads pages of one installation's credentials over HTTP. */
class ListReads {
  private constructor(
    private readonly server: ServerProcess,
    private readonly connection: HttpConnection,
    private readonly texts: ReadonlyMap<Query, readonly string[]>,
  ) {}

  static async open(filled: Filled, report: Report): Promise<ListReads> {
    const { installation, accountIds, credentials } = filled;
    const server = await startServerProcess({
      program: 'listing-service',
      installation,
      profileDir: report.profileDir,
    });
    const connection = await HttpConnection.open(server.url);
    const texts = new Map<Query, string[]>([
      ['first page', []],
      ['middle page', []],
      ['type and status', []],
    ]);
    const reads = new ListReads(server, connection, texts);
    await reads.untilReady();
    for (const accountId of accountIds) {
      const cursor = await reads.cursorAfter(accountId, credentials / accountIds.length / 2);
      texts.get('first page')?.push(reads.textFor(accountId, `limit=${PAGE}`));
      texts.get('middle page')?.push(reads.textFor(accountId, `limit=${PAGE}&cursor=${cursor}`));
      texts.get('type and status')?.push(reads.textFor(accountId, `limit=${PAGE}&type=api_key&status=active`));
    }
    return reads;
  }

  /** How long each of `count` reads took, in ms, over the accounts in turn. */
  async run(query: Query, count: number): Promise<readonly number[]> {
    const texts = this.texts.get(query) ?? [];
    const durationsMs: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const startedMs = performance.now();
      const body = await this.read(texts[index % texts.length] ?? '');
      durationsMs.push(performance.now() - startedMs);
      const { items } = JSON.parse(body) as { items: readonly unknown[] };
      if (items.length !== PAGE) throw new Error(`A ${query} has ${items.length} items, so it compares with nothing.`);
    }
    return durationsMs;
  }

  async close(): Promise<void> {
    this.connection.close();
    await this.server.stop();
  }

  private textFor(accountId: string, query: string): string {
    return requestText(`GET /v1/accounts/${accountId}/credentials?${query}`, this.server.token);
  }

  private async read(text: string): Promise<string> {
    const { status, body } = await this.connection.request(text);
    if (status !== 200) throw new Error(`A list was answered with ${status}: ${body}`);
    return body;
  }

  /** The cursor behind the first `count` credentials, page by page as a client would come there. */
  private async cursorAfter(accountId: string, count: number): Promise<string> {
    let cursor = '';
    for (let passed = 0; passed < count;) {
      const limit = Math.min(200, count - passed);
      const query = `limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = JSON.parse(await this.read(this.textFor(accountId, query))) as { nextCursor: string | null };
      cursor = page.nextCursor ?? '';
      passed += limit;
    }
    return cursor;
  }

  private async untilReady(): Promise<void> {
    const deadlineMs = performance.now() + CATCH_UP_DEADLINE_MS;
    const text = requestText('GET /health/ready', this.server.token);
    while ((await this.connection.request(text)).status !== 200) {
      if (performance.now() > deadlineMs) throw new Error('The listing does not catch up.');
      await delay(100);
    }
  }
}

/** How reading lists grows with what is listed: the same requests to a small and to a large installation. */
export const benchListing = async (small: Filled, large: Filled, sizes: Sizes, report: Report): Promise<void> => {
  const few = await ListReads.open(small, report);
  const many = await ListReads.open(large, report);
  try {
    for (const query of ['first page', 'middle page', 'type and status'] as const) {
      await few.run(query, sizes.readsPerRound);
      await many.run(query, sizes.readsPerRound);
      const rounds: { few: number; many: number }[] = [];
      for (let round = 0; round < sizes.rounds; round += 1) {
        rounds.push({
          few: median(await few.run(query, sizes.readsPerRound)),
          many: median(await many.run(query, sizes.readsPerRound)),
        });
      }
      report.add({
        what: `listing, ${query}, ${large.credentials} credentials`,
        measured: `${median(rounds.map((round) => round.many)).toFixed(2)} ms`,
        reference: `${median(rounds.map((round) => round.few)).toFixed(2)} ms with ${small.credentials}`,
        ratios: rounds.map((round) => round.many / round.few),
        goal: { atMost: 1.3 },
      });
    }
  } finally {
    await few.close();
    await many.close();
  }
};
