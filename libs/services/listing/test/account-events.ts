import type { AccountEvent, CredentialCreated } from '@keyledger/domain';
import { v7 as uuid } from 'uuid';

export const newId = (kind: 'acct' | 'app' | 'cred' | 'whe'): string => `${kind}_${uuid()}`;

/** A time `seconds` after the events of all suites begin. */
export const second = (seconds: number): string => new Date(Date.UTC(2021, 4, 20, 12) + seconds * 1_000).toISOString();

/** A digest that must be found nowhere. */
export const DIGEST = 'dGhpcy1kaWdlc3QtbXVzdC1ub3QtYmUtc3RvcmVk';

export const registered = (accountId: string, rest: { name?: string; externalId?: string; at?: string } = {}) =>
  ({
    type: 'AccountRegistered',
    accountId,
    name: 'Acme',
    externalId: null,
    at: second(0),
    ...rest,
  }) satisfies AccountEvent;

export const created = (credentialId: string, rest: Partial<CredentialCreated> = {}): CredentialCreated => ({
  type: 'CredentialCreated',
  credentialId,
  credentialType: 'client_credentials',
  name: null,
  description: null,
  mode: null,
  environment: null,
  applicationId: null,
  scopes: [],
  expiresAt: null,
  publicPart: null,
  publicPartMasked: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  retained: false,
  maySign: false,
  rotationAdviceDays: null,
  version: 1,
  digest: { value: DIGEST, pepperVersion: 1 },
  maskedSecret: 'kcs_…abcd',
  at: second(1),
  ...rest,
});

export const applicationRegistered = (
  applicationId: string,
  rest: { title?: string; endpointIds?: readonly string[]; at?: string } = {},
) =>
  ({
    type: 'ApplicationRegistered',
    applicationId,
    title: 'Billing',
    description: null,
    endpointIds: [],
    at: second(1),
    ...rest,
  }) satisfies AccountEvent;

export const webhookEndpointRegistered = (
  endpointId: string,
  rest: { url?: string; enabled?: boolean; at?: string } = {},
) =>
  ({
    type: 'WebhookEndpointRegistered',
    endpointId,
    url: 'https://hooks.example.com/',
    description: null,
    types: [],
    scheme: 'standard',
    enabled: true,
    at: second(1),
    ...rest,
  }) satisfies AccountEvent;
