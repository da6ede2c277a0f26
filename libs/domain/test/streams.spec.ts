import { accountIdOf, accountStream, auditAccessStream, catalogueStream, streamNames } from '../src/index.js';

const accountId = 'acct_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10';

describe('stream names', () => {
  it('carry the prefix of the installation in front', () => {
    expect(accountStream('blue-', accountId)).toBe(`blue-account-${accountId}`);
    expect(catalogueStream('blue-')).toBe('blue-catalogue');
    expect(auditAccessStream('blue-', accountId)).toBe(`blue-audit-access-${accountId}`);
    expect(auditAccessStream('', null)).toBe('audit-access-all');
  });

  it('give the account back', () => {
    expect(accountIdOf('', accountStream('', accountId))).toBe(accountId);
    expect(accountIdOf('blue-', accountStream('blue-', accountId))).toBe(accountId);
  });

  it('give no account for other streams and other installations', () => {
    expect(accountIdOf('', catalogueStream(''))).toBeUndefined();
    expect(accountIdOf('', auditAccessStream('', accountId))).toBeUndefined();
    expect(accountIdOf('', accountStream('blue-', accountId))).toBeUndefined();
    expect(accountIdOf('blue-', accountStream('', accountId))).toBeUndefined();
  });

  it('are all described by one regular expression, and no others', () => {
    const described = new RegExp(`^(?:${streamNames})$`);
    const ours = [
      accountStream('', accountId),
      catalogueStream(''),
      auditAccessStream('', accountId),
      auditAccessStream('', null),
    ];
    expect(ours.filter((name) => !described.test(name))).toEqual([]);
    const others = ['', 'log', 'catalogue-2', 'account-', `account-${accountId}0`, 'audit-access-none', '$settings'];
    expect(others.filter((name) => described.test(name))).toEqual([]);
  });
});
