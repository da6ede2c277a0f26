import { goldenBytes } from './golden-bytes.js';
import { decodeMetadata, eventMetadata, toJsonBytes } from '../src/stored/recorded-event.js';

const cause = {
  principal: { issuer: 'urn:test', subject: 'ci-robot', actorType: 'service', roles: ['operator'] },
  correlationId: 'request-1',
  ip: null,
  userAgent: 'curl/8',
  idempotencyKey: 'key-1',
} as const;

const metadata = eventMetadata(cause, 'command-1', '2031-05-20T12:00:00.000Z', 2);

describe('event metadata', () => {
  it('says who, when, from where and why, and nothing else of the caller', () => {
    expect(metadata).toEqual({
      commandId: 'command-1',
      correlationId: 'request-1',
      causationId: 'command-1',
      actor: { type: 'service', id: 'ci-robot', issuer: 'urn:test' },
      ip: null,
      userAgent: 'curl/8',
      at: '2031-05-20T12:00:00.000Z',
      schemaVersion: 2,
    });
  });

  it('is written and read as it was', () => {
    expect(toJsonBytes(metadata)).toEqual(goldenBytes('metadata', 'v2'));
    expect(decodeMetadata(goldenBytes('metadata', 'v2'))).toEqual(metadata);
  });

  it('is read without an issuer where none was noted', () => {
    const actor = { type: 'service', id: 'ci-robot', issuer: null };
    expect(decodeMetadata(goldenBytes('metadata'))).toEqual({ ...metadata, actor });
  });

  it('comes back from its stored form as it was', () => {
    expect(decodeMetadata(toJsonBytes(metadata))).toEqual(metadata);
  });

  it.each([
    ['commandId', { ...metadata, commandId: 7 }],
    ['actor', { ...metadata, actor: { type: 'robot', id: 'secret-looking' } }],
    ['actor', { ...metadata, actor: { ...metadata.actor, issuer: 7 } }],
    ['ip', { ...metadata, ip: undefined }],
    ['at', { ...metadata, at: 'secret-looking' }],
    ['schemaVersion', { ...metadata, schemaVersion: '2' }],
  ])('is refused with a malformed %s, which the error does not quote', (field, stored) => {
    const decode = () => decodeMetadata(Buffer.from(JSON.stringify(stored)));
    expect(decode).toThrow(`The metadata of an event has no valid ${field}.`);
  });

  it.each(['{ secret-looking', 'null', '"secret-looking"'])('is refused when it is no JSON object: %s', (text) => {
    expect(() => decodeMetadata(Buffer.from(text))).toThrow('The metadata of an event is not a JSON object.');
  });
});
