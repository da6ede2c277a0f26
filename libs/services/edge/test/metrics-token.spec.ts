import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { Readiness, type Slice } from '../src/index.js';
import { serve, type Serving } from './serving.js';

@Module({})
class NoModule {}

const toy: Slice = {
  module: () => NoModule,
  routes: (find) => {
    find(Readiness).add('toy', async () => ({ up: true, position: 'p-01' }));
    return [];
  },
};

const TOKEN = 'scrape-me-if-you-can';

describe('the metrics', () => {
  let server: Serving;
  afterEach(() => server.close());

  const ask = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${server.httpUrl}${path}`, { headers });
  const bearing = (token: string, from: string) => ({ authorization: `Bearer ${token}`, 'x-forwarded-for': from });

  it('take whatever is sent with a header of a proxy for a stranger, though it comes from this machine', async () => {
    server = await serve([]);
    expect((await ask('/metrics', {})).status).toBe(200);
    const names = [
      ...(['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via', 'cf-connecting-ip'] as const),
      ...(['true-client-ip', 'x-client-ip', 'x-envoy-external-address', 'x-original-url', 'cdn-loop'] as const),
    ];
    for (const name of names) expect([name, (await ask('/metrics', { [name]: '' })).status]).toEqual([name, 403]);
  });

  it('let nobody guess their token for long, and those who ask for readiness have their answer', async () => {
    server = await serve([toy], {
      ...{ KEYLEDGER_METRICS_TOKEN: TOKEN, KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1' },
      KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: '2/1h',
    });
    const here = '192.0.2.7';
    const codes: number[] = [];
    for (const path of ['/metrics', '/health/ready', '/metrics']) {
      codes.push((await ask(path, bearing('guessed', here))).status);
    }
    codes.push((await ask('/metrics', bearing(TOKEN, here))).status);
    codes.push((await ask('/metrics', { 'x-forwarded-for': here })).status);
    expect(codes).toEqual([403, 200, 429, 429, 403]);
    for (const headers of [bearing('guessed', here), bearing(TOKEN, here), { 'x-forwarded-for': here }]) {
      const reply = await ask('/health/ready', headers);
      expect([reply.status, (await reply.text()).includes('position')]).toEqual([200, false]);
    }
    expect((await ask('/v1/accounts', bearing('guessed', here))).status).toBe(429);

    const elsewhere = bearing(TOKEN, '192.0.2.8');
    expect(await (await ask('/health/ready', elsewhere)).text()).toContain('position');
    const metrics = await (await ask('/metrics', elsewhere)).text();
    expect(metrics).toMatch(/keyledger_denied_total\{reason="unauthenticated"\} 2$/m);
    expect(metrics).toMatch(/keyledger_denied_total\{reason="too-many-requests"\} 5$/m);
  });
});
