import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, settings } from '../src/settings/config.js';
import { mistakesOf } from './mistakes-of.js';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const oidc = { KEYLEDGER_OIDC_ISSUER: 'https://login.example/realm' };

describe('a secret in a file', () => {
  const secrets = {
    KEYLEDGER_DATABASE_URL: 'postgres://app:hunter2@db.example/keyledger',
    KEYLEDGER_MASTER_KEY: masterKey,
    KEYLEDGER_METRICS_TOKEN: 'scrape-me-if-you-can',
    EVENTSTOREDB_URL: 'esdb://admin:changeit@localhost:2113',
    EVENTSTOREDB_PASSWORD: ' hunter 2 ',
    KAFKA_SASL_PASSWORD: ' hunter 3 ',
    KEYLEDGER_WEBHOOK_PROXY: 'http://hooks:hunter4@proxy.internal:3128',
  };
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'keyledger-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const fileWith = (name: string, text: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const filesWith = (ending: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(secrets).map(([name, text]) => [`${name}_FILE`, fileWith(name, `${text}${ending}`)]),
    );
  const others = {
    ...{ ...oidc, EVENTSTOREDB_USERNAME: 'keyledger', KEYLEDGER_EVENT_LOG: 'eventstoredb' },
    ...{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'keyledger' },
  };

  it.each(['', '\n', '\r\n'])('is what the setting itself would be, with %j at its end', (ending) => {
    const fromFiles = parseConfig({ ...others, ...filesWith(ending) }, ['database', 'master-key']);
    const { masterKey: key, ...rest } = parseConfig({ ...others, ...secrets });
    expect(fromFiles).toMatchObject(rest);
    expect(key?.equals(fromFiles.masterKey ?? key)).toBe(true);
    expect(fromFiles.masterKey).not.toBeNull();
  });

  it('can be in a file for every setting that holds one, and each is told to people', () => {
    const files = settings.map(({ name }) => name).filter((name) => name.endsWith('_FILE'));
    const ofTls = ['KEYLEDGER_TLS_CERT_FILE', 'KEYLEDGER_TLS_KEY_FILE', 'KEYLEDGER_TLS_CLIENT_CA_FILE'];
    expect(files.sort()).toEqual([...Object.keys(secrets).map((name) => `${name}_FILE`), ...ofTls].sort());
  });

  it('is read through the links that Kubernetes mounts', () => {
    fileWith('real', masterKey);
    symlinkSync('real', join(folder, 'link'));
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: join(folder, 'link') })).toEqual([]);
  });

  it.each(Object.entries(secrets))('%s and its file are not both taken', (name, text) => {
    const env = {
      ...{ ...others, EVENTSTOREDB_URL: 'esdb://localhost', EVENTSTOREDB_PASSWORD: 'x' },
      KAFKA_SASL_PASSWORD: 'x',
    };
    const both = { ...env, [name]: text, [`${name}_FILE`]: fileWith('secret', text) };
    expect(mistakesOf(both)).toEqual([`${name}_FILE must not be set with ${name}: choose one of them`]);
    expect(mistakesOf({ ...both, [name]: '', [`${name}_FILE`]: '' })).not.toContain(expect.stringMatching(/choose/));
  });

  it.each([
    ['an empty file', '', 'must name a file that is not empty'],
    ['an empty line', '\n', 'must name a file that is not empty'],
    ['another text', 'hunter2', 'must name a file that holds the base64 of exactly 32 bytes'],
    ['a second newline', `${masterKey}\n\n`, 'must name a file that holds the base64 of exactly 32 bytes'],
    ['a large file', 'hunter2'.repeat(10_000), /^names a file that cannot be used: \S+ is larger than 64 KiB$/],
    [
      'bytes that are no text',
      Buffer.from([0xff, 0xfe, 0x41]),
      /^names a file that cannot be used: \S+ is not a text in UTF-8$/,
    ],
  ])('%s is refused in one line that does not show it', (_, content, complaint) => {
    const KEYLEDGER_MASTER_KEY_FILE = fileWith('secret', content);
    const [mistake = '', ...more] = mistakesOf({ KEYLEDGER_MASTER_KEY_FILE }, ['master-key']);
    expect(mistake.replace(/^KEYLEDGER_MASTER_KEY_FILE /, '')).toMatch(complaint);
    expect(mistake).not.toMatch(/hunter2|\n/);
    expect(more).toEqual([]);
  });

  it.each([
    ['KEYLEDGER_DATABASE_URL', 'postgres://app:hunter2@db.example/keyledger\n\n'],
    ['KEYLEDGER_METRICS_TOKEN', 'hunter2-hunter2-hunter2\n\n'],
    ['EVENTSTOREDB_PASSWORD', 'hunter2\n\n'],
    ['EVENTSTOREDB_URL', 'esdb://admin:hunter2@db\n\n'],
  ])('%s takes no second line', (name, text) => {
    const env = { ...oidc, EVENTSTOREDB_USERNAME: 'keyledger', EVENTSTOREDB_PASSWORD: 'x', [name]: '' };
    expect(mistakesOf({ ...env, [`${name}_FILE`]: fileWith('secret', text) })).toContainEqual(
      expect.stringMatching(new RegExp(`^${name}_FILE must name a file that holds (?!.*hunter2)`)),
    );
  });

  it('is refused where it is not, without repeating what may be the secret itself', () => {
    const longest = 'x'.repeat(5_000);
    for (const wrong of [masterKey, longest, `${fileWith('file', 'x')}/${masterKey}`]) {
      const [mistake = '', ...more] = mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: wrong }, ['master-key']);
      expect(mistake).toMatch(/^KEYLEDGER_MASTER_KEY_FILE must name a file that (exists|can be read \(E[A-Z]+\))$/);
      expect(more).toEqual([]);
    }
  });

  it('is refused in a file that others can read, and in a folder', () => {
    const path = fileWith('secret', masterKey);
    chmodSync(path, 0o604);
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: path })).toEqual([
      `KEYLEDGER_MASTER_KEY_FILE names a file that cannot be used: ${path} is open to other users (mode 0604). ` +
        `Take their rights away: chmod go-rw '${path}'`,
    ]);
    expect(mistakesOf({ KEYLEDGER_MASTER_KEY_FILE: folder })).toEqual([expect.stringMatching(/is not a file$/)]);
  });
});
