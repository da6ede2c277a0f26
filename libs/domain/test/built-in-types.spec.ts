import { builtInTypes } from '../src/index.js';

describe('the built-in types', () => {
  it('are the five of the reference systems', () => {
    expect(builtInTypes.map(({ type }) => type)).toEqual([
      'client_credentials',
      'account_token',
      'api_key',
      'app_key_pair',
      'api_secret',
    ]);
  });

  /** The table of the product, as data. */
  const table = {
    client_credentials: ['kci', 'clientSecret:kcs', 'yes yes yes always', null, null, '', true],
    account_token: [null, 'authToken:kat', 'yes no no never', 1, null, 'retained allowlist', false],
    api_key: [null, 'key:key', 'yes yes yes ended', null, null, 'masked', false],
    app_key_pair: ['kps', 'secretKey:kpk', 'yes yes yes ended', null, 90, 'endpoints application', false],
    api_secret: [null, 'secret:whsec', 'yes yes yes phrase', 3, null, 'masked retained signs', false],
  } as const;

  it.each(builtInTypes.map((type) => [type.type, type] as const))(
    '%s has its prefixes, limits and rules',
    (id, type) => {
      const yesNo = (allowed: boolean): string => (allowed ? 'yes' : 'no');
      const { suspend, revoke, rotate } = type.allows;
      const marks = {
        masked: type.publicPartMasked,
        retained: type.retained,
        allowlist: type.bindsIpAllowlist,
        endpoints: type.bindsEndpoints,
        application: type.belongsToApplication,
        signs: type.maySign,
      };
      expect([
        type.publicPart?.prefix ?? null,
        `${type.secretPart.field}:${type.secretPart.prefix}`,
        `${[suspend, revoke, rotate].map(yesNo).join(' ')} ${type.allows.delete}`,
        type.limit,
        type.rotationAdviceDays,
        Object.entries(marks)
          .flatMap(([mark, set]) => (set ? [mark] : []))
          .join(' '),
        type.name.required,
      ]).toEqual(table[id as keyof typeof table]);
    },
  );

  it('differ in what is particular to one', () => {
    const only = <T>(pick: (type: (typeof builtInTypes)[number]) => T, otherwise: T) =>
      builtInTypes.filter((type) => pick(type) !== otherwise).map((type) => [type.type, pick(type)]);
    expect(only(({ issuedBy }) => issuedBy, 'create')).toEqual([['account_token', 'api-access']]);
    expect(only(({ saltField }) => saltField, null)).toEqual([['account_token', 'privateSalt']]);
    expect(only(({ modes }) => modes, null)).toEqual([['api_key', { test: 'key_test', live: 'key_live' }]]);
    expect(only(({ secretPart }) => secretPart.format, 'token')).toEqual([['api_secret', 'webhook']]);
    expect(only(({ publicPart }) => publicPart?.field, undefined)).toEqual([
      ['client_credentials', 'clientId'],
      ['app_key_pair', 'sharedKey'],
    ]);
  });

  it('advise whoever receives a secret, and have a title', () => {
    for (const { title, advice } of builtInTypes) {
      expect(title).toMatch(/^[A-Z]/);
      expect(advice.length).toBeGreaterThanOrEqual(3);
      for (const sentence of advice) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    }
  });
});
