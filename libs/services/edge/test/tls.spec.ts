import 'reflect-metadata';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { credentials, makeClientConstructor, status, type ServiceError } from '@grpc/grpc-js';
import { CertificateAuthority } from '@keyledger/testing';
import { service as healthService } from 'grpc-health-check';
import { parseConfig } from '../src/settings/config.js';
import { DoorTls } from '../src/tls/door-tls.js';
import { requireUsableFiles } from '../src/tls/identity.js';
import { serve, type Serving } from './serving.js';

let folder: string;
let authority: CertificateAuthority;
let foreign: CertificateAuthority;
let pair: Awaited<ReturnType<CertificateAuthority['issue']>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyledger-tls-'));
  authority = await CertificateAuthority.make(join(folder, 'ours'));
  foreign = await CertificateAuthority.make(join(folder, 'foreign'));
  pair = await authority.issue('doors');
});
afterAll(() => rm(folder, { recursive: true }));

const settingsOf = ({ cert, key }: typeof pair, clientCa = ''): Record<string, string> => ({
  KEYLEDGER_TLS_CERT_FILE: cert,
  KEYLEDGER_TLS_KEY_FILE: key,
  KEYLEDGER_TLS_CLIENT_CA_FILE: clientCa,
});

interface Caller {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

const callerOf = (trusted: CertificateAuthority, own?: typeof pair): Caller => ({
  ca: readFileSync(trusted.cert),
  ...(own === undefined ? {} : { cert: readFileSync(own.cert), key: readFileSync(own.key) }),
});

/** On a connection of its own. */
const ask = async (url: string, caller: Caller, options: RequestOptions = {}): Promise<IncomingMessage> => {
  const [response] = (await once(get(url, { ...caller, agent: false, ...options }), 'response')) as [IncomingMessage];
  return response;
};

const portsOf = ({ httpUrl, grpcAddress }: Serving): readonly number[] => [
  Number(new URL(httpUrl).port),
  Number(new URL(`http://${grpcAddress}`).port),
];

const HealthClient = makeClientConstructor(healthService, 'Health');

/** A client that stays connected, and says how a check has ended. */
const grpcClient = (server: Serving, { ca, cert, key }: Caller) => {
  // By name: from Node 26 on grpc-js's own client cannot speak TLS to an address.
  const address = `localhost:${portsOf(server)[1]}`;
  const client = new HealthClient(address, credentials.createSsl(ca, key ?? null, cert ?? null));
  const check = (): Promise<string> =>
    new Promise((resolve) => {
      const deadline = Date.now() + 10_000;
      client['Check']?.({ service: '' }, { deadline }, (error: ServiceError | null, reply?: { status: string }) =>
        resolve(error === null ? (reply?.status ?? '') : (status[error.code] ?? '')),
      );
    });
  return { check, close: () => client.close() };
};

const checkOnce = async (server: Serving, caller: Caller): Promise<string> => {
  const client = grpcClient(server, caller);
  return client.check().finally(() => client.close());
};

/** A handshake with either door. Rejects where it fails. */
const shakeHands = async (port: number, options: ConnectionOptions): Promise<TLSSocket> => {
  const socket = connect({ host: '127.0.0.1', port, ALPNProtocols: ['h2', 'http/1.1'], ...options });
  await once(socket, 'secureConnect');
  return socket;
};

/** Until it is true, or the test has lasted too long. */
const until = async (isTrue: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isTrue())) await pause(50);
};

