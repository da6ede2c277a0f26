import { isCaused, newEvent, readEvent, type CausedEvent } from '../src/index.js';
import { goldenEvents } from './golden-events.js';

const cause = {
  principal: { subject: 'jo', actorType: 'user', issuer: 'urn:test' },
  correlationId: 'request-1',
  ip: '192.0.2.7',
  userAgent: null,
} as const;
const event: CausedEvent = { type: 'AccountSuspended', at: '2031-05-20T12:00:00.000Z' };
const stored = newEvent('0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10', event, cause, 'command-1');
const recorded = { ...stored, streamId: 'account-1', revision: 3, position: 'log-1' };

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

  it('is decoded once', () => {
    expect(readEvent(recorded)).toBe(readEvent(recorded));
    expect(readEvent({ ...recorded })).not.toBe(readEvent(recorded));
  });

  it('is caused by a caller, but for the first one of the log', () => {
    const uncaused = Object.values(goldenEvents).filter((each) => !isCaused(each));
    expect(uncaused.map(({ type }) => type)).toEqual(['LogCreated']);
    // A reader has to stop on it.
    expect(isCaused({ type: 'AccountPromoted' })).toBe(true);
  });

  it('is refused when no caller has caused it', () => {
    const data = Buffer.from(JSON.stringify({ logId: '0190b5a07c1e7000', at: event.at }));
    expect(() => readEvent({ ...recorded, type: 'LogCreated', data })).toThrow('no caller has caused');
  });
});
