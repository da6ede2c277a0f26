import type { WebhookSignatureVerdict } from '@keyledger/contract';
import { macOf, sameAs, v1Signature, type SignedContent } from './signature.js';
import { withoutSigner, type SigningSet, type UsableKey } from './signing.js';

type Verdict = Omit<WebhookSignatureVerdict, 'position'>;
type Reason = NonNullable<Verdict['reason']>;

/** How far the clock of a sender may be from ours: Standard Webhooks has the same for receivers. */
const TOLERANCE_SECONDS = 300;

/** As we give them out: nobody can confuse the id with what comes after it. */
export const MESSAGE_ID = /^[!-\-/-~]{1,256}$/;
const TIMESTAMP = /^(0|[1-9]\d{0,11})$/;
const ASCII = /^[\t\x20-\x7e]*$/;

/** Of a header, so that a request asks for no more than some hundred comparisons. */
const MOST_CHARACTERS = 4 * 1024;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'mac'] as const;
type Name = (typeof NAMES)[number];

const bad = (reason: Reason): Verdict => ({ valid: false, version: null, credentialId: null, scheme: null, reason });

const good = (scheme: 'v1' | 'mac', { version, credentialId }: UsableKey): Verdict => ({
  ...{ valid: true, version, credentialId, scheme, reason: null },
});

const isHeader = (value: string): boolean => value.length <= MOST_CHARACTERS && ASCII.test(value);

const isComplete = (headers: ReadonlyMap<Name, string>): boolean =>
  headers.has('webhook-id') &&
  headers.has('webhook-timestamp') &&
  (headers.has('webhook-signature') || headers.has('mac'));

/** Those that count, whatever the case of their names. A reason where one is missing, comes twice or is no header. */
const headersIn = (given: Readonly<Record<string, string>>): ReadonlyMap<Name, string> | Reason => {
  const headers = new Map<Name, string>();
  for (const [name, value] of Object.entries(given)) {
    const known = NAMES.find((each) => each === name.toLowerCase());
    if (known === undefined) continue;
    if (headers.has(known) || !isHeader(value)) return 'malformed-header';
    headers.set(known, value);
  }
  return isComplete(headers) ? headers : 'missing-header';
};

/** Whether one of them is what the key makes. Each is compared, so that the time tells nothing of which one is. */
const someIs = (given: readonly string[], expected: string): boolean => {
  const isExpected = sameAs(expected);
  return given.reduce((found, each) => isExpected(each) || found, false);
};

const signaturesIn = (header = ''): readonly string[] => header.split(' ').filter((each) => each.startsWith('v1,'));

const reasonOfTime = (timestamp: number, nowSeconds: number): Reason | undefined => {
  if (timestamp < nowSeconds - TOLERANCE_SECONDS) return 'timestamp-too-old';
  return timestamp > nowSeconds + TOLERANCE_SECONDS ? 'timestamp-too-new' : undefined;
};

const mistakeIn = (messageId: string, timestamp: string): Reason | undefined =>
  MESSAGE_ID.test(messageId) && TIMESTAMP.test(timestamp) ? undefined : 'malformed-header';

/** A webhook as it was received. */
interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

interface Claim {
  readonly content: SignedContent;
  readonly signatures: readonly string[];
  /** One at most. */
  readonly mac: readonly string[];
}

/** What the webhook says it is, or why it cannot be good whatever the secret. */
const claimIn = ({ headers: given, payload }: Received, nowSeconds: number): Claim | Reason => {
  const headers = headersIn(given);
  if (typeof headers === 'string') return headers;
  const [messageId = '', timestamp = ''] = [headers.get('webhook-id'), headers.get('webhook-timestamp')];
  const content = { messageId, timestamp: Number(timestamp), payload };
  const mac = headers.get('mac');
  const reason = mistakeIn(messageId, timestamp) ?? reasonOfTime(content.timestamp, nowSeconds);
  const signatures = signaturesIn(headers.get('webhook-signature'));
  return reason ?? { content, signatures, mac: mac === undefined ? [] : [mac] };
};

const matchIn = ({ signer, salt }: SigningSet, { content, signatures, mac }: Claim): Verdict | undefined => {
  const [version] = signer.filter(({ key }) => someIs(signatures, v1Signature(key, content)));
  const isSalted = salt !== null && someIs(mac, macOf(salt.key, content));
  if (version !== undefined) return good('v1', version);
  return isSalted ? good('mac', salt) : undefined;
};

/**
 * Whether a webhook was signed by one of these keys within the last minutes. One good signature of several will do.
 * Throws `no-webhook-signer` where the account has nothing to sign with.
 */
export const verifySignature = (usable: SigningSet, received: Received, nowSeconds: number): Verdict => {
  if (usable.signer.length === 0 && usable.salt === null) throw withoutSigner();
  const claim = claimIn(received, nowSeconds);
  if (typeof claim === 'string') return bad(claim);
  const isKnown = claim.signatures.length > 0 || claim.mac.length > 0;
  return matchIn(usable, claim) ?? bad(isKnown ? 'no-matching-signature' : 'no-known-scheme');
};
