import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrCreateFile } from '../src/index.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyledger-durable-'));
  path = join(directory, 'key');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** The same call in a process of its own, which is killed between the draft and its link. Resolves with its signal. */
const killBeforeLink = async (text: string): Promise<unknown> => {
  const [loader, program] = ['../../testing/typescript-sources.mjs', 'killed-writer.mjs'].map((name) =>
    join(import.meta.dirname, name),
  );
  const child = spawn(process.execPath, ['--import', `${loader}`, `${program}`, path, text], {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
};

it('makes the file for its owner alone, and leaves nothing else', async () => {
  expect(await readOrCreateFile(path, () => 'first')).toEqual({ text: 'first', created: true });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['key']);
});

it('never writes over what is there', async () => {
  await writeFile(path, 'kept', { mode: 0o600 });
  expect(await readOrCreateFile(path, () => 'another')).toEqual({ text: 'kept', created: false });
  expect(await readFile(path, 'utf8')).toBe('kept');
});

it('agrees on one text with all who call at the same time', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(100));
  const files = await Promise.all(texts.map((text) => readOrCreateFile(path, () => text)));
  expect(new Set(files.map(({ text }) => text)).size).toBe(1);
  expect(files.filter(({ created }) => created)).toHaveLength(1);
  expect(files[0]?.text).toBe(await readFile(path, 'utf8'));
  expect(await readdir(directory)).toEqual(['key']);
});

it('leaves no file where it is killed before the file is whole, and is not disturbed by such a draft', async () => {
  expect(await killBeforeLink('half')).toBe('SIGKILL');
  const drafts = await readdir(directory);
  expect(drafts).toEqual([expect.stringMatching(/^key\../)]);
  expect(await killBeforeLink('half')).toBe('SIGKILL');

  expect(await readOrCreateFile(path, () => 'whole')).toEqual({ text: 'whole', created: true });
  expect((await readdir(directory)).filter((name) => name === 'key')).toEqual(['key']);
});

it('says what is wrong where the folder is missing', async () => {
  await rm(directory, { recursive: true });
  await expect(readOrCreateFile(path, () => 'text')).rejects.toMatchObject({ code: 'ENOENT' });
});
