import type { WebhookAccount } from '../webhook-account.js';

/** Endpoints that got messages before, and get none after: what is pending for them is settled at once. */
export const turnedOff = (before: WebhookAccount | undefined, after: WebhookAccount): readonly string[] =>
  before === undefined || before.endpoints === after.endpoints
    ? []
    : Object.values(before.endpoints)
        .filter(({ endpointId, enabled }) => enabled && after.endpoints[endpointId]?.enabled !== true)
        .map(({ endpointId }) => endpointId);
