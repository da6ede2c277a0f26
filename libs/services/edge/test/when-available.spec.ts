import { LogUnavailable } from '@keyledger/event-log';
import { whenAvailable } from '../src/process/when-available.js';

const failing = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

/** Opens at the attempt after all `failures`. */
const openAfter = (...failures: readonly Error[]) => {
  let attempts = 0;
  return {
    open: (): Promise<string> => {
      const failure = failures[attempts];
      attempts += 1;
      return failure === undefined ? Promise.resolve('open') : Promise.reject(failure);
    },
    attempts: () => attempts,
  };
};

describe('whenAvailable', () => {
  it('tries again while a server is not up, and tells each new reason once', async () => {
    const store = openAfter(
      ...[failing('EAI_AGAIN'), failing('ECONNREFUSED'), failing('ECONNREFUSED'), failing('57P03'), failing('25006')],
      new LogUnavailable('no leader'),
    );
    const told: string[] = [];
    const onWaiting = ({ message }: Error): void => void told.push(message);
    expect(await whenAvailable(store.open, { onWaiting, pauseMs: 1 })).toBe('open');
    expect(told).toEqual(['connect EAI_AGAIN', 'connect ECONNREFUSED', 'connect 57P03', 'connect 25006', 'no leader']);
  });

  it.each([
    ['a wrong password', failing('28P01')],
    ['a database that does not exist', failing('3D000')],
    ['a file that may not be read', failing('EACCES')],
    ['anything else', new Error('That is no key.')],
  ])('gives up at once on %s', async (_, failure) => {
    const store = openAfter(failure);
    await expect(whenAvailable(store.open, { onWaiting: () => undefined, pauseMs: 1 })).rejects.toBe(failure);
    expect(store.attempts()).toBe(1);
  });

  it('gives up after its time, with the last reason', async () => {
    const failures = Array.from({ length: 1_000 }, () => failing('ECONNREFUSED'));
    const store = openAfter(...failures);
    const patience = { onWaiting: () => undefined, deadlineMs: 20, pauseMs: 5 };
    await expect(whenAvailable(store.open, patience)).rejects.toThrow('connect ECONNREFUSED');
  });
});
