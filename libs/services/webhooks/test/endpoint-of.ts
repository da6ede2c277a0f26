import type { WebhookEndpoint } from '@keyledger/domain';
import { v4 as uuid } from 'uuid';

/** An endpoint that was there from the start, with these facts. */
export const endpointOf = (facts: Partial<WebhookEndpoint>): WebhookEndpoint => ({
  ...{ endpointId: `whe_${uuid()}`, url: 'https://hooks.example.com/', description: null, types: [] },
  ...{ scheme: 'standard', enabled: true, disabledReason: null, createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ createdRevision: 0, revision: 0, ...facts },
});
