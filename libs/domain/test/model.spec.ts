import fc from 'fast-check';
import {
  decide,
  decodeEvent,
  encodeEvent,
  entriesOf,
  evolve,
  fromSnapshot,
  Rejection,
  toSnapshot,
  valuesOf,
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type RegisteredAccount,
} from '../src/index.js';
import { emptyModel, stepModel, type AccountModel } from './account-model.js';
import { create, registered, registerWebhookEndpoint, secret } from './fixtures.js';
import { context, stateAfter, time } from './given-when-then.js';

/** Ids are drawn from a few, so that commands meet what is there, what is gone and what never was. */
const credentialId = fc.integer({ min: 1, max: 7 }).map((n) => `cred_${n}`);
const expiresAt = fc.option(fc.constant(time(600)), { nil: null, freq: 3 });
const named = fc.constantFrom('backend-1', 'backend-2');

const endpointId = fc.constantFrom('whe_1', 'whe_2');
const scheme = fc.constantFrom('standard' as const, 'mac' as const);

const command: fc.Arbitrary<AccountCommand> = fc.oneof(
  fc.tuple(credentialId, named).map(([id, name]) => create('client_credentials', { credentialId: id, name })),
  fc.tuple(credentialId, fc.option(named)).map(([id, name]) => create('api_key', { credentialId: id, name })),
  fc.tuple(credentialId, expiresAt).map(([id, at]) => create('api_secret', { credentialId: id, expiresAt: at })),
  credentialId.map((id) => ({
    type: 'EnableApiAccess' as const,
    credentialId: id,
    secret: secret('x'),
    maskedPrivateSalt: '…salt',
  })),
  fc.constant({ type: 'DisableApiAccess' as const }),
  fc.constantFrom([], ['10.0.0.0/8']).map((cidrs) => ({ type: 'SetIpAllowlist' as const, cidrs })),
  credentialId.map((id) => ({ type: 'SuspendCredential' as const, credentialId: id })),
  credentialId.map((id) => ({ type: 'ResumeCredential' as const, credentialId: id })),
  credentialId.map((id) => ({ type: 'RevokeCredential' as const, credentialId: id, reason: null })),
  fc.tuple(credentialId, fc.constantFrom('phrase', 'wrong', null)).map(([id, confirmation]) => ({
    type: 'DeleteCredential' as const,
    credentialId: id,
    confirmation,
    acceptedPhrases: ['phrase'],
  })),
  credentialId.map((id) => ({ type: 'SetWebhookSigner' as const, credentialId: id })),
  fc.record({ endpointId, scheme, enabled: fc.boolean() }).map(registerWebhookEndpoint),
  fc.record(
    { type: fc.constant('UpdateWebhookEndpoint' as const), endpointId, scheme, enabled: fc.boolean() },
    { requiredKeys: ['type', 'endpointId'] },
  ),
  endpointId.map((id) => ({ type: 'DisableWebhookEndpoint' as const, endpointId: id, reason: 'gone' as const })),
  endpointId.map((id) => ({ type: 'DeleteWebhookEndpoint' as const, endpointId: id })),
);

/** New ids are fresh in life, so a creation under an id that is taken is not tried. */
const collides = (model: AccountModel, { type, ...body }: AccountCommand): boolean =>
  (type === 'RegisterWebhookEndpoint' && 'endpointId' in body && model.endpoints.has(body.endpointId)) ||
  ((type === 'CreateCredential' || type === 'EnableApiAccess') &&
    'credentialId' in body &&
    model.credentials.has(body.credentialId));

const outcome = (tried: AccountCommand, state: AccountState): readonly AccountEvent[] | Rejection => {
  try {
    return decide(tried, state, context);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
};

const throughTheLog = (event: AccountEvent): AccountEvent =>
  decodeEvent(JSON.parse(JSON.stringify(encodeEvent(event))) as ReturnType<typeof encodeEvent>) as AccountEvent;

const expectSame = (state: RegisteredAccount, model: AccountModel): void => {
  const seen = entriesOf(state.credentials).map(
    ([id, { credentialType: type, name, status, expiresAt: at }]) =>
      [id, { type, name, status, expires: at !== null }] as const,
  );
  expect(new Map(seen)).toEqual(model.credentials);
  expect(state.facts.signerId).toBe(model.signer);
  const signing = valuesOf(state.credentials).filter(({ webhookSigner }) => webhookSigner);
  expect(signing.map((each) => each.credentialId)).toEqual(model.signer === null ? [] : [model.signer]);
  expect(state.facts.apiAccess?.credentialId ?? null).toBe(model.token);
  expect(state.facts.ipAllowlist).toEqual(model.cidrs);
  const endpoints = entriesOf(state.webhookEndpoints).map(([id, each]) => {
    expect(each.disabledReason === null).toBe(each.enabled);
    return [id, { scheme: each.scheme, enabled: each.enabled }] as const;
  });
  expect(new Map(endpoints)).toEqual(model.endpoints);
};

describe('an account under any commands', () => {
  it('does what the model does, through the log and through a snapshot', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 60 }), (commands) => {
        const model = emptyModel();
        let state = stateAfter(registered);
        for (const tried of commands) {
          if (collides(model, tried)) continue;
          const expected = stepModel(model, tried);
          const result = outcome(tried, state);
          if (result instanceof Rejection) {
            expect(result.code).toBe(expected);
            continue;
          }
          expect(result.length > 0 ? 'changed' : 'unchanged').toBe(expected);
          state = result.map(throughTheLog).reduce(evolve, state);
          // Whatever a command made true is true already when it comes again, or refused.
          const again = outcome(tried, state);
          expect(again instanceof Rejection || collides(model, tried) || again.length === 0).toBe(true);
        }
        expectSame(state as RegisteredAccount, model);
        const snapshot: unknown = JSON.parse(JSON.stringify(toSnapshot(state as RegisteredAccount)));
        expect(fromSnapshot(snapshot)).toEqual(state);
      }),
      { numRuns: 300 },
    );
  });
});
