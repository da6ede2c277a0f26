import type { CommandOf } from './account-commands.js';
import type { AccountState } from './account-state.js';
import { changesBetween } from '../changes.js';
import type { Decide, Decision, DecisionContext } from './decision.js';
import { Rejection } from '../rejection.js';

/**
 * An account's id follows from its externalId, so that creating the stream is the check for uniqueness: a stream that
 * is there already means that the externalId is taken.
 */
export const registerAccount = (
  command: CommandOf<'RegisterAccount'>,
  state: AccountState,
  context: DecisionContext,
): Decision => {
  if (state.phase === 'registered') {
    const { accountId } = state.facts;
    const message = `already belongs to the account ${accountId}`;
    const advice = `The externalId ${message}. Use that account, or another externalId.`;
    throw new Rejection('external-id-taken', advice, [{ field: 'externalId', message }], { accountId });
  }
  const { accountId, name, externalId } = command;
  return [{ type: 'AccountRegistered', accountId, name, externalId, at: context.at }];
};

export const updateAccount: Decide<'UpdateAccount'> = (command, state, context) => {
  const { name } = changesBetween(state.facts, { name: command.name });
  return name === undefined ? [] : [{ type: 'AccountChanged', changes: { name }, at: context.at }];
};

export const suspendAccount: Decide<'SuspendAccount'> = (_, state, context) =>
  state.facts.status === 'suspended' ? [] : [{ type: 'AccountSuspended', at: context.at }];

export const resumeAccount: Decide<'ResumeAccount'> = (_, state, context) =>
  state.facts.status === 'active' ? [] : [{ type: 'AccountResumed', at: context.at }];

export const setPlan: Decide<'SetPlan'> = (command, state, context) => {
  const { tier, paymentMethodOnFile } = command;
  const changes = changesBetween(state.facts.plan, { tier, paymentMethodOnFile });
  return Object.keys(changes).length === 0 ? [] : [{ type: 'PlanChanged', changes, at: context.at }];
};
