import type { RegisteredAccount } from './account-state.js';
import type { ApplicationRegistered } from './events.js';
import { changesBetween, sameValue } from '../changes.js';
import { createCredential } from './decide-creation.js';
import { applicationOf, type Decide, type DecisionContext } from './decision.js';
import { evolveRegistered } from './evolve.js';
import { getKeyed, sizeOf } from '../keyed.js';
import { invalidField, Rejection } from '../rejection.js';

const MOST_ENDPOINTS = 500;

/** The asked endpoints, each once. A retired one may stay where it is connected, but is not connected anew. */
const connectable = (
  asked: readonly string[],
  connected: readonly string[],
  context: DecisionContext,
): readonly string[] => {
  const endpointIds = [...new Set(asked)];
  if (endpointIds.length > MOST_ENDPOINTS) throw invalidField('endpointIds', `must be at most ${MOST_ENDPOINTS}`);
  const unknown = endpointIds.filter((id) => !context.knownEndpointIds.has(id) && !connected.includes(id));
  if (unknown.length === 0) return endpointIds;
  throw new Rejection(
    'unknown-endpoint',
    'Not every endpoint can be connected. GET /v1/api-endpoints lists those that can: the active ones.',
    unknown.map((id) => ({ field: 'endpointIds', message: `"${id}" is not an active endpoint of the catalogue` })),
  );
};

const requireRoomForOne = (state: RegisteredAccount, { maxApplications }: DecisionContext): void => {
  const held = sizeOf(state.applications);
  if (held < maxApplications) return;
  throw new Rejection(
    'limit-reached',
    `The limit is ${maxApplications} applications, and the account holds ${held}. Delete one that is not needed first.`,
  );
};

export const registerApplication: Decide<'RegisterApplication'> = (command, state, context) => {
  requireRoomForOne(state, context);
  const { applicationId, title, description, keyPair } = command;
  const registered: ApplicationRegistered = {
    type: 'ApplicationRegistered',
    applicationId,
    title,
    description,
    endpointIds: connectable(command.endpointIds, [], context),
    at: context.at,
  };
  if (keyPair === null) return [registered];
  const next = evolveRegistered(state, registered);
  return [registered, ...createCredential({ ...keyPair, applicationId }, next, context)];
};

export const updateApplication: Decide<'UpdateApplication'> = (command, state, context) => {
  const { applicationId, title, description } = command;
  const changes = changesBetween(applicationOf(state, applicationId), { title, description });
  if (Object.keys(changes).length === 0) return [];
  return [{ type: 'ApplicationChanged', applicationId, changes, at: context.at }];
};

export const setApplicationEndpoints: Decide<'SetApplicationEndpoints'> = (command, state, context) => {
  const { applicationId } = command;
  const from = applicationOf(state, applicationId).endpointIds;
  const to = connectable(command.endpointIds, from, context);
  if (sameValue(from, to)) return [];
  return [
    { type: 'ApplicationEndpointsChanged', applicationId, changes: { endpointIds: { from, to } }, at: context.at },
  ];
};

export const deleteApplication: Decide<'DeleteApplication'> = (command, state, context) => {
  const { applicationId } = applicationOf(state, command.applicationId);
  const keyPairs = getKeyed(state.keyPairsByApplication, applicationId) ?? 0;
  if (keyPairs === 0) return [{ type: 'ApplicationDeleted', applicationId, at: context.at }];
  throw new Rejection(
    'application-in-use',
    `The application still has ${keyPairs} key pairs. Revoke and delete them first.`,
  );
};
