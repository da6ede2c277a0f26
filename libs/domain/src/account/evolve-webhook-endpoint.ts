import { applyChanges } from '../changes.js';
import type { WebhookEndpoint } from './account-state.js';
import { webhookEndpointIdOf, type AccountEvent, type WebhookEndpointRegistered } from './events.js';

const registeredEndpoint = (event: WebhookEndpointRegistered, revision: number): WebhookEndpoint => ({
  endpointId: event.endpointId,
  url: event.url,
  description: event.description,
  types: event.types,
  scheme: event.scheme,
  enabled: event.enabled,
  disabledReason: event.enabled ? null : 'requested',
  createdAt: event.at,
  createdRevision: revision,
  revision,
});

/**
 * One webhook endpoint after `event`, the account's event number `revision`; undefined before it is registered and
 * after it is deleted. Never throws: an event about something else changes nothing.
 */
export const evolveWebhookEndpoint = (
  endpoint: WebhookEndpoint | undefined,
  event: AccountEvent,
  revision: number,
): WebhookEndpoint | undefined => {
  if (endpoint === undefined) {
    return event.type === 'WebhookEndpointRegistered' ? registeredEndpoint(event, revision) : undefined;
  }
  if (webhookEndpointIdOf(event) !== endpoint.endpointId) return endpoint;
  switch (event.type) {
    case 'WebhookEndpointChanged':
      return { ...applyChanges(endpoint, event.changes), revision };
    case 'WebhookEndpointDisabled':
      return { ...endpoint, enabled: false, disabledReason: event.reason, revision };
    case 'WebhookEndpointEnabled':
      return { ...endpoint, enabled: true, disabledReason: null, revision };
    case 'WebhookEndpointDeleted':
      return undefined;
    default:
      return endpoint;
  }
};
