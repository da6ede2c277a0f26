import type { Change } from '../changes.js';

export const webhookSchemes = ['standard', 'mac'] as const;
/** Whose secret signs what an endpoint gets: the webhook signer (`standard`), or the private salt of API access. */
export type WebhookScheme = (typeof webhookSchemes)[number];

export const disabledReasons = ['requested', 'gone', 'failing'] as const;
/** The owner asked for it, the receiver answered 410, or it has failed for too long. */
export type DisabledReason = (typeof disabledReasons)[number];

interface OfWebhookEndpoint {
  readonly endpointId: string;
}

/** What may be said anew of a webhook endpoint. */
export interface WebhookEndpointFacts {
  readonly url: string;
  readonly description: string | null;
  /** Exact types of messages, or `prefix.*`; none: all. See matchesType. */
  readonly types: readonly string[];
  readonly scheme: WebhookScheme;
}

export interface WebhookEndpointBodies {
  WebhookEndpointRegistered: OfWebhookEndpoint & WebhookEndpointFacts & { readonly enabled: boolean };
  WebhookEndpointChanged: OfWebhookEndpoint & {
    readonly changes: { readonly [K in keyof WebhookEndpointFacts]?: Change<WebhookEndpointFacts[K]> };
  };
  WebhookEndpointDisabled: OfWebhookEndpoint & { readonly reason: DisabledReason };
  WebhookEndpointEnabled: OfWebhookEndpoint;
  WebhookEndpointDeleted: OfWebhookEndpoint;
}
