import { join } from 'node:path';
import { createDatabase } from '@keyledger/testing';
import { exists, expectNoPostgres, failToStart, UsedDirectory, withFile } from './harness/failed-start.js';
import { startKeyledger } from './harness/keyledger-process.js';
import type { Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let used: UsedDirectory;

beforeAll(async () => {
  used = await UsedDirectory.make();
});

afterAll(() => used.remove());

const inDataDir = (name: string): string => join(used.server.dataDir, name);

describe('does not start', () => {
  it('where another Keyledger has the data directory, which goes on', async () => {
    await used.server.start();
    const line = await used.failToStartAgain();
    expect(line).toMatch(/already running/);
    const visit = new Visit(used.server);
    expect((await visit.http.get('/health/ready')).status).toBe(200);
    visit.close();
    await used.server.stop();
    await expectNoPostgres(used.server.dataDir);
  });

  it('with another master key', async () => {
    const otherKey = `${Buffer.alloc(32, 9).toString('base64')}\n`;
    await withFile(inDataDir('master.key'), otherKey, async () => {
      expect(await used.failToStartAgain()).toMatch(/master key/i);
    });
    await expectNoPostgres(used.server.dataDir);
  });

  it('without the master key, and makes no new one', async () => {
    await withFile(inDataDir('master.key'), null, async () => {
      expect(await used.failToStartAgain()).toMatch(/master key/i);
      expect(await exists(inDataDir('master.key'))).toBe(false);
    });
    await expectNoPostgres(used.server.dataDir);
  });

  it('with a master key that is none', async () => {
    await withFile(inDataDir('master.key'), 'not a key\n', async () => {
      expect(await used.failToStartAgain()).toContain(inDataDir('master.key'));
    });
    await expectNoPostgres(used.server.dataDir);
  });

  it('with a key of the local issuer that is none, and does not show it', async () => {
    const text = '{"kty":"oct"}';
    await withFile(inDataDir('issuer-key.json'), text, async () => {
      const line = await used.failToStartAgain();
      expect(line).toContain('issuer-key.json');
      expect(line).not.toContain(text);
    });
    await expectNoPostgres(used.server.dataDir);
  });
});

describe('with a database of its user', () => {
  const settings = (url: string): Settings => ({
    ...{ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    KEYLEDGER_DATA_DIR: join(used.folder, 'beside-a-database'),
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