describe('the doors with TLS', () => {
  let server: Serving;
  beforeAll(async () => void (server = await serve([], settingsOf(pair))));
  afterAll(() => server.close());

  it('answer those who trust their authority, and tell browsers to come by TLS only', async () => {
    expect(server.httpUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    for (const [path, code] of [
      ['/health/live', 200],
      ['/', 200],
      ['/v1/nothing', 401],
    ] as const) {
      const response = await ask(`${server.httpUrl}${path}`, callerOf(authority));
      expect(response.statusCode).toBe(code);
      expect(response.headers['strict-transport-security']).toBe('max-age=31536000');
    }
    expect(await checkOnce(server, callerOf(authority))).toBe('SERVING');
  });

  it('prove themselves to nobody else', async () => {
    await expect(ask(`${server.httpUrl}/health/live`, callerOf(foreign))).rejects.toThrow(/certificate|signature/);
    expect(await checkOnce(server, callerOf(foreign))).toBe('UNAVAILABLE');
  });

  it('answer what is no request by TLS as well', async () => {
    const [port = 0] = portsOf(server);
    const socket = await shakeHands(port, { ...callerOf(authority), ALPNProtocols: ['http/1.1'] });
    socket.end('no request\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('\r\nstrict-transport-security: ');
  });

  it.each([0, 1])('refuse TLS 1.1 at door %i, and take 1.2 and 1.3', async (door) => {
    const port = portsOf(server)[door] ?? 0;
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    await expect(shakeHands(port, { ...callerOf(authority), ...old })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await shakeHands(port, { ...callerOf(authority), minVersion: version, maxVersion: version });
      expect(socket.getProtocol()).toBe(version);
      socket.destroy();
    }
  });

  it.each([0, 1])('close a connection of plain text at door %i, and go on', async (door) => {
    const socket = connectPlain(portsOf(server)[door] ?? 0, '127.0.0.1').on('error', () => undefined);
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    if (!socket.closed) await once(socket.resume(), 'close');
    expect((await ask(`${server.httpUrl}/health/live`, callerOf(authority))).statusCode).toBe(200);
    expect(await checkOnce(server, callerOf(authority))).toBe('SERVING');
  });
});

it('without TLS nobody is told to come by TLS', async () => {
  const server = await serve([]);
  expect((await fetch(`${server.httpUrl}/health/live`)).headers.get('strict-transport-security')).toBeNull();
  await server.close();
});

it('a chain is shown whole', async () => {
  const below = await authority.makeBelow(join(folder, 'below'));
  const { cert, key } = await below.issue('chained');
  await appendFile(cert, await readFile(below.cert));
  const server = await serve([], { ...settingsOf({ cert, key }), KEYLEDGER_HOST: 'localhost' });
  expect(server.httpUrl).toMatch(/^https:\/\/localhost:/);
  expect((await ask(`${server.httpUrl}/health/live`, callerOf(authority))).statusCode).toBe(200);
  expect(await checkOnce(server, callerOf(authority))).toBe('SERVING');
  await server.close();
});

describe('where callers need a certificate', () => {
  let server: Serving;
  beforeAll(async () => void (server = await serve([], settingsOf(pair, authority.cert))));
  afterAll(() => server.close());

  const outcomeOf = async (caller: Caller): Promise<readonly unknown[]> => [
    await ask(`${server.httpUrl}/health/live`, caller).then(
      ({ statusCode }) => statusCode,
      () => 'refused',
    ),
    await checkOnce(server, caller),
  ];

  it('one of their authority comes in, at both doors', async () => {
    const own = await authority.issue('caller', { names: 'DNS:caller', usage: 'clientAuth' });
    expect(await outcomeOf(callerOf(authority, own))).toEqual([200, 'SERVING']);
  });

  it.each([
    ['none', async () => undefined],
    ['one of another authority', () => foreign.issue('stranger')],
    ['one for servers', () => authority.issue('server', { usage: 'serverAuth' })],
    ['one that has ended', () => authority.issue('ended', { days: -1 })],
  ])('with %s nobody comes in, for health neither', async (_, own) => {
    expect(await outcomeOf(callerOf(authority, await own()))).toEqual(['refused', 'UNAVAILABLE']);
  });
});

describe('files that change', () => {
  /** As Kubernetes mounts a secret: each version in a folder, and a link to it above. */
  const mountAs = async (mount: string, version: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await mkdir(join(mount, version), { recursive: true });
    for (const [name, from] of Object.entries(files)) await copyFile(from, join(mount, version, name));
    await symlink(version, join(mount, '..data_tmp'));
    await rename(join(mount, '..data_tmp'), join(mount, '..data'));
  };
  const mountedAt = async (mount: string, ...names: readonly string[]): Promise<void> => {
    for (const name of names) await symlink(join('..data', name), join(mount, name));
  };

  it('are what new connections see, and old ones stay', async () => {
    const mount = join(folder, 'mount');
    const next = await foreign.issue('renewed');
    await mountAs(mount, '..1', { 'tls.crt': pair.cert, 'tls.key': pair.key, 'ca.crt': authority.cert });
    await mountedAt(mount, 'tls.crt', 'tls.key', 'ca.crt');
    const at = (name: string): string => join(mount, name);
    const server = await serve([], settingsOf({ cert: at('tls.crt'), key: at('tls.key') }, at('ca.crt')));
    const old = callerOf(authority, pair);
    const renewed = callerOf(foreign, next);
    const client = grpcClient(server, old);
    expect(await client.check()).toBe('SERVING');
    const [httpPort = 0] = portsOf(server);
    const socket = await shakeHands(httpPort, { ...old, ALPNProtocols: ['http/1.1'] });
    const [session] = (await once(socket.resume(), 'session')) as [Buffer];

    await mountAs(mount, '..2', { 'tls.crt': next.cert, 'tls.key': next.key, 'ca.crt': foreign.cert });
    const comesIn = (caller: Caller): Promise<boolean> =>
      ask(`${server.httpUrl}/health/live`, caller).then(
        ({ statusCode }) => statusCode === 200,
        () => false,
      );
    await until(() => comesIn(renewed));
    expect(await checkOnce(server, renewed)).toBe('SERVING');
    expect(await comesIn(old)).toBe(false);
    expect(await checkOnce(server, old)).toBe('UNAVAILABLE');
    // A session of before is not taken up again: its certificate would be checked by nobody.
    await expect(shakeHands(httpPort, { ...old, session })).rejects.toThrow(/certificate|signature/);

    expect(await client.check()).toBe('SERVING');
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
    client.close();
    await server.close();
  });

  /** At once, so that the test knows what is seen. */
  const replace = async (path: string, content: string): Promise<void> => {
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
  };

  it('are not taken while they do not fit, which is said once, and are when they do', async () => {
    const [cert, key] = [join(folder, 'changing.crt'), join(folder, 'changing.key')] as const;
    await copyFile(pair.cert, cert);
    await copyFile(pair.key, key);
    const lines: string[] = [];
    const note = (facts: object, line: string) => void lines.push(`${line} ${JSON.stringify(facts)}`);
    const tls = await DoorTls.open({ cert, key, clientCa: null }, { info: note, warn: note });
    const told: unknown[] = [];
    tls.onRenewal((context) => told.push(context));
    expect(lines.splice(0)).toEqual([
      expect.stringMatching(
        /^The doors speak TLS \{"subject":"CN=doors","names":"DNS:localhost, .*,"validUntil":"\d{4}-/,
      ),
    ]);
    const before = tls.context;
    const next = await authority.issue('next', { days: 10 });
    const whole = await readFile(next.cert, 'utf8');
    for (const [file, part, reason] of [
      [key, await readFile(next.key, 'utf8'), /must name the key of the first certificate/],
      [cert, whole.slice(0, -200), /each of them whole/],
      [cert, '', /not empty/],
    ] as const) {
      await replace(file, part);
      await until(() => lines.length > 0);
      expect(lines.splice(0)).toEqual([expect.stringMatching(reason)]);
      expect(tls.context).toBe(before);
    }
    await rm(cert);
    await until(() => lines.length > 0);
    expect(lines.splice(0)).toEqual([expect.stringMatching(/KEYLEDGER_TLS_CERT_FILE must name a file that exists/)]);
    expect(told).toEqual([]);
    await replace(cert, whole);
    await until(() => told.length > 0);
    expect(told).toEqual([tls.context]);
    expect(lines.splice(0)).toEqual([
      expect.stringMatching(/^The doors speak TLS with renewed files \{"subject":"CN=next"/),
      expect.stringMatching(/^The certificate of the doors ends soon: renew it/),
    ]);
    tls.close();
  }, 30_000);
});

describe('files that cannot be used', () => {
  const mistakeOf = (settings: Readonly<Record<string, string>>): string => {
    try {
      requireUsableFiles(parseConfig(settings));
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  const textAt = async (name: string, content: string, mode = 0o600): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };

  it('none is', () => expect(mistakeOf(settingsOf(pair, authority.cert))).toBe(''));

  it.each<readonly [string, () => Promise<readonly [pair: typeof pair, clientCa?: string]>, RegExp]>([
    [
      'no certificate',
      async () => [{ ...pair, cert: '/not/there' }],
      /^KEYLEDGER_TLS_CERT_FILE must name a file that exists$/,
    ],
    ['no key', async () => [{ ...pair, key: '/not/there' }], /^KEYLEDGER_TLS_KEY_FILE must name a file that exists$/],
    ['no authority', async () => [pair, '/not/there'], /^KEYLEDGER_TLS_CLIENT_CA_FILE must name a file that exists$/],
    [
      'an empty authority',
      async () => [pair, await textAt('no.crt', '\n')],
      /^KEYLEDGER_TLS_CLIENT_CA_FILE must name a file that is not empty$/,
    ],
    [
      'a text',
      async () => [pair, await textAt('no.crt', 'hello')],
      /^KEYLEDGER_TLS_CLIENT_CA_FILE must name a file of certificates in PEM/,
    ],
    [
      'a key for a certificate',
      async () => [{ ...pair, cert: pair.key }],
      /^KEYLEDGER_TLS_CERT_FILE must name a file of certificates/,
    ],
    [
      'a certificate for a key',
      async () => [{ ...pair, key: await textAt('no.key', await readFile(pair.cert, 'utf8')) }],
      /^KEYLEDGER_TLS_KEY_FILE must name a file with a private key/,
    ],
    [
      'the key of another',
      async () => [{ ...pair, key: (await foreign.issue('other')).key }],
      /^KEYLEDGER_TLS_KEY_FILE must name the key of the first certificate/,
    ],
    [
      'a key that others can read',
      async () => [{ ...pair, key: await textAt('open.key', await readFile(pair.key, 'utf8'), 0o604) }],
      /^KEYLEDGER_TLS_KEY_FILE names a file that cannot be used: .* is open to other users/,
    ],
    [
      'a certificate that has ended',
      async () => [await authority.issue('ended', { days: -1 })],
      /^KEYLEDGER_TLS_CERT_FILE must name a certificate that is valid: it ended /,
    ],
  ])('%s is refused in one line', async (_, files, complaint) => {
    const mistake = mistakeOf(settingsOf(...(await files())));
    expect(mistake).toMatch(complaint);
    expect(mistake).not.toMatch(/\n|BEGIN/);
  });
});
