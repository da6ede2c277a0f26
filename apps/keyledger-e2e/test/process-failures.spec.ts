import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@keyledger/testing';
import { exists, expectNoPostgres, failToStart, withFile } from './harness/failed-start.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import type { Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let server: KeyledgerProcess;
let folder: string;

/** A data directory that has been used once, whose server is stopped. Each test leaves it as it was. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
  server = await startKeyledger();
  await server.stop();
});

afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const inDataDir = (name: string): string => join(server.dataDir, name);

/** The tests start it again with what must keep it from starting. */
const failToStartAgain = (settings: Settings = {}): Promise<string> =>
  failToStart({ KEYLEDGER_DATA_DIR: server.dataDir, ...settings });

describe('does not start', () => {
  it('where another Keyledger has the data directory, which goes on', async () => {
    await server.start();
    const line = await failToStartAgain();
    expect(line).toMatch(/already running/);
    const visit = new Visit(server);
    expect((await visit.http.get('/health/ready')).status).toBe(200);
    visit.close();
    await server.stop();
    await expectNoPostgres(server.dataDir);
  });

  it('with another master key', async () => {
    const otherKey = `${Buffer.alloc(32, 9).toString('base64')}\n`;
    await withFile(inDataDir('master.key'), otherKey, async () => {
      expect(await failToStartAgain()).toMatch(/master key/i);
    });
    await expectNoPostgres(server.dataDir);
  });

  it('without the master key, and makes no new one', async () => {
    await withFile(inDataDir('master.key'), null, async () => {
      expect(await failToStartAgain()).toMatch(/master key/i);
      expect(await exists(inDataDir('master.key'))).toBe(false);
    });
    await expectNoPostgres(server.dataDir);
  });

  it('with a master key that is none', async () => {
    await withFile(inDataDir('master.key'), 'not a key\n', async () => {
      expect(await failToStartAgain()).toContain(inDataDir('master.key'));
    });
    await expectNoPostgres(server.dataDir);
  });

  it.each(['', '{"kty":"oct"}', 'nonsense'])(
    'with %j for a key of the local issuer, and does not show it',
    async (text) => {
      await withFile(inDataDir('issuer-key.json'), text, async () => {
        const line = await failToStartAgain();
        expect(line).toContain('issuer-key.json');
        if (text !== '') expect(line).not.toContain(text);
      });
      await expectNoPostgres(server.dataDir);
    },
  );
});

describe('with a database of its user', () => {
  const settings = (url: string): Settings => ({
    ...{ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    KEYLEDGER_DATA_DIR: join(folder, 'beside-a-database'),
  });

  it('does not start with another master key than the first time', async () => {
    const database = await createDatabase();
    const first = await startKeyledger(settings(database.url));
    await first.stop();
    const otherKey = Buffer.alloc(32, 9).toString('base64');
    const line = await failToStart({ ...settings(database.url), KEYLEDGER_MASTER_KEY: otherKey });
    expect(line).toMatch(/master key/i);
    expect(line).not.toContain(otherKey);
    await first.remove();
    await database.drop();
  });
});
