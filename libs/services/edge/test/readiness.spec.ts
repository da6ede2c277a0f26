import { PinoLogger } from 'nestjs-pino';
import { Metrics } from '../src/observing/metrics.js';
import { Readiness } from '../src/observing/readiness.js';

describe('Readiness', () => {
  let lines: Record<string, unknown>[];
  let metrics: Metrics;
  let readiness: Readiness;

  beforeEach(() => {
    lines = [];
    const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    metrics = new Metrics();
    readiness = new Readiness(new PinoLogger({ pinoHttp: [{}, destination] }), metrics);
  });

  it('makes no fuss about a part that is starting, but about one that then fails', async () => {
    let state = '';
    readiness.add('listing', async () => ({ up: false, state, reason: `it is ${state}` }));
    for (state of ['starting', 'catching-up', 'unavailable', 'catching-up']) {
      expect(await readiness.isReady()).toBe(false);
    }
    expect(lines.map(({ msg, reason }) => [msg, reason])).toEqual([['A part is down', 'it is unavailable']]);
    expect(await metrics.registry.metrics()).toMatch(/^keyledger_part_up{part="listing"} 0$/m);
  });

  it('does without a part that is only watched, and tells of it', async () => {
    readiness.add('verifier', async () => ({ up: true }));
    readiness.watch('database', async () => ({ up: false, reason: 'it does not answer' }));
    expect(await readiness.isReady()).toBe(true);
    expect(await Promise.all(readiness.checks().map((check) => check()))).toEqual([{ verifier: { status: 'up' } }]);
    expect(await metrics.registry.metrics()).toMatch(/^keyledger_part_up{part="database"} 0$/m);
    expect(lines.map(({ msg, part }) => [msg, part])).toEqual([['A part is down', 'database']]);
  });
});
