import {
  EndpointTable,
  explain,
  ipBlock,
  judge,
  refusalCodes,
  whenStale,
  type Entry,
  type Presented,
  type Question,
  type RefusalCode,
  type VerdictCode,
} from '../src/index.js';

const NOW = Date.UTC(2026, 0, 1);

const catalogue = new EndpointTable([
  { endpointId: 'orders.read', method: 'GET', path: '/orders/{id}' },
  { endpointId: 'orders.write', method: 'POST', path: '/orders' },
]);

const plain: Entry = {
  status: 'active',
  accountSuspended: false,
  expiresAtMs: Infinity,
  scopes: new Set(['read', 'write']),
  allowedIps: null,
  connected: null,
};

const asked: Question = { nowMs: NOW, ip: null, endpoint: null, scopes: [] };

const presented = (entry: Partial<Entry> = {}, validUntilMs = Infinity): Presented => ({
  entry: { ...plain, ...entry },
  validUntilMs,
});

const bound = { allowedIps: [ipBlock('192.0.2.0/24')] };
const connected = { connected: new Set(['orders.read', 'orders.gone']) };

const table: readonly (readonly [name: string, Presented, Partial<Question>, VerdictCode])[] = [
  ['nothing stands against it', presented(), {}, 'VALID'],
  ['no credential at all', 'malformed', {}, 'MALFORMED'],
  ['one that nobody knows', 'unknown', {}, 'NOT_FOUND'],
  ['an overlap that ends in a millisecond', presented({}, NOW + 1), {}, 'VALID'],
  ['an overlap that ends now', presented({}, NOW), {}, 'NOT_FOUND'],
  ['an overlap that ended a millisecond ago', presented({}, NOW - 1), {}, 'NOT_FOUND'],
  ['API access is off', presented({ status: 'api-disabled' }), {}, 'API_DISABLED'],
  ['revoked', presented({ status: 'revoked' }), {}, 'REVOKED'],
  ['suspended', presented({ status: 'suspended' }), {}, 'SUSPENDED'],
  ['its account is suspended', presented({ accountSuspended: true }), {}, 'SUSPENDED'],
  ['expires in a millisecond', presented({ expiresAtMs: NOW + 1 }), {}, 'VALID'],
  ['expires now', presented({ expiresAtMs: NOW }), {}, 'EXPIRED'],
  ['expired a millisecond ago', presented({ expiresAtMs: NOW - 1 }), {}, 'EXPIRED'],
  ['from an allowed address', presented(bound), { ip: '192.0.2.7' }, 'VALID'],
  ['from an allowed address, IPv4-mapped', presented(bound), { ip: '::ffff:192.0.2.7' }, 'VALID'],
  ['from another address', presented(bound), { ip: '192.0.3.7' }, 'IP_NOT_ALLOWED'],
  ['from no address', presented(bound), {}, 'IP_NOT_ALLOWED'],
  ['from what is no address', presented(bound), { ip: '192.0.2.7 ' }, 'IP_NOT_ALLOWED'],
  ['an address where none is asked', presented(), { ip: 'nonsense' }, 'VALID'],
  ['a connected endpoint by id', presented(connected), { endpoint: 'orders.read' }, 'VALID'],
  ['no endpoint', presented(connected), {}, 'VALID'],
  ['any endpoint where it is bound to none', presented(), { endpoint: 'nonsense' }, 'VALID'],
  ['an endpoint that is not connected', presented(connected), { endpoint: 'orders.write' }, 'ENDPOINT_NOT_CONNECTED'],
  ['a connected endpoint that is retired', presented(connected), { endpoint: 'orders.gone' }, 'ENDPOINT_NOT_CONNECTED'],
  ['an unknown endpoint', presented(connected), { endpoint: 'nonsense' }, 'ENDPOINT_NOT_CONNECTED'],
  ['by method and path', presented(connected), { endpoint: { method: 'GET', path: '/orders/7?a=b' } }, 'VALID'],
  [
    'by another method',
    presented(connected),
    { endpoint: { method: 'PUT', path: '/orders/7' } },
    'ENDPOINT_NOT_CONNECTED',
  ],
  ['nothing connected', presented({ connected: new Set() }), { endpoint: 'orders.read' }, 'ENDPOINT_NOT_CONNECTED'],
  ['all scopes that it has', presented(), { scopes: ['write', 'read'] }, 'VALID'],
  ['one scope too many', presented(), { scopes: ['read', 'admin'] }, 'INSUFFICIENT_SCOPE'],
  ['a scope in other letters', presented(), { scopes: ['Read'] }, 'INSUFFICIENT_SCOPE'],
  ['a scope where it has none', presented({ scopes: new Set() }), { scopes: ['read'] }, 'INSUFFICIENT_SCOPE'],
];

