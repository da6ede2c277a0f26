import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPrivateDirectory, readOrCreateFile, readPrivateFile } from '../src/index.js';

const isRoot = process.getuid?.() === 0;
const SOMEBODY = 54_321;

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyledger-private-'));
  path = join(directory, 'key');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const octal = (mode: number): string => `0${mode.toString(8)}`;

/** A file of an ordinary user's: of ourselves, or of somebody where we are root. */
const writeAs = async (mode: number): Promise<void> => {
  await writeFile(path, 'secret');
  if (isRoot) await chown(path, SOMEBODY, SOMEBODY);
  await chmod(path, mode);
};

it.each([0o600, 0o400, 0o700, 0o611])('reads a file of mode %o', async (mode) => {
  await writeAs(mode);
  expect(readPrivateFile(path)).toBe('secret');
});

it.each([0o640, 0o620, 0o604, 0o602, 0o444, 0o666])('refuses a file of mode %o, saying what to do', async (mode) => {
  await writeAs(mode);
  const refusal = `${path} is open to other users (mode ${octal(mode)}). Take their rights away: chmod go-rw '${path}'`;
  expect(() => readPrivateFile(path)).toThrow(refusal);
  await expect(readOrCreateFile(path, () => 'another')).rejects.toThrow(refusal);
});

it('refuses by what a link leads to', async () => {
  await writeAs(0o644);
  await symlink(path, join(directory, 'link'));
  expect(() => readPrivateFile(join(directory, 'link'))).toThrow('is open to other users');
});

// Only root can make such a file.
if (isRoot) {
  describe('a file of root, as secrets are mounted', () => {
    const ours = process.getgid?.() ?? 0;

    it.each([
      [0o440, ours, true],
      [0o640, ours, true],
      [0o660, ours, false],
      [0o444, ours, false],
      [0o640, SOMEBODY, false],
    ])('of mode %o and group %i is read: %p', async (mode, group, readable) => {
      await writeFile(path, 'secret');
      await chown(path, 0, group);
      await chmod(path, mode);
      const read = () => readPrivateFile(path);
      if (readable) expect(read()).toBe('secret');
      else expect(read).toThrow('is open to other users');
    });
  });
} else {
  it.todo('reads a file of root, as secrets are mounted: RUN THIS SUITE AS ROOT TO TEST IT');
}

it('answers null for a file that is not there', () => {
  expect(readPrivateFile(path)).toBeNull();
});

it('refuses what no secret is in', async () => {
  expect(() => readPrivateFile(directory)).toThrow(`${directory} is not a file`);
  execFileSync('mkfifo', ['-m', '600', path]);
  expect(() => readPrivateFile(path)).toThrow(`${path} is not a file`);
  await rm(path);
  await writeFile(path, 'x'.repeat(65_537), { mode: 0o600 });
  expect(() => readPrivateFile(path)).toThrow(`${path} is larger than 64 KiB`);
  await writeFile(path, Buffer.from([0xff, 0xfe, 0x41]));
  expect(() => readPrivateFile(path)).toThrow(`${path} is not a text in UTF-8`);
});

it('makes a folder that is private, with all above it', async () => {
  const folder = join(directory, 'a/b');
  expect(await openPrivateDirectory(folder)).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it.each([
  [0o700, true],
  [0o711, true],
  [0o755, false],
  [0o703, false],
])('takes a folder of mode %o: %p', async (mode, taken) => {
  await mkdir(path);
  await chmod(path, mode);
  const outcome = await openPrivateDirectory(path).catch(() => 'refused');
  expect(outcome).toBe(taken ? path : 'refused');
});
