import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './address-rule.js';

/** What the installation allows besides https to the public internet at the usual ports. */
export interface UrlSettings {
  /** Development only: this machine may be called, by http too and at any port. */
  readonly allowLoopback: boolean;
  /** Further ports. */
  readonly ports: readonly number[];
}

export const LONGEST_URL = 2_048;

const USUAL_PORTS: readonly number[] = [443, 8_443];

/** The scheme, and all up to the path or query: what a URL parser repairs silently does not match. */
const FORM = /^https?:\/\/([^/?]+)(?:[/?]|$)/i;

/** A name has at least two parts. One part alone is completed by some resolvers, with the domain that they are in. */
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST_NAME = 253;

/**
 * Names under these are of a network or a machine, or of the net itself (RFC 3172, 6761, 6762, 7686, 8375, 9476, ICANN,
 * and what is in use within networks). None is of the internet, so that a DNS server that knows one is of the inside.
 */
const INSIDE =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|lan|home|svc|onion|i2p|alt|arpa)$/;

/** An IPv6 address without its brackets. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Whether the URL names this machine: `localhost`, or a loopback address. */
const namesLoopback = ({ hostname }: URL): boolean => hostname === 'localhost' || isLoopbackAddress(bare(hostname));

/** Host and port as they are written, and whatever else stands before the path. */
type Authority = string | undefined;

const mistakesInText: readonly (readonly [found: (text: string, authority: Authority) => boolean, mistake: string])[] =
  [
    [(text) => text.length > LONGEST_URL, `must not be longer than ${LONGEST_URL} characters`],
    [
      (text) => !/^[!-~]*$/.test(text),
      'must be written in visible ASCII characters: a name as xn--…, all else percent-encoded',
    ],
    [(text) => text.includes('\\'), 'must not hold a backslash'],
    [(text) => text.includes('#'), 'must not have a fragment (#…), which would not be sent'],
    [(_, authority) => authority?.includes('@') === true, 'must not hold a user or a password'],
    [
      (text, authority) => authority === undefined || !URL.canParse(text),
      'must be a URL such as https://hooks.example.com/keyledger',
    ],
  ];

/**
 * Parsers repair hosts in many ways (decimal, octal, hexadecimal and short addresses, percent-encoding, a port with
 * zeros), and not all in the same. Only what needs no repair means the same to all.
 */
const mistakeInSpelling = (authority: Authority, { hostname, host, port, protocol }: URL): string | undefined => {
  const full = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  return authority === host || authority === full ? undefined : `must write its host plainly: it is read as "${host}"`;
};

const mistakeInHost = (host: string): string | undefined => {
  if (isIP(host) !== 0) {
    return isPublicAddress(host)
      ? undefined
      : 'must name a host of the public internet, not a private or special address';
  }
  if (host.endsWith('.')) return 'must not have a dot at the end of its host';
  if (INSIDE.test(host)) return 'must name a host of the public internet, not one of a network or machine';
  if (host.length > LONGEST_NAME || !NAME.test(host)) {
    return 'must name its host by a full name, such as hooks.example.com, or by a public address';
  }
  return undefined;
};

const mistakeInPort = ({ port }: URL, further: readonly number[]): string | undefined => {
  const allowed = [...USUAL_PORTS, ...further];
  return port === '' || allowed.includes(Number(port)) ? undefined : `must have one of the ports ${allowed.join(', ')}`;
};

const mistakeIn = (authority: Authority, url: URL, settings: UrlSettings): string | undefined => {
  const mistake = mistakeInSpelling(authority, url);
  if (mistake !== undefined) return mistake;
  if (settings.allowLoopback && namesLoopback(url)) return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  return mistakeInHost(bare(url.hostname)) ?? mistakeInPort(url, settings.ports);
};

/**
 * Reads a URL that webhooks are to be sent to. What can be said without asking anybody is said here; where its name
 * leads to is checked at every connection. The mistake reads on from the name of the field and holds no secret.
 */
export const readUrl = (text: string, settings: UrlSettings): { readonly url: URL } | { readonly mistake: string } => {
  const authority = FORM.exec(text)?.[1]?.toLowerCase();
  const mistake = mistakesInText.find(([found]) => found(text, authority))?.[1];
  if (mistake !== undefined) return { mistake };
  const url = new URL(text);
  const found = mistakeIn(authority, url, settings);
  return found === undefined ? { url } : { mistake: found };
};
