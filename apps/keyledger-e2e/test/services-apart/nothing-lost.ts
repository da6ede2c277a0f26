import type { AuditItem, Credential, Page } from '@keyledger/contract';
import type { RecordedEvent } from '@keyledger/event-log';
import { eventually } from '../harness/eventually.js';
import { HttpClient } from '../harness/http-client.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import type { Settings } from '../harness/program.js';
import { eventsOfAccount, readLog } from '../harness/read-log.js';
import type { Installation } from './installation.js';
import type { Acknowledged } from './keyed-writer.js';

/** What has been written to, and who shows it. */
export interface Written {
  readonly installation: Installation;
  /** Of the programs, so that the log can be found. */
  readonly settings: Settings;
  readonly accounts: readonly string[];
  readonly listings: readonly KeyledgerProcess[];
  readonly audits: readonly KeyledgerProcess[];
}

/** One page, as soon as the service has one: it may still catch up. */
const pageOf = <T>(server: KeyledgerProcess, url: string, token: string): Promise<Page<T>> =>
  eventually(async () => {
    const { status, text, body } = await new HttpClient(server.httpUrl).get<Page<T>>(url, { token });
    return status === 200 ? { answer: body, seen: url } : { seen: `GET ${url} at ${server.app}: ${text}` };
  });

const allPages = async <T>(server: KeyledgerProcess, path: string, token: string): Promise<readonly T[]> => {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await pageOf<T>(server, cursor === undefined ? path : `${path}&cursor=${cursor}`, token);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
};

const descriptionIn = ({ data }: RecordedEvent): unknown =>
  (JSON.parse(Buffer.from(data).toString()) as { description?: unknown }).description;

const byText = (left: unknown, right: unknown): number => String(left).localeCompare(String(right));

/** What the log holds is what was acknowledged, each once; and every instance shows what the log holds. */
export const expectNothingLostOrDoubled = async (
  { installation, settings, accounts, listings, audits }: Written,
  acknowledged: readonly Acknowledged[],
): Promise<void> => {
  const { token } = installation;
  const log = await readLog(settings);
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  const fresh = `limit=200&minPosition=${log.at(-1)?.position ?? ''}`;
  for (const accountId of accounts) {
    const events = eventsOfAccount(log, accountId);
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    const created = events.filter(({ type }) => type === 'CredentialCreated');
    const ours = acknowledged.filter((one) => one.accountId === accountId);
    expect(created.map((event) => [descriptionIn(event), event.position]).sort(byText)).toEqual(
      ours.map(({ key, position }) => [key, position]).sort(byText),
    );
    const given = ours.map(({ credentialId, key, secret }) => [credentialId, key, `key_test_…${secret.slice(-4)}`]);
    for (const server of listings) {
      const listed = await allPages<Credential>(server, `/v1/accounts/${accountId}/credentials?${fresh}`, token);
      const shown = listed.map((one) => [one.credentialId, one.description, one.maskedSecret]);
      expect(shown.sort(byText)).toEqual(given.sort(byText));
    }
    for (const server of audits) {
      const trail = await allPages<AuditItem>(server, `/v1/accounts/${accountId}/audit?${fresh}`, token);
      const told = trail.map(({ eventId }) => eventId);
      expect(told.reverse()).toEqual(events.map(({ id }) => `evt_${id}`));
    }
  }
};
