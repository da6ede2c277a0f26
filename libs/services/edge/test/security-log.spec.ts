import { jest } from '@jest/globals';
import { PinoLogger } from 'nestjs-pino';
import type { Principal } from '../src/access/principal.js';
import { SecurityLog } from '../src/access/security-log.js';
import { Metrics } from '../src/observing/metrics.js';

let lines: Record<string, unknown>[];
let metrics: Metrics;
let log: SecurityLog;

beforeEach(() => {
  lines = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  metrics = new Metrics();
  log = new SecurityLog(metrics, new PinoLogger({ pinoHttp: [{}, destination] }));
});

describe('SecurityLog', () => {
  const operation = {
    http: 'GET /v1/audit',
    rpc: 'AuditService/ListAuditEvents',
    summary: '',
    allow: 'anyone',
    reply: Object,
  } as const;

  it('joins repeats of the same caller into one line more, and counts them all', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    const junk = 'The token is not a well-formed JWT.';
    try {
      for (let count = 0; count < 500; count += 1) log.unauthenticated(junk, operation, '192.0.2.7');
      log.unauthenticated(junk, operation, '192.0.2.8');
      expect(lines.map(({ ip, more }) => [ip, more])).toEqual([
        ['192.0.2.7', undefined],
        ['192.0.2.8', undefined],
      ]);
      jest.advanceTimersByTime(10_000);
      expect(lines.slice(2)).toEqual([
        expect.objectContaining({ ip: '192.0.2.7', more: 499, msg: 'Access denied, 499 more from 192.0.2.7' }),
      ]);
      // What is still counted is written at the end.
      log.unauthenticated(junk, operation, '192.0.2.7');
      log.unauthenticated(junk, operation, '192.0.2.7');
      log.onModuleDestroy();
      expect(lines.slice(3).map(({ more }) => more)).toEqual([undefined, 1]);
    } finally {
      jest.useRealTimers();
    }
    expect(await metrics.registry.metrics()).toContain('keyledger_denied_total{reason="unauthenticated"} 503');
  });

  it('joins repeats of one network of IPv6, as the limit counts it', () => {
    for (const host of ['1', '2', 'ffff:1']) log.tooMany('failed-authentication', { ip: `2001:db8::${host}` });
    log.tooMany('failed-authentication', { ip: '2001:db8:0:1::1' });
    expect(lines.map(({ ip }) => ip)).toEqual(['2001:db8::1', '2001:db8:0:1::1']);
    log.onModuleDestroy();
  });

  const principal: Principal = {
    issuer: 'urn:keyledger:local',
    subject: 'alice',
    actorType: 'user',
    roles: ['viewer'],
    accounts: '*',
    expiresAtMs: 0,
  };
  it('writes down who was denied what, and counts it', async () => {
    log.denied('forbidden', operation, { principal, ip: '192.0.2.9' }, 'acct_1');
    log.unauthenticated('The token has expired. Get a new one.', operation, '192.0.2.7');
    expect(lines).toEqual([
      expect.objectContaining({
        security: true,
        reason: 'forbidden',
        operation: 'AuditService/ListAuditEvents',
        subject: 'alice',
        roles: ['viewer'],
        accountId: 'acct_1',
        ip: '192.0.2.9',
      }),
      expect.objectContaining({
        security: true,
        reason: 'unauthenticated',
        operation: 'AuditService/ListAuditEvents',
        detail: 'The token has expired. Get a new one.',
        ip: '192.0.2.7',
      }),
    ]);
    expect(await metrics.registry.metrics()).toContain('keyledger_denied_total{reason="forbidden"} 1');
    expect(await metrics.registry.metrics()).toContain('keyledger_denied_total{reason="unauthenticated"} 1');
  });
});