describe('a verdict', () => {
  it.each(table)('%s', (_, given, question, code) => {
    expect(judge(given, { ...asked, ...question }, catalogue)).toBe(code);
  });

  it('is reached in the table for every code', () => {
    const reached = new Set(table.map(([, , , code]) => code));
    expect([...reached].sort()).toEqual(['VALID', ...refusalCodes].sort());
  });

  const worst: Partial<Entry> = {
    accountSuspended: true,
    expiresAtMs: NOW,
    scopes: new Set(),
    ...bound,
    ...connected,
  };
  const everything: Question = { nowMs: NOW, ip: '203.0.113.9', endpoint: 'nonsense', scopes: ['admin'] };

  it.each<readonly [Presented, RefusalCode]>([
    [presented({ ...worst, status: 'revoked' }, NOW), 'NOT_FOUND'],
    [presented({ ...worst, status: 'api-disabled' }), 'API_DISABLED'],
    [presented({ ...worst, status: 'revoked' }), 'REVOKED'],
    [presented({ ...worst, status: 'suspended' }), 'SUSPENDED'],
    [presented({ ...worst, accountSuspended: false }), 'EXPIRED'],
    [presented({ ...worst, accountSuspended: false, expiresAtMs: NOW + 1 }), 'IP_NOT_ALLOWED'],
    [presented({ ...connected, scopes: new Set() }), 'ENDPOINT_NOT_CONNECTED'],
    [presented({ scopes: new Set() }), 'INSUFFICIENT_SCOPE'],
  ])('says the first of several reasons: %#, %s', (given, code) => {
    expect(judge(given, everything, catalogue)).toBe(code);
  });

  it('that is stale keeps only what no event can change', () => {
    const kept = (['VALID', ...refusalCodes] as const).filter((code) => whenStale(code) === code);
    expect(kept).toEqual(['MALFORMED', 'REVOKED']);
    expect(whenStale('NOT_FOUND')).toBe('STALE');
  });

  it('is explained rule by rule, in the order of the codes', () => {
    const given = presented({ ...connected, status: 'suspended' }, NOW + 1);
    expect(explain(given, { ...asked, endpoint: 'orders.write' }, catalogue)).toEqual([
      { rule: 'MALFORMED', outcome: 'passed' },
      { rule: 'NOT_FOUND', outcome: 'passed' },
      { rule: 'API_DISABLED', outcome: 'passed' },
      { rule: 'REVOKED', outcome: 'passed' },
      { rule: 'SUSPENDED', outcome: 'failed' },
      { rule: 'EXPIRED', outcome: 'passed' },
      { rule: 'IP_NOT_ALLOWED', outcome: 'not-checked' },
      { rule: 'ENDPOINT_NOT_CONNECTED', outcome: 'failed' },
      { rule: 'INSUFFICIENT_SCOPE', outcome: 'not-checked' },
    ]);
    expect(explain('unknown', asked, catalogue).map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      ...Array<string>(7).fill('not-checked'),
    ]);
    expect(explain('malformed', asked, catalogue)[0]).toEqual({ rule: 'MALFORMED', outcome: 'failed' });
  });
});
