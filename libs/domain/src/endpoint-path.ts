import type { CatalogueEndpoint } from './catalogue.js';
import type { FieldError } from './rejection.js';

const LONGEST_PATH = 200;
/** What stands for itself in a path, encoded or not (RFC 3986, 3.3); but for `;`, which some servers cut a path at. */
const PLAIN = /[A-Za-z0-9._~!$&'()*+,=:@-]/;
/** What a path holds only percent-encoded. White space, `?`, `#` and `\` are left to be refused. */
const TO_ENCODE = /[^\s\u0000-\u007f]|["<>^`|[\]]/gu;

/** The one way to write a path: percent-encoded where it must be, in upper case, and nowhere else. */
const normalPath = (path: string): string =>
  path.replace(TO_ENCODE, encodeURIComponent).replace(/%([0-9A-Fa-f]{2})/g, (encoded, digits: string) => {
    const character = String.fromCharCode(parseInt(digits, 16));
    return PLAIN.test(character) ? character : encoded.toUpperCase();
  });

const isUtf8 = (path: string): boolean => {
  try {
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
};

const VARIABLE = /\{[^{}/]+\}/g;

/** By what each of them lets gateways and servers behind them disagree about which endpoint is called. */
const mistakes: readonly (readonly [holds: (path: string) => boolean, message: string])[] = [
  [(path) => !path.startsWith('/'), 'must begin with /'],
  [(path) => /[?#\\\s\u0000-\u001f\u007f]/.test(path), 'must have no query, fragment, backslash or white space'],
  [(path) => /%(?![0-9A-F]{2})/.test(path), 'must have two hexadecimal digits after each %'],
  [(path) => /%(?:[01][0-9A-F]|7F|2F|5C)/.test(path), 'must have no encoded slash, backslash or control character'],
  [(path) => !isUtf8(path), 'must be UTF-8 where it is percent-encoded'],
  [(path) => path.includes('//'), 'must have no empty segment'],
  [(path) => /\/\.{1,2}(?:\/|;|%3B|$)/.test(path), 'must have no segment . or ..'],
  [(path) => /[{}]/.test(path.replace(VARIABLE, '')), 'must have braces only around a whole name, as in {id}'],
  [(path) => path.length > LONGEST_PATH, `must have at most ${LONGEST_PATH} characters when percent-encoded`],
];

/** Two paths that differ in the names of their variable parts only are called by the same requests. */
const requestsOf = ({ method, path }: CatalogueEndpoint): string => `${method} ${path.replace(VARIABLE, '{}')}`;

/**
 * The wanted endpoints with their paths in the normal form, and what is wrong with them. Those that are `kept` as they
 * are stand: what was taken once can be given back.
 */
export const checkPaths = (
  wanted: readonly CatalogueEndpoint[],
  isKept: (endpoint: CatalogueEndpoint) => boolean,
): { readonly endpoints: readonly CatalogueEndpoint[]; readonly errors: readonly FieldError[] } => {
  const endpoints = wanted.map((each) => (isKept(each) ? each : { ...each, path: normalPath(each.path) }));
  const owners = new Map<string, CatalogueEndpoint>();
  for (const each of endpoints) if (each.status === 'active' && isKept(each)) owners.set(requestsOf(each), each);
  const errors = endpoints.flatMap((each, index) => {
    if (isKept(each)) return [];
    const owner = owners.get(requestsOf(each));
    owners.set(requestsOf(each), each);
    const taken = owner && `is that of "${owner.endpointId}" already, with the same method`;
    const message = mistakes.find(([holds]) => holds(each.path))?.[1] ?? taken;
    return message === undefined ? [] : [{ field: `endpoints.${index}.path`, message }];
  });
  return { endpoints, errors };
};
