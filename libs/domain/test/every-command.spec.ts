import { decide } from '../src/index.js';
import type { AccountCommand, AccountEvent, CommandOf, CommandType, RejectionCode } from '../src/index.js';
import { context, given, stateAfter, time } from './given-when-then.js';
import {
  accountSuspended,
  apiAccessEnabled,
  applicationRegistered,
  create,
  created,
  registered,
  registerWebhookEndpoint,
  rotated,
  secret,
  signs,
  webhookEndpointRegistered,
} from './fixtures.js';

interface Example<T extends CommandType> {
  readonly history: readonly AccountEvent[];
  readonly command: CommandOf<T>;
  /** Revision of the resource that the command is about, which is not always that of the stream. */
  readonly revision: number | null;
}

const credentialId = 'cred_1';
const applicationId = 'app_1';
const onKey = { history: [registered, created('api_key'), applicationRegistered], revision: 1 };
const onRotatingKey = { history: [...onKey.history, rotated()], revision: 3 };
const onApplication = { history: [registered, applicationRegistered, created('api_key')], revision: 1 };
const onAccount = { history: [registered, applicationRegistered], revision: 0 };
const signed = [registered, created('api_secret'), signs(credentialId)];
const endpointId = 'whe_1';
const onEndpoint = { history: [...signed, webhookEndpointRegistered, applicationRegistered], revision: 3 };
const onSwitch = { history: [registered, ...apiAccessEnabled, applicationRegistered], revision: 1 };

/** Of every command, a case in which it would be accepted, were it not for the rule under test. */
const examples: { readonly [T in CommandType]: Example<T> } = {
  RegisterAccount: {
    history: [],
    command: { type: 'RegisterAccount', accountId: 'acct_1', name: 'Acme', externalId: null },
    revision: null,
  },
  UpdateAccount: { ...onAccount, command: { type: 'UpdateAccount', name: 'New' } },
  SuspendAccount: { ...onAccount, command: { type: 'SuspendAccount' } },
  ResumeAccount: { ...onAccount, command: { type: 'ResumeAccount' } },
  SetPlan: { ...onAccount, command: { type: 'SetPlan', tier: 'paid', paymentMethodOnFile: true } },
  EnableApiAccess: {
    ...onAccount,
    command: { type: 'EnableApiAccess', credentialId, secret: secret('x'), maskedPrivateSalt: '…salt' },
  },
  DisableApiAccess: { ...onSwitch, command: { type: 'DisableApiAccess' } },
  RefreshAuthToken: { ...onSwitch, command: { type: 'RefreshAuthToken', secret: secret('x') } },
  RevealAuthToken: { ...onSwitch, command: { type: 'RevealAuthToken' } },
  SetIpAllowlist: { ...onSwitch, command: { type: 'SetIpAllowlist', cidrs: ['10.0.0.0/8'] } },
  RegisterApplication: {
    history: [registered],
    command: {
      type: 'RegisterApplication',
      applicationId,
      title: 'Shop',
      description: null,
      endpointIds: [],
      keyPair: null,
    },
    revision: null,
  },
  UpdateApplication: { ...onApplication, command: { type: 'UpdateApplication', applicationId, title: 'New' } },
  SetApplicationEndpoints: {
    ...onApplication,
    command: { type: 'SetApplicationEndpoints', applicationId, endpointIds: [] },
  },
  DeleteApplication: { ...onApplication, command: { type: 'DeleteApplication', applicationId } },
  CreateCredential: { history: [registered], command: create('api_key'), revision: null },
  UpdateCredential: { ...onKey, command: { type: 'UpdateCredential', credentialId, description: 'x' } },
  AcknowledgeSecret: { ...onKey, command: { type: 'AcknowledgeSecret', credentialId } },
  SuspendCredential: { ...onKey, command: { type: 'SuspendCredential', credentialId } },
  ResumeCredential: { ...onKey, command: { type: 'ResumeCredential', credentialId } },
  RevokeCredential: { ...onKey, command: { type: 'RevokeCredential', credentialId, reason: null } },
  DeleteCredential: {
    history: [registered, created('client_credentials'), applicationRegistered],
    command: { type: 'DeleteCredential', credentialId, confirmation: null, acceptedPhrases: [] },
    revision: 1,
  },
  SetWebhookSigner: {
    history: [registered, created('api_secret'), applicationRegistered],
    command: { type: 'SetWebhookSigner', credentialId },
    revision: 1,
  },
  RotateCredential: {
    ...onKey,
    command: { type: 'RotateCredential', credentialId, overlapSeconds: 0, secret: secret('x') },
  },
  ChangeRotation: { ...onRotatingKey, command: { type: 'ChangeRotation', credentialId, overlapEndsAt: time(100) } },
  FinishRotation: { ...onRotatingKey, command: { type: 'FinishRotation', credentialId } },
  CancelRotation: { ...onRotatingKey, command: { type: 'CancelRotation', credentialId } },
  RegisterWebhookEndpoint: { history: signed, command: registerWebhookEndpoint(), revision: null },
  UpdateWebhookEndpoint: { ...onEndpoint, command: { type: 'UpdateWebhookEndpoint', endpointId, enabled: false } },
  DisableWebhookEndpoint: { ...onEndpoint, command: { type: 'DisableWebhookEndpoint', endpointId, reason: 'gone' } },
  DeleteWebhookEndpoint: { ...onEndpoint, command: { type: 'DeleteWebhookEndpoint', endpointId } },
};

