import { firstEvent } from '../src/index.js';
import { goldenBytes } from './golden-bytes.js';

const logId = '0190b5a07c1e70008000000000000005';
const at = '2026-03-01T09:30:00.000Z';
const data = goldenBytes('first event, data');

describe('the first event of a log', () => {
  it('is written as it was', () => {
    expect(firstEvent.encode(logId, at)).toEqual({
      type: 'LogCreated',
      data,
      metadata: goldenBytes('first event, metadata'),
    });
    expect(firstEvent.stream).toBe('log');
  });

  it('says which log it is', () => {
    expect(firstEvent.logIdOf({ type: 'LogCreated', data })).toBe(logId);
  });

  it.each([
    ['of another type', 'AccountSuspended', data],
    ['no JSON', 'LogCreated', Buffer.from('{ secret-looking')],
    ['no object', 'LogCreated', Buffer.from('null')],
    ['without an id', 'LogCreated', Buffer.from('{}')],
    ['of an id that is no text', 'LogCreated', Buffer.from('{"logId":7}')],
  ])('is not what is %s', (_, type, bytes) => {
    expect(firstEvent.logIdOf({ type, data: bytes })).toBeUndefined();
  });
});
