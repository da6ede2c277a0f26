import type { CommandOf } from './account-commands.js';
import type { RegisteredAccount, WebhookEndpoint } from './account-state.js';
import { changesBetween } from '../changes.js';
import { webhookEndpointOf, type Decide, type Decision } from './decision.js';
import { sizeOf } from '../keyed.js';
import { Rejection } from '../rejection.js';
import type { WebhookScheme } from './webhook-endpoint-events.js';

const MOST_WEBHOOK_ENDPOINTS = 50;

const requireRoomForOne = (state: RegisteredAccount): void => {
  if (sizeOf(state.webhookEndpoints) < MOST_WEBHOOK_ENDPOINTS) return;
  throw new Rejection(
    'limit-reached',
    `An account has at most ${MOST_WEBHOOK_ENDPOINTS} webhook endpoints. Delete one that is not needed first.`,
  );
};

/** Nothing could be sent to an endpoint whose scheme has no secret to sign with. */
const requireSecretOf = (scheme: WebhookScheme, { facts }: RegisteredAccount): void => {
  if (scheme === 'standard' && facts.signerId === null) {
    throw new Rejection(
      'no-webhook-signer',
      'The account has no webhook signer, which the scheme "standard" signs with. Create an api_secret first.',
    );
  }
  if (scheme === 'mac' && facts.apiAccess === null) {
    throw new Rejection(
      'api-access-disabled',
      'The account has no API access, whose salt the scheme "mac" signs with. Enable it first ' +
        '(POST /v1/accounts/{accountId}/api-access, or EnableApiAccess).',
    );
  }
};

const distinct = (types: readonly string[]): readonly string[] => [...new Set(types)];

export const registerWebhookEndpoint: Decide<'RegisterWebhookEndpoint'> = (command, state, { at }) => {
  requireRoomForOne(state);
  const { endpointId, url, description, scheme, enabled } = command;
  requireSecretOf(scheme, state);
  const types = distinct(command.types);
  return [{ type: 'WebhookEndpointRegistered', endpointId, url, description, types, scheme, enabled, at }];
};

const changed = (before: WebhookEndpoint, command: CommandOf<'UpdateWebhookEndpoint'>, at: string): Decision => {
  const { endpointId, url, description, scheme } = command;
  const changes = changesBetween(before, { url, description, types: command.types && distinct(command.types), scheme });
  return Object.keys(changes).length === 0 ? [] : [{ type: 'WebhookEndpointChanged', endpointId, changes, at }];
};

const turned = ({ endpointId, enabled: before }: WebhookEndpoint, enabled: boolean, at: string): Decision => {
  if (enabled === before) return [];
  return enabled
    ? [{ type: 'WebhookEndpointEnabled', endpointId, at }]
    : [{ type: 'WebhookEndpointDisabled', endpointId, reason: 'requested', at }];
};

export const updateWebhookEndpoint: Decide<'UpdateWebhookEndpoint'> = (command, state, { at }) => {
  const before = webhookEndpointOf(state, command.endpointId);
  const { scheme = before.scheme, enabled = before.enabled } = command;
  if (scheme !== before.scheme || (enabled && !before.enabled)) requireSecretOf(scheme, state);
  return [...changed(before, command, at), ...turned(before, enabled, at)];
};

export const disableWebhookEndpoint: Decide<'DisableWebhookEndpoint'> = (command, state, { at }) => {
  const { endpointId, enabled } = webhookEndpointOf(state, command.endpointId);
  return enabled ? [{ type: 'WebhookEndpointDisabled', endpointId, reason: command.reason, at }] : [];
};

export const deleteWebhookEndpoint: Decide<'DeleteWebhookEndpoint'> = (command, state, { at }) => {
  const { endpointId } = webhookEndpointOf(state, command.endpointId);
  return [{ type: 'WebhookEndpointDeleted', endpointId, at }];
};
