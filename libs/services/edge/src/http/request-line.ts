import type { IncomingMessage } from 'node:http';
import { Problem } from '../operation/problem.js';

/** A name or an address, with or without a port (RFC 9110, section 7.2). */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

/** As URLs write it: in small letters, and without the port that is meant anyway. */
const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);

/** Nobody may take the host of the target for another one than that of the header. */
const requireSameHost = (url: string, host: string): void => {
  const [, scheme] = /^([\w+.-]+:)\/\//.exec(url) ?? [];
  if (scheme === undefined || hostOf(url) === hostOf(`${scheme}//${host}`)) return;
  throw new Problem('malformed-request', 'The header Host must name the host that the target of the request names.');
};

const requireHost = ({ httpVersion, headersDistinct, url }: IncomingMessage): void => {
  const hosts = headersDistinct['host'] ?? [];
  const [host] = hosts;
  if (host === undefined && httpVersion === '1.0') return;
  if (host === undefined) throw new Problem('malformed-request', 'A request of HTTP/1.1 needs the header Host.');
  if (hosts.length > 1 || !HOST.test(host)) {
    throw new Problem('malformed-request', 'The header Host must be there once, and be a host.');
  }
  requireSameHost(url ?? '', host);
};

/** Parsers of queries take broken percent-encoding as it stands; we refuse it, as in the path. */
const requireDecodable = (url: string): void => {
  try {
    decodeURIComponent(url);
  } catch {
    throw new Problem('malformed-request', 'The URL is not percent-encoded UTF-8.');
  }
};

/** True for the header that nearly all clients send, of which `requireSound` has nothing to say. */
export const namesOneHost = ({ rawHeaders, headers }: IncomingMessage): boolean => {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (/^host$/i.test(rawHeaders[at] ?? '')) hosts += 1;
  return hosts === 1 && HOST.test(headers.host ?? '');
};

/** Throws the problem `malformed-request` where a request does not say clearly what it asks for. */
export const requireSound = (request: IncomingMessage): void => {
  const { url = '' } = request;
  requireHost(request);
  requireDecodable(url);
  if (url.includes('#')) throw new Problem('malformed-request', 'The URL of a request has no fragment: leave out #.');
};
