import { VerifierError, type VerifierErrorReason } from './verifier-error.js';

type Meaning = readonly [VerifierErrorReason, advice: string];

const unreadable: Meaning = [
  'invalid-request',
  'Keyledger cannot read the question. Mend the fields that are passed to the verifier.',
];

/** What an answer other than 200 means for the program that asked. */
const meanings: Readonly<Record<number, Meaning>> = {
  400: unreadable,
  401: [
    'unauthenticated',
    "Keyledger does not accept the verifier's token: it may have expired, or belong to another installation. " +
      'Renew it, or pass a function as `token` that does.',
  ],
  403: ['forbidden', "The verifier's token may not verify. Use one with the role verifier."],
  413: unreadable,
  415: unreadable,
  422: unreadable,
  429: ['too-many-requests', 'A limit of Keyledger is used up. Wait, then try again.'],
  502: ['unavailable', 'What is before Keyledger cannot reach it. Try again, and look whether the service is ready.'],
  503: ['unavailable', 'Keyledger cannot answer now. Try again, and look whether the service is ready.'],
};

const noService = 'What answers at `url` is no verification of Keyledger. Check `url`.';

interface Problem {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

interface Violation {
  readonly field?: unknown;
}

const parseProblem = (body: string): Problem => {
  try {
    return (JSON.parse(body) ?? {}) as Problem;
  } catch {
    return {};
  }
};

// What others wrote is only repeated where it is too short to be a secret.
const isWord = (text: unknown): text is string => typeof text === 'string' && /^[a-z-]{1,40}$/.test(text);
const isFieldName = (text: unknown): text is string =>
  typeof text === 'string' && text.length < 60 && /^[A-Za-z0-9]{1,20}(?:\W{1,2}[A-Za-z0-9]{1,20})*\W?$/.test(text);

/** Whole sentences of short words and numbers. */
const isPlain = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= 200 && /^(?:(?:[A-Za-z]{1,15}|\d{1,9})[.,]?(?: |$))+$/.test(text);

/** In milliseconds; undefined where the header says nothing of use. It holds seconds or a date. */
const parseRetryAfter = (header: string | null): number | undefined => {
  if (header === null) return undefined;
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};

const fieldsIn = (errors: unknown): readonly string[] => {
  const named = Array.isArray(errors) ? (errors as readonly (Violation | null)[]).map((each) => each?.field) : [];
  return named.filter(isFieldName).slice(0, 10);
};

const isLimitOnCaller = ({ status, headers }: Response): boolean =>
  status === 429 && headers.get('ratelimit-policy')?.startsWith('"failed-verdicts"') === true;

/** The error for an answer other than 200. */
export const failureOf = (response: Response, body: string): VerifierError => {
  const { status, headers } = response;
  const { code, detail, errors } = parseProblem(body);
  const [reason, meaning] = meanings[status] ?? ['unexpected-answer', noService];
  // There are several limits, and only Keyledger knows which it was.
  const advice = reason === 'too-many-requests' && isPlain(detail) ? detail : meaning;
  const problem = isWord(code) ? code : undefined;
  const told = [`HTTP ${status}`, problem ?? [], fieldsIn(errors)].flat().join(', ');
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
  return new VerifierError(reason, `${advice} (${told})`, {
    answered: status,
    limitsCaller: isLimitOnCaller(response),
    ...(problem === undefined ? {} : { problem }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

export const unexpectedAnswer = (): VerifierError =>
  new VerifierError('unexpected-answer', `${noService} (HTTP 200, no verdict)`, { answered: 200 });

/** Of an error of `fetch` only the short code is told: its text may quote a header. */
export const unreachable = (error: unknown): VerifierError => {
  const { code } = ((error as { cause?: unknown } | null)?.cause ?? {}) as { readonly code?: unknown };
  const told = typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : '';
  return new VerifierError('unreachable', `Keyledger cannot be reached. Check \`url\` and the network${told}.`);
};

export const timedOut = (ms: number): VerifierError =>
  new VerifierError(
    'timeout',
    `Keyledger did not answer within ${Math.round(ms)} ms. Look whether it is ready and near, or allow more time.`,
  );
