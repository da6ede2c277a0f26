import type { StoredEvent } from '@keyledger/domain';
import type { RecordedEvent } from '@keyledger/event-log';
import type { Call } from '../src/operation/call.js';
import { newEvent, readEvent } from '../src/stored/recorded-event.js';

const call: Call = {
  principal: { issuer: 'urn:test', subject: 'jo', actorType: 'user', roles: [], accounts: [], expiresAtMs: 0 },
  path: {},
  target: '',
  correlationId: 'request-1',
  ip: '192.0.2.7',
  userAgent: null,
  ifMatch: undefined,
  idempotencyKey: undefined,
  minPosition: undefined,
};
const event: StoredEvent = { type: 'AccountSuspended', at: '2031-05-20T12:00:00.000Z' };
const stored = newEvent('0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10', event, call, 'command-1');
const recorded: RecordedEvent = { ...stored, streamId: 'account-1', revision: 3, position: 'log-1' };

describe('an event in the log', () => {
  it('comes back as it was, with who caused it', () => {
    const read = readEvent(recorded);
    expect(read.event).toEqual(event);
    expect(read.metadata).toMatchObject({ actor: { type: 'user', id: 'jo' }, at: event.at, commandId: 'command-1' });
  });

  it('is refused when its data is malformed, without quoting it', () => {
    const read = () => readEvent({ ...recorded, data: Buffer.from('{ secret-looking') });
    expect(read).toThrow(/^AccountSuspended/);
    expect(read).not.toThrow(/secret-looking/);
  });

  it('is refused when its type is unknown', () => {
    expect(() => readEvent({ ...recorded, type: 'AccountPromoted' })).toThrow('AccountPromoted');
  });
});
