import fc from 'fast-check';
import { EndpointTable, explain, ipBlock, judge, refusalCodes, type Presented, type Question } from '../src/index.js';
import { model, type Case } from './verdict-model.js';

const NOW = Date.UTC(2026, 5, 1);
const IDS = ['a', 'b', 'c'];

const time = fc.oneof(fc.constantFrom(-1, 0, 1, Infinity), fc.integer({ min: -1_000, max: 1_000 }));
const ip = fc.constantFrom('192.0.2.1', '192.0.2.129', '10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1', '2001:db9::1');
const cidr = fc.constantFrom('192.0.2.0/25', '10.0.0.0/8', '2001:db8::/32', '0.0.0.0/0', '192.0.2.1/32');
const scopes = fc.subarray(['read', 'write', 'admin']);

const anyCase: fc.Arbitrary<Case> = fc.record({
  text: fc.oneof({ weight: 9, arbitrary: fc.constant('known' as const) }, fc.constantFrom('malformed', 'unknown')),
  status: fc.oneof(
    { weight: 5, arbitrary: fc.constant('active' as const) },
    fc.constantFrom('suspended', 'revoked', 'api-disabled'),
  ),
  accountSuspended: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  validForMs: time,
  expiresInMs: time,
  has: scopes,
  cidrs: fc.option(fc.array(cidr, { minLength: 1, maxLength: 3 }), { nil: null }),
  connected: fc.option(fc.subarray(IDS), { nil: null }),
  retired: fc.subarray(IDS),
  wants: scopes,
  ip: fc.option(ip, { nil: null, freq: 4 }),
  endpoint: fc.option(fc.constantFrom(...IDS, 'unknown'), { nil: null }),
});

/** Each endpoint has a path of its own, so that a case can name it in either way. */
const pathOf = (id: string): string => `/${id}/{id}`;

const roomOf = (c: Case, byPath: boolean): readonly [Presented, Question, EndpointTable] => {
  const entry = {
    status: c.status,
    accountSuspended: c.accountSuspended,
    expiresAtMs: NOW + c.expiresInMs,
    scopes: new Set(c.has),
    allowedIps: c.cidrs?.map(ipBlock) ?? null,
    connected: c.connected === null ? null : new Set(c.connected),
  };
  const presented = c.text === 'known' ? { entry, validUntilMs: NOW + c.validForMs } : c.text;
  const endpoint = c.endpoint === null || !byPath ? c.endpoint : { method: 'GET', path: `/${c.endpoint}/7` };
  const active = IDS.filter((id) => !c.retired.includes(id));
  const table = new EndpointTable(active.map((id) => ({ endpointId: id, method: 'GET', path: pathOf(id) })));
  return [presented, { nowMs: NOW, ip: c.ip, endpoint, scopes: c.wants }, table];
};

it('judges every case as the model does, and explains what it judged', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(anyCase, fc.boolean(), (c, byPath) => {
      const room = roomOf(c, byPath);
      const code = judge(...room);
      expect(code).toBe(model(c));
      expect(explain(...room).find(({ outcome }) => outcome === 'failed')?.rule ?? 'VALID').toBe(code);
      reached.add(code);
    }),
    { numRuns: 20_000 },
  );
  expect([...reached].sort()).toEqual(['VALID', ...refusalCodes].sort());
});
