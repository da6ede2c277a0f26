import { checkToken, send, type Exchange } from './exchange.js';
import { unexpectedAnswer } from './failures.js';
import { keyOf, VerdictCache } from './verdict-cache.js';
import { isVerdict, type Verdict, type VerifyRequest } from './verification.js';
import { VerifierError } from './verifier-error.js';

export interface VerifierOptions {
  /** Where Keyledger's verification is, such as `https://keyledger.internal`. */
  readonly url: string;
  /** A token with the role verifier, or a function that gives one and renews it: it is called for every try. */
  readonly token: string | (() => string | Promise<string>);
  /** For all tries of a question together: 5,000 unless set. */
  readonly timeoutMs?: number;
  /** For each try: 2,500 unless set. */
  readonly tryTimeoutMs?: number;
  /** How often it asks again after a network error, a timeout, 429, 502 or 503: 2 unless set, at most 10. */
  readonly retries?: number;
  /** Keeps positive verdicts for a moment. Off unless set; `true` is 1,000 entries for 1,000 ms, the longest. */
  readonly cache?: boolean | { readonly maxEntries?: number; readonly maxAgeMs?: number };
  /** Instead of the global one, which keeps its connections. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface Verifier {
  /** A negative verdict is an answer. Where there is none, this fails with a VerifierError. */
  verify(request: VerifyRequest): Promise<Verdict>;
  /** At most 1,000 questions in one, answered in their order. The cache has no part in it. */
  verifyBatch(items: readonly VerifyRequest[]): Promise<readonly Verdict[]>;
}

const LARGEST_BATCH = 1_000;

const invalidOption = (message: string): VerifierError => new VerifierError('invalid-options', message);

const optionNames = ['url', 'token', 'timeoutMs', 'tryTimeoutMs', 'retries', 'cache', 'fetch'];
const cacheOptionNames = ['maxEntries', 'maxAgeMs'];

/** A misspelt option would count for nothing, and nobody would notice. */
const checkNames = (options: object, known: readonly string[], prefix = ''): void => {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw invalidOption(`There is no option \`${prefix}${unknown}\`. There are ${known.join(', ')}.`);
};

const checkUrl = (url: string): string => {
  if (!URL.canParse(url)) throw invalidOption('`url` is not a URL. Pass one such as https://keyledger.internal.');
  const { protocol, username, password, search, hash, href } = new URL(url);
  if (!/^https?:$/.test(protocol) || `${username}${password}${search}${hash}` !== '') {
    throw invalidOption('`url` begins with http: or https:, and holds no user, password, query or fragment.');
  }
  return href.replace(/\/+$/, '');
};

const checkNumber = (name: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidOption(`\`${name}\` is a whole number from ${least} to ${most}.`);
};

const checkFetch = (fetch: unknown): typeof globalThis.fetch => {
  if (typeof fetch === 'function') return fetch as typeof globalThis.fetch;
  throw invalidOption('`fetch` is a function like the global one.');
};

const readExchange = ({ url, token, ...options }: VerifierOptions): Exchange => ({
  url: checkUrl(url),
  token:
    typeof token === 'function'
      ? token
      : (
          (checked) => () =>
            checked
        )(checkToken(token)),
  timeoutMs: checkNumber('timeoutMs', options.timeoutMs ?? 5_000, 1, 600_000),
  tryTimeoutMs: checkNumber('tryTimeoutMs', options.tryTimeoutMs ?? 2_500, 1, 600_000),
  retries: checkNumber('retries', options.retries ?? 2, 0, 10),
  fetch: checkFetch(options.fetch ?? globalThis.fetch),
});

const checkCache = (cache: Exclude<VerifierOptions['cache'], undefined | false>) => {
  if (cache === true) return {};
  if (typeof cache !== 'object' || cache === null) {
    throw invalidOption('`cache` is true, false, or an object with maxEntries and maxAgeMs.');
  }
  checkNames(cache, cacheOptionNames, 'cache.');
  return cache;
};

const readCache = (cache: VerifierOptions['cache'] = false): VerdictCache | undefined => {
  if (cache === false) return undefined;
  const { maxEntries = 1_000, maxAgeMs = 1_000 } = checkCache(cache);
  return new VerdictCache(
    checkNumber('cache.maxEntries', maxEntries, 1, 1_000_000),
    checkNumber('cache.maxAgeMs', maxAgeMs, 1, 1_000),
  );
};

const invalidRequest = (message: string): VerifierError => new VerifierError('invalid-request', message);

const writeJson = (question: object): string => {
  if (typeof question !== 'object' || question === null) throw invalidRequest('A question is an object. Pass one.');
  try {
    return JSON.stringify(question);
  } catch {
    throw invalidRequest('The question cannot be written as JSON. Pass texts and lists of texts.');
  }
};

/** Asks Keyledger. Make one for all requests of a program: a cache belongs to it, and to the identity of its token. */
export const createVerifier = (options: VerifierOptions): Verifier => {
  if (typeof options !== 'object' || options === null) throw invalidOption('The options are an object. Pass one.');
  checkNames(options, optionNames);
  const exchange = readExchange(options);
  const cache = readCache(options.cache);

  const askOne = async (body: string): Promise<Verdict> => {
    const answer = await send(exchange, '/v1/verify', body);
    if (!isVerdict(answer)) throw unexpectedAnswer();
    return answer;
  };

  return {
    async verify(request) {
      const body = writeJson(request);
      if (cache === undefined) return askOne(body);
      const key = keyOf(request);
      const kept = cache.find(key, request.minPosition);
      if (kept !== undefined) return kept;
      const askedAt = performance.now();
      const verdict = await askOne(body);
      cache.keep(key, verdict, askedAt);
      return verdict;
    },

    async verifyBatch(items) {
      if (!Array.isArray(items) || items.length > LARGEST_BATCH) {
        throw invalidRequest(`A batch is a list of at most ${LARGEST_BATCH} questions. Send several.`);
      }
      if (items.length === 0) return [];
      const answer = await send(exchange, '/v1/verify/batch', writeJson({ items }));
      const verdicts = (answer as { readonly items?: unknown } | null)?.items;
      if (!Array.isArray(verdicts) || verdicts.length !== items.length || !verdicts.every(isVerdict)) {
        throw unexpectedAnswer();
      }
      return verdicts;
    },
  };
};
