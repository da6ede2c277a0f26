import type { WebhookEndpoint } from '@keyledger/domain';
import { Problem } from '@keyledger/edge';
import type { Answer, Sender } from '@keyledger/outgoing';
import type { Accounts } from '../accounts.js';
import type { EndpointSwitch } from '../endpoint-switch.js';
import type { Freshness } from '../freshness.js';
import type { Signing } from '../signing.js';
import type { Attempt, Made } from './attempt.js';
import { headersFor, type DeliveryHeaders } from './delivery-headers.js';
import type { DeliveryMetrics } from './delivery-metrics.js';
import { OURS, type AttemptResult, type DeliveryStore, type DueDelivery } from './delivery-store.js';

const FAILING_MS = 5 * 24 * 60 * 60_000;
/** Of what we make ourselves (CloudEvents, structured). */
const OWN_EVENT_TYPE = 'application/cloudevents+json';

interface Parts {
  readonly accounts: Accounts;
  readonly freshness: Freshness;
  readonly signing: Signing;
  readonly sender: Pick<Sender, 'send'>;
  readonly endpoints: Pick<EndpointSwitch, 'disable'>;
  readonly store: Pick<DeliveryStore, 'failingSince'>;
  readonly metrics: Pick<DeliveryMetrics, 'attempted' | 'firstAttempt'>;
  /** Breaks off what is in flight. */
  readonly cut: AbortSignal;
  readonly now: () => Date;
  readonly warn: (line: string) => void;
  readonly inform: (line: string) => void;
}

/** Every other status is a failure: no redirect is followed, because its target was checked by nobody. */
const outcomeOf = ({ outcome, status }: Answer): string => {
  if (status === null) return outcome;
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'redirected';
  return status === 410 ? 'gone' : 'refused';
};

/** What keeps an account from being sent anything, by the code of the refusal to sign. */
const unsignedOutcomes: Readonly<Record<string, string>> = {
  'account-suspended': 'account-suspended',
  'not-found': 'no-secret',
};

const unsent = (outcome: string, seenRevision: number): Made => ({
  ...{ outcome, status: null, durationMs: 0, answer: '', seenRevision },
});

/** Attempts over the network, each signed anew. */
export class Attempts implements Attempt {
  constructor(private readonly parts: Parts) {}

  isFresh(): Promise<boolean> {
    return this.parts.freshness.reached().catch(() => false);
  }

  standing(accountId: string, endpointId: string): 'open' | 'disabled' | 'deleted' {
    const endpoint = this.endpointOf(accountId, endpointId);
    if (endpoint === undefined) return 'deleted';
    return endpoint.enabled ? 'open' : 'disabled';
  }

  revision(accountId: string, endpointId: string): number | undefined {
    return this.endpointOf(accountId, endpointId)?.revision;
  }

  async make(accountId: string, delivery: DueDelivery, at: Date): Promise<Made | undefined> {
    const endpoint = this.endpointOf(accountId, delivery.endpointId);
    if (endpoint === undefined) return undefined;
    const signed = await this.sign(accountId, endpoint, delivery, at);
    if (typeof signed === 'string') return unsent(signed, endpoint.revision);
    if (delivery.isFirst) this.parts.metrics.firstAttempt(at.getTime() - delivery.dueAt.getTime());
    const headers = {
      'content-type': ['event', 'notice'].includes(delivery.source) ? OWN_EVENT_TYPE : 'application/json',
      'user-agent': 'Keyledger',
      ...signed,
    };
    try {
      const answer = await this.parts.sender.send(endpoint.url, headers, delivery.payload, { signal: this.parts.cut });
      const { status, durationMs, body } = answer;
      return { outcome: outcomeOf(answer), status, durationMs, answer: body, seenRevision: endpoint.revision };
    } catch (error) {
      if (this.parts.cut.aborted) return undefined;
      throw error;
    }
  }

  async concluded(accountId: string, result: AttemptResult): Promise<void> {
    const { endpointId, outcome, seenRevision: revision } = result;
    this.parts.metrics.attempted(outcome);
    const reason = outcome === 'gone' ? 'gone' : await this.failing(result);
    if (reason === undefined) return;
    try {
      const isDone = await this.parts.endpoints.disable({ accountId, endpointId, revision }, reason);
      if (isDone) this.parts.inform(`Webhook endpoint ${endpointId} was disabled: ${reason}.`);
    } catch {
      // It will fail again, and be disabled then.
      this.parts.warn(`Webhook endpoint ${endpointId} could not be disabled.`);
    }
  }

  private async failing({ endpointId, outcome, delivered }: AttemptResult) {
    if (delivered || OURS.has(outcome)) return undefined;
    const since = await this.parts.store.failingSince(endpointId).catch(() => null);
    if (since === null || this.parts.now().getTime() - since.getTime() < FAILING_MS) return undefined;
    return 'failing' as const;
  }

  private endpointOf(accountId: string, endpointId: string): WebhookEndpoint | undefined {
    return this.parts.accounts.get(accountId)?.endpoints[endpointId];
  }

  /** The headers, or why there are none. */
  private async sign(
    accountId: string,
    { scheme }: WebhookEndpoint,
    { messageId, payload }: DueDelivery,
    at: Date,
  ): Promise<DeliveryHeaders | string> {
    const { signing } = this.parts;
    try {
      const usable = signing.usableNow(accountId, undefined) ?? (await signing.usable(accountId, undefined));
      const timestamp = Math.floor(at.getTime() / 1000);
      return headersFor(usable, scheme, { messageId, timestamp, payload: payload.toString() }) ?? 'no-secret';
    } catch (error) {
      const outcome = error instanceof Problem ? unsignedOutcomes[error.code] : undefined;
      if (outcome === undefined) throw error;
      return outcome;
    }
  }
}
