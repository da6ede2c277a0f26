import { isIPv6 } from 'node:net';

/** Where EventStoreDB is and how to talk to it: what an `esdb://` or `esdb+discover://` URL says. */
export interface EventStoreSettings {
  readonly hosts: readonly Endpoint[];
  readonly credentials: Credentials | null;
  readonly tls: boolean;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly connectionName?: string;
  readonly keepAliveIntervalMs: number;
  readonly keepAliveTimeoutMs: number;
  /** How long a node may take to show that it is the leader. */
  readonly probeTimeoutMs: number;
  /** Options of the URL that are valid and have no effect here, by name. */
  readonly unused: readonly string[];
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `host:port`, as in a URL. */
export const authorityOf = ({ address, port }: Endpoint): string =>
  `${isIPv6(address) ? `[${address}]` : address}:${port}`;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** EVENTSTOREDB_URL is wrong. The message never quotes the URL, which may hold a password. */
export class EventStoreUrlError extends Error {
  constructor(problem: string) {
    super(`EVENTSTOREDB_URL ${problem}`);
    this.name = 'EventStoreUrlError';
  }
}

const DEFAULT_PORT = 2_113;
const KEEP_ALIVE_MS = 10_000;
const PROBE_TIMEOUT_SECONDS = 2;

const SHAPE = /^esdb(?:\+discover)?:\/\/(?:([^/?]*)@)?([^/?@]+)\/?(?:\?(.*))?$/;
const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?))(?::(\d{1,5}))?$/i;

/** Names as the client spells them; case, `-` and `_` do not matter. */
const UNUSED = ['maxDiscoverAttempts', 'discoveryInterval', 'defaultDeadline', 'throwOnAppendFailure'] as const;

const OPTIONS = [
  'tls',
  'tlsVerifyCert',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'connectionName',
  'nodePreference',
  'keepAliveInterval',
  'keepAliveTimeout',
  'gossipTimeout',
  ...UNUSED,
] as const;

type Option = (typeof OPTIONS)[number];

const flat = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

const decoded = (what: string, text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new EventStoreUrlError(`has a broken %-escape in ${what}: write % as %25.`);
  }
};

const credentialsOf = (text: string | undefined): Credentials | null => {
  if (text === undefined) return null;
  const colon = text.indexOf(':');
  if (colon < 1) throw new EventStoreUrlError('has no user:password before the @ (an @ in them is written %40).');
  return {
    username: decoded('the user name', text.slice(0, colon)),
    password: decoded('the password', text.slice(colon + 1)),
  };
};

/** Undefined for what is neither a name nor, in brackets, an IPv6 address. */
const addressOf = (inBrackets: string | undefined, name: string | undefined): string | undefined =>
  inBrackets !== undefined && isIPv6(inBrackets) ? inBrackets : name;

const endpointOf = (text: string): Endpoint => {
  const [, inBrackets, name, digits] = HOST.exec(text.trim()) ?? [];
  const address = addressOf(inBrackets, name);
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (address === undefined || port < 1 || port > 65_535) {
    throw new EventStoreUrlError('has a host that is no name:port or [IPv6 address]:port with a port from 1 to 65535.');
  }
  return { address, port };
};

const optionsOf = (query: string): Map<Option, string> => {
  const options = new Map<Option, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', ...rest] = pair.split('=');
    const option = OPTIONS.find((known) => flat(known) === flat(name));
    if (option === undefined) {
      // Then it may be the rest of a password.
      if (query.includes('@')) throw new EventStoreUrlError('has an @ behind a ?: in a password write ? as %3F.');
      throw new EventStoreUrlError(`has the unknown option "${name}": known are ${OPTIONS.join(', ')}.`);
    }
    options.set(option, decoded(option, rest.join('=').trim()));
  }
  return options;
};

const isTrue = (options: ReadonlyMap<Option, string>, option: Option): boolean => {
  const value = options.get(option) ?? 'true';
  if (value !== 'true' && value !== 'false') throw new EventStoreUrlError(`needs ${option}=true or ${option}=false.`);
  return value === 'true';
};

const numberOf = (options: ReadonlyMap<Option, string>, option: Option, otherwise: number): number => {
  const value = options.get(option);
  if (value === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(value) || value === '0') throw new EventStoreUrlError(`needs a positive number for ${option}.`);
  return Number(value);
};

const checkTls = (options: ReadonlyMap<Option, string>): void => {
  if (!isTrue(options, 'tlsVerifyCert')) {
    throw new EventStoreUrlError('asks for tlsVerifyCert=false: name the CA instead, by tlsCAFile=/path/to/ca.crt.');
  }
  if (options.has('userCertFile') !== options.has('userKeyFile')) {
    throw new EventStoreUrlError('needs userCertFile and userKeyFile together.');
  }
};

const checkPreference = (preference: string): void => {
  if (flat(preference) === 'leader') return;
  throw new EventStoreUrlError(
    'may only have nodePreference=leader: a follower can be late, so only the leader is asked.',
  );
};

/** Throws EventStoreUrlError. */
export const parseEventStoreUrl = (url: string): EventStoreSettings => {
  const [, userinfo, hosts, query = ''] = SHAPE.exec(url.trim()) ?? [];
  if (hosts === undefined) {
    throw new EventStoreUrlError('is not of the form esdb://host:port,host:port?option=value (or esdb+discover://…).');
  }
  const options = optionsOf(query);
  checkTls(options);
  checkPreference(options.get('nodePreference') ?? 'leader');
  return {
    hosts: hosts.split(',').map(endpointOf),
    credentials: credentialsOf(userinfo),
    tls: isTrue(options, 'tls'),
    caFile: options.get('tlsCAFile'),
    certFile: options.get('userCertFile'),
    keyFile: options.get('userKeyFile'),
    connectionName: options.get('connectionName'),
    keepAliveIntervalMs: numberOf(options, 'keepAliveInterval', KEEP_ALIVE_MS),
    keepAliveTimeoutMs: numberOf(options, 'keepAliveTimeout', KEEP_ALIVE_MS),
    probeTimeoutMs: numberOf(options, 'gossipTimeout', PROBE_TIMEOUT_SECONDS) * 1_000,
    unused: UNUSED.filter((option) => options.has(option)),
  };
};
