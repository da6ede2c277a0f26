import { NOW, given } from './given-when-then.js';
import { accountSuspended, registered, upgraded } from './fixtures.js';

const at = NOW;

describe('an account', () => {
  const register = { type: 'RegisterAccount', accountId: 'acct_1', name: 'Acme', externalId: 'crm-1' } as const;

  it('is registered', () => {
    given()
      .when(register)
      .then({ ...registered, at });
    given()
      .when({ ...register, externalId: null })
      .then({ ...registered, externalId: null, at });
  });

  it('is registered once: a repetition names the account that has the externalId', () => {
    const rejection = given(registered).when(register).thenRejected('external-id-taken', 'externalId');
    expect(rejection.facts).toEqual({ accountId: 'acct_1' });
    expect(rejection.message).toContain('acct_1');
  });

  it('is renamed', () => {
    given(registered)
      .when({ type: 'UpdateAccount', name: 'Acme Ltd' })
      .then({ type: 'AccountChanged', changes: { name: { from: 'Acme', to: 'Acme Ltd' } }, at });
  });

  it('is not changed by what is true already', () => {
    given(registered).when({ type: 'UpdateAccount', name: 'Acme' }).thenNothing();
    given(registered).when({ type: 'UpdateAccount' }).thenNothing();
    given(registered).when({ type: 'ResumeAccount' }).thenNothing();
    given(registered, accountSuspended).when({ type: 'SuspendAccount' }).thenNothing();
    given(registered, upgraded).when({ type: 'SetPlan', tier: 'paid', paymentMethodOnFile: true }).thenNothing();
  });

  it('is suspended and resumed', () => {
    given(registered).when({ type: 'SuspendAccount' }).then({ type: 'AccountSuspended', at });
    given(registered, accountSuspended).when({ type: 'ResumeAccount' }).then({ type: 'AccountResumed', at });
  });

  it('changes its plan, naming only what differs', () => {
    given(registered)
      .when({ type: 'SetPlan', tier: 'paid', paymentMethodOnFile: false })
      .then({ type: 'PlanChanged', changes: { tier: { from: 'free', to: 'paid' } }, at });
    given(registered, upgraded)
      .when({ type: 'SetPlan', tier: 'paid', paymentMethodOnFile: false })
      .then({ type: 'PlanChanged', changes: { paymentMethodOnFile: { from: true, to: false } }, at });
  });
});