const all = Object.entries(examples) as readonly [CommandType, Example<CommandType>][];
const later = all.filter(([type]) => type !== 'RegisterAccount');
const onExisting = all.filter(([, { revision }]) => revision !== null);
/** Commands about an application, a credential or a webhook endpoint that must be there. */
const onNamed = onExisting.filter(
  ([type, { command }]) =>
    type !== 'EnableApiAccess' && ['credentialId', 'applicationId', 'endpointId'].some((name) => name in command),
);
const allowedWhileSuspended: readonly CommandType[] = [
  'SuspendAccount',
  'ResumeAccount',
  'DisableApiAccess',
  'SuspendCredential',
  'RevokeCredential',
  'DeleteCredential',
  'DisableWebhookEndpoint',
  'DeleteWebhookEndpoint',
];

const refusal = (history: readonly AccountEvent[], command: AccountCommand): RejectionCode | undefined =>
  given(...history)
    .when(command)
    .refusal();

describe('every command', () => {
  it.each(all)('%s is accepted', (_type, { history, command }) => {
    expect(refusal(history, command as AccountCommand)).toBeUndefined();
  });

  it.each(later)('%s does not find an account that is absent', (_type, { command }) => {
    expect(refusal([], command as AccountCommand)).toBe('not-found');
  });

  it.each(onExisting)(
    '%s accepts the revision of its resource and no other',
    (_type, { history, command, revision }) => {
      const expecting = (revision: number) => ({ ...command, expectedRevisions: [1_000, revision] }) as AccountCommand;
      expect(refusal(history, expecting(Number(revision)))).toBeUndefined();
      expect(refusal(history, expecting(Number(revision) + 1))).toBe('revision-mismatch');
      expect(refusal([...history, accountSuspended], expecting(99))).toBe('revision-mismatch');
    },
  );

  it.each(['RegisterApplication', 'CreateCredential', 'RegisterWebhookEndpoint'] as const)(
    '%s has no revision to expect yet',
    (type) => {
      const { history, command } = examples[type];
      expect(refusal(history, { ...command, expectedRevisions: [0] })).toBe('revision-mismatch');
    },
  );

  it.each(later)('%s on a suspended account works only if it takes access away', (type, { history, command }) => {
    const expected = allowedWhileSuspended.includes(type) ? undefined : 'account-suspended';
    expect(refusal([...history, accountSuspended], command as AccountCommand)).toBe(expected);
  });

  it.each(onNamed)(
    '%s does not find what is not there, suspended or not, whatever revision it expects',
    (_type, { command }) => {
      expect(refusal([registered], command as AccountCommand)).toBe('not-found');
      expect(refusal([registered, accountSuspended], command as AccountCommand)).toBe('not-found');
      expect(refusal([registered], { ...command, expectedRevisions: [7] } as AccountCommand)).toBe('not-found');
    },
  );

  it('leaves the state it was decided on alone', () => {
    for (const [, { history, command }] of all) {
      const state = stateAfter(...history);
      const before = JSON.stringify(state);
      decide(command as AccountCommand, state, context);
      expect(JSON.stringify(state)).toBe(before);
    }
  });
});
