import { parseConfig } from '../src/settings/config.js';
import { logger } from '../src/observing/logging.js';

const config = parseConfig({});
const CANARY = 'kcs_canary';

let lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };

beforeEach(() => {
  lines = [];
});

describe('logger', () => {
  it.each([
    'authorization',
    'password',
    'secret',
    'clientSecret',
    'secretKey',
    'authToken',
    'privateSalt',
    'key',
    'x-api-key',
  ])('blots out %s down to the second level', (name) => {
    const log = logger(config, destination);
    log.info({ [name]: CANARY, a: { [name]: CANARY, b: { [name]: CANARY } } }, 'hello');
    expect(lines).toEqual([expect.objectContaining({ msg: 'hello', level: 'info' })]);
    expect(JSON.stringify(lines)).not.toContain(CANARY);
  });

  it('writes of an error what it is and where, not what it carries', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: CANARY, parameters: [CANARY] });
    logger(config, destination).error(error);
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'duplicate key', code: '23505' } });
    expect(lines[0]?.['err']).toHaveProperty('stack');
    expect(JSON.stringify(lines)).not.toContain(CANARY);
  });

  it('is silent below its level', () => {
    logger(parseConfig({ KEYLEDGER_LOG_LEVEL: 'warn' }), destination).info('hello');
    expect(lines).toEqual([]);
  });
});
