import { firstEvent, startEsdbNode, type EsdbNode } from '@keyledger/testing';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LogUnavailable,
  NO_STREAM,
  openEventStoreEventLog,
  type EventLog,
  type EventStoreEventLogOptions,
} from '../src/index.js';
import { anEvent, readAll } from './events.js';

/** The client parses this. Node before 26 cannot write it again. */
const deepJson = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
const isWritable = (): boolean => {
  try {
    return JSON.stringify(JSON.parse(deepJson)) === deepJson;
  } catch {
    return false;
  }
};
const PASSWORD = 'correct horse';

describe('Opening a log on EventStoreDB', () => {
  let dir: string;
  let plain: EsdbNode;
  let secure: EsdbNode;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keyledger-tls-'));
    plain = await startEsdbNode();
    secure = await startEsdbNode({ tls: { dir }, password: PASSWORD });
    secure.addUser('keyledger', 'battery staple');
  });

  afterAll(async () => {
    await Promise.all([plain.stop(), secure.stop()]);
    await rm(dir, { recursive: true });
  });

  const open = (given: Partial<EventStoreEventLogOptions>): Promise<EventLog> =>
    openEventStoreEventLog({ firstEvent, url: plain.url, streams: 'thing-.+', ...given });

  /** The error of an opening that must fail, which says nothing of any password. */
  const refusal = async (given: Partial<EventStoreEventLogOptions>): Promise<Error> => {
    const outcome = await open(given).then(
      () => new Error('It was opened.'),
      (error: Error) => error,
    );
    expect(outcome.message).not.toContain(given.password ?? PASSWORD);
    return outcome;
  };

  const asAdmin = { username: 'admin', password: PASSWORD };

  it.each([
    ['settings', () => ({ url: secure.url, ...asAdmin })],
    ['the URL', () => ({ url: secure.url.replace('esdb://', `esdb://admin:${encodeURIComponent(PASSWORD)}@`) })],
    [
      'settings, which count more than the URL',
      () => ({ url: secure.url.replace('esdb://', 'esdb://admin:hunter2@'), password: PASSWORD }),
    ],
  ])('takes the credentials from %s, for appends, reads and subscriptions', async (_, given) => {
    const log = await open({ ...given(), streamPrefix: 'with-credentials-' });
    const expected = { kind: 'ok' };
    const stream = `with-credentials-thing-${await log.head()}`;
    expect(await log.append(stream, NO_STREAM, [anEvent()])).toMatchObject(expected);
    for await (const item of log.follow(null, new AbortController().signal)) {
      if (item.kind === 'caught-up') break;
    }
    await log.close();
  });

  it.each([
    ['a wrong password', () => ({ url: secure.url, ...asAdmin, password: 'hunter2' }), /the password is wrong/],
    ['no credentials', () => ({ url: secure.url }), /access is denied: set EVENTSTOREDB_USERNAME/],
    ['an unknown CA', () => ({ url: secure.url.split('&')[0] ?? '', ...asAdmin }), /not signed by a known CA/],
    ['TLS against plain text', () => ({ url: plain.url.replace('tls=false', 'tls=true') }), /no TLS is spoken there/],
    [
      'a CA file that is not there',
      () => ({ url: 'esdb://localhost?tlsCAFile=/not/there' }),
      /\/not\/there, which cannot be read/,
    ],
    ['a URL of another kind', () => ({ url: 'postgres://localhost' }), /EVENTSTOREDB_URL is not of the form/],
  ])('refuses %s for good, in one clear line', async (_, given, expected) => {
    const error = await refusal(given());
    expect(error.message).toMatch(expected);
    expect(error.message).not.toMatch(/\n/);
    expect(error).not.toBeInstanceOf(LogUnavailable);
  });

  it.each([
    ['plain text against TLS', () => `esdb://127.0.0.1:${secure.port}?tls=false`, /TLS may be wanted there/],
    ['a port where nothing listens', () => 'esdb://127.0.0.1:1?tls=false', /127\.0\.0\.1:1: nothing listens there/],
    ['a name that is not known', () => 'esdb://nobody.invalid?tls=false', /the name cannot be resolved/],
  ])('says that it is unavailable, and why, for %s', async (_, url, expected) => {
    const error = await refusal({ url: url() });
    expect(error.message).toMatch(expected);
    expect(error).toBeInstanceOf(LogUnavailable);
  });

  it('gives up a server that says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const error = await refusal({ url: `esdb://127.0.0.1:${port}?tls=false&gossipTimeout=1` });
    expect(error.message).toMatch(/no answer within 1000 ms/);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('says how a user gets the grant to read $all, and accepts that it was given', async () => {
    const asUser = { url: secure.url, username: 'keyledger', password: 'battery staple', streamPrefix: 'granted-' };
    const { message } = await refusal(asUser);
    expect(message).toMatch(/does not let keyledger read \$all.*getStreamMetadata.*setStreamMetadata/);
    const acl = { $acl: { $r: ['$admins', 'keyledger'] } };
    const data = Buffer.from(JSON.stringify(acl));
    secure.write('$$$all', { type: '$metadata', contentType: 'application/json', data });
    const log = await open(asUser);
    await expect(log.head()).resolves.toContain(log.logId);
    secure.write('$$$all', { type: '$metadata', contentType: 'application/json', data: Buffer.from('{}') });
    const withdrawn = /does not let keyledger read \$all.*getStreamMetadata.*setStreamMetadata/;
    await expect(log.head()).rejects.toThrow(withdrawn);
    const reasons: string[] = [];
    for await (const item of log.follow(null, new AbortController().signal)) {
      if (item.kind === 'unavailable') reasons.push(item.reason);
      if (reasons.length > 0) break;
    }
    expect(reasons).toEqual([expect.stringMatching(withdrawn)]);
    await log.close();
  });

  it('refuses a stream that holds something else, and a prefix that is none', async () => {
    plain.write('taken-log', { type: 'Foreign', data: Buffer.from('no JSON') });
    expect((await refusal({ streamPrefix: 'taken-' })).message).toMatch(/taken-log holds something else/);
    await expect(open({ streamPrefix: 'A_' })).rejects.toThrow(RangeError);
  });

  it('opens, and tells its head, whatever others have stored last', async () => {
    const prefixed = { streamPrefix: 'shared-' };
    const log = await open(prefixed);
    const head = await log.head();
    plain.write('foreign', { type: 'Deep', contentType: 'application/json', data: Buffer.from(deepJson) });
    expect(await log.head()).toBe(head);
    const other = await open(prefixed);
    expect(other.logId).toBe(log.logId);
    plain.write('shared-thing-1', { type: 'Deep', contentType: 'application/json', data: Buffer.from(deepJson) });
    const read = await readAll(log, 'shared-thing-1').catch((error: Error) => error.message);
    const damaged = 'The event log is damaged: revision 0 of shared-thing-1 holds what cannot be converted';
    const expected = isWritable() ? [expect.objectContaining({ data: Buffer.from(deepJson) })] : damaged;
    expect(read).toEqual(typeof expected === 'string' ? expect.stringContaining(expected) : expected);
    await Promise.all([log.close(), other.close()]);
  });

  it('goes on to the next host while one is dead, and to the leader that a follower names', async () => {
    const cluster = await open({ url: `esdb://127.0.0.1:1,127.0.0.1:${plain.port}?tls=false` });
    const follower = await startEsdbNode({ followerOf: plain });
    const redirected = await open({ url: follower.url });
    expect(redirected.logId).toBe(cluster.logId);
    await Promise.all([cluster.close(), redirected.close()]);
    await follower.stop();
  });

  it('writes the first event once, however many open the log at once and whatever gets lost', async () => {
    plain.fail('append', { answer: 'reset', written: true }, 2);
    const opened = await Promise.all(Array.from({ length: 5 }, () => open({ streamPrefix: 'raced-' })));
    expect(new Set(opened.map(({ logId }) => logId)).size).toBe(1);
    expect(plain.store.stream('raced-log')).toHaveLength(1);
    await Promise.all(opened.map((log) => log.close()));
  });

  it('refuses a version with a known defect, and warns of one that is not known', async () => {
    const [defective, unknown] = [
      await startEsdbNode({ version: '24.10.2' }),
      await startEsdbNode({ version: '1.0.0' }),
    ];
    expect((await refusal({ url: defective.url })).message).toMatch(/24\.10\.2 has a defect/);
    const warnings: string[] = [];
    const url = `${unknown.url}&defaultDeadline=1`;
    await (await open({ url, onWarning: (line) => warnings.push(line) })).close();
    expect(warnings).toEqual([
      expect.stringMatching(/defaultDeadline has no effect/),
      expect.stringMatching(/1\.0\.0/),
    ]);
    await Promise.all([defective.stop(), unknown.stop()]);
  });
});
