import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate, compare, type Contender } from './alternate.js';
import { startBenchProcess } from './bench-process.js';
import type { Cluster } from './installation.js';
import type { PeerSaid, PeerTask } from './peer-server.js';
import type { Report, Sizes } from './report.js';
import { VerifyLoad, verifyTexts } from './verify-load.js';

const VERSION = '1.6.25';
const PACKAGES = [`better-auth@${VERSION}`, `@better-auth/api-key@${VERSION}`, 'pg@8.23.1'];
const INSTALL_DEADLINE_MS = 180_000;

/** Installs the peer into a folder of its own, once, outside of this repository; undefined where it cannot be. */
const installPeer = async (): Promise<string | undefined> => {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'keyledger-bench', `better-auth-${VERSION}`);
  if (existsSync(folder)) return folder;
  const made = `${folder}.${process.pid}`;
  try {
    await mkdir(made, { recursive: true });
    await writeFile(join(made, 'package.json'), '{ "private": true }\n');
    const flags = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'];
    await promisify(execFile)('npm', ['install', ...flags, ...PACKAGES], { cwd: made, timeout: INSTALL_DEADLINE_MS });
    await rename(made, folder);
    return folder;
  } catch (error) {
    process.stderr.write(`better-auth cannot be installed: ${String(error)}\n`);
    await rm(made, { recursive: true, force: true });
    return undefined;
  }
};

/** Verdicts beside those of better-auth's API-key plugin, behind a bare Fastify route, in the same PostgreSQL. */
export const benchPeer = async (cluster: Cluster, ours: Contender, sizes: Sizes, report: Report): Promise<void> => {
  const what = 'verify over HTTP beside a peer';
  const folder = await installPeer();
  if (folder === undefined) return report.note(what, `better-auth ${VERSION} could not be installed here`);
  const { databaseUrl } = await cluster.createInstallation('peer');
  const task: PeerTask = { folder, databaseUrl, secret: randomBytes(32).toString('base64url') };
  const peer = await startBenchProcess<PeerSaid>('peer-server', task);
  const bodies = peer.said.keys.map((credential) => ({ credential }));
  const texts = verifyTexts('/v1/verify', [''], bodies);
  const load = await VerifyLoad.open(peer.said.url, texts, (body) => body.startsWith('{"valid":true'));
  try {
    const contenders = { ours, peer: { pid: peer.pid, run: (ms: number) => load.run(ms) } };
    const rounds = await alternate(contenders, sizes);
    compare(report, rounds.ours, rounds.peer, { what, reference: `better-auth ${VERSION}, verifyApiKey`, atLeast: 20 });
  } finally {
    load.close();
    await peer.stop();
  }
};
