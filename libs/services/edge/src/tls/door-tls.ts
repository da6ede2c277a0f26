import { stat } from 'node:fs/promises';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { logger } from '../observing/logging.js';
import type { Config } from '../settings/config.js';
import { readIdentity, tlsFilesOf, type Identity, type TlsFiles } from './identity.js';

/** Files are looked at again this often. Their changes are not told: Kubernetes changes a link above them. */
const LOOK_EVERY_MS = 2_000;

const DAY_MS = 86_400_000;
const WARNED_BEFORE_MS = 14 * DAY_MS;

/** Takes what happens to the files, as a log does. */
interface Journal {
  info(facts: object, line: string): void;
  warn(facts: object, line: string): void;
}

type OnRenewal = (context: SecureContextOptions) => void;

/** Another text each time that one of the files is another, or there or not. */
const stateOf = async ({ cert, key, clientCa }: TlsFiles): Promise<string> => {
  const states = [cert, key, clientCa ?? ''].map(async (path) => {
    try {
      const { dev, ino, size, ctimeNs, mtimeNs } = await stat(path, { bigint: true });
      return [dev, ino, size, ctimeNs, mtimeNs].join('.');
    } catch {
      return 'none';
    }
  });
  return (await Promise.all(states)).join(' ');
};

/**
 * TLS of both doors. When files change to a pair that fits, new connections get it; while they do not, the doors go on
 * with the pair before, and the log says so once.
 */
export class DoorTls {
  private readonly listeners: OnRenewal[] = [];
  private timer: NodeJS.Timeout | undefined;
  private warnedAtMs = -Infinity;

  private constructor(
    private readonly files: TlsFiles,
    private readonly log: Journal,
    private identity: Identity,
    private seen: string,
  ) {}

  /** Throws a ConfigError where the files cannot be used. */
  static async open(files: TlsFiles, log: Journal): Promise<DoorTls> {
    // First: what changes while it is read is then read again.
    const seen = await stateOf(files);
    const tls = new DoorTls(files, log, readIdentity(files), seen);
    tls.tell('The doors speak TLS');
    tls.lookLater();
    return tls;
  }

  get context(): SecureContextOptions {
    return this.identity.context;
  }

  /** What stays as it is, whatever the files say. */
  get serverOptions(): TlsOptions {
    const requestCert = this.files.clientCa !== null;
    return { requestCert, rejectUnauthorized: requestCert, handshakeTimeout: 10_000 };
  }

  onRenewal(listener: OnRenewal): void {
    this.listeners.push(listener);
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private lookLater(): void {
    this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    const state = await stateOf(this.files);
    if (this.timer === undefined) return;
    if (state !== this.seen) this.renew(state);
    this.warnOfEnd();
    this.lookLater();
  }

  private renew(state: string): void {
    this.seen = state;
    try {
      this.identity = readIdentity(this.files);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn({ reason }, 'The files of TLS cannot be used: the doors keep the certificate they have');
      return;
    }
    for (const listener of this.listeners) listener(this.context);
    this.warnedAtMs = -Infinity;
    this.tell('The doors speak TLS with renewed files');
  }

  private tell(what: string): void {
    const { subject, names, validUntil } = this.identity;
    this.log.info({ subject, names, validUntil, clientCertificates: this.files.clientCa !== null }, what);
    this.warnOfEnd();
  }

  /** Once a day, because someone has to act. */
  private warnOfEnd(): void {
    const { validUntil } = this.identity;
    const nowMs = performance.now();
    if (validUntil.getTime() - Date.now() > WARNED_BEFORE_MS || nowMs - this.warnedAtMs < DAY_MS) return;
    this.warnedAtMs = nowMs;
    this.log.warn({ validUntil }, 'The certificate of the doors ends soon: renew it');
  }
}

/** Undefined where the settings want none. Throws a ConfigError where the files cannot be used. */
export const openDoorTls = async (config: Config): Promise<DoorTls | undefined> => {
  const files = tlsFilesOf(config);
  return files === undefined ? undefined : DoorTls.open(files, logger(config));
};
