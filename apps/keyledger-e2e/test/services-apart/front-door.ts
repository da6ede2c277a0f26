import type { Door } from '../harness/doors.js';
import { routes } from '../harness/routes.js';
import type { ServiceName } from './installation.js';

/** Those that serve operations; verdicts and pages are none. */
export type OperationService = Exclude<ServiceName, 'verification-service' | 'event-publisher' | 'console-service'>;

/** Webhook endpoints are facts of their account. All else of webhooks is the webhook service's. */
const factsOfEndpoints = /^WebhookService\/(?:Register|Get|List|Update|Delete)Endpoints?$/;

/** Which service answers an RPC: the trail is the audit service's, and what only reads is the listing service's. */
export const serviceOf = (rpc: string): OperationService => {
  if (rpc.startsWith('AuditService/')) return 'audit-service';
  if (rpc.startsWith('WebhookService/') && !factsOfEndpoints.test(rpc)) return 'webhook-service';
  // What a person has to type before a deletion is decided where the deletion is.
  if (rpc === 'CredentialService/GetRemoval') return 'command-service';
  return routes[rpc]?.startsWith('GET ') ? 'listing-service' : 'command-service';
};

/** One door before all services, as a gateway is. */
export const frontDoor = (doors: Readonly<Record<OperationService, Door>>): Door => ({
  name: doors['command-service'].name,
  call: (rpc, fields, options) => doors[serviceOf(rpc)].call(rpc, fields, options),
});
