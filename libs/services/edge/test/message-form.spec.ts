import { asMessage } from '../src/grpc/message-form.js';

describe('a reply as a gRPC message', () => {
  it('leaves out what is null, at every depth', () => {
    expect(asMessage({ name: null, items: [{ title: 'a', description: null }] })).toEqual({ items: [{ title: 'a' }] });
  });

  it('has dates for times', () => {
    const at = '2031-05-20T12:00:00.000Z';
    expect(asMessage({ at, createdAt: at, validUntil: at, note: at })).toEqual({
      at: new Date(at),
      createdAt: new Date(at),
      validUntil: new Date(at),
      note: at,
    });
  });

  it('has the two values of a change as JSON texts, null among them', () => {
    const changes = [
      { field: 'name', from: null, to: 'Acme' },
      { field: 'scopes', from: ['read'], to: [] },
      { field: 'expiresAt', from: '2031-05-20T12:00:00.000Z', to: null },
    ];
    expect(asMessage({ changes })).toEqual({
      changes: [
        { field: 'name', from: 'null', to: '"Acme"' },
        { field: 'scopes', from: '["read"]', to: '[]' },
        { field: 'expiresAt', from: '"2031-05-20T12:00:00.000Z"', to: 'null' },
      ],
    });
  });
});
