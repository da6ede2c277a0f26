import { protoFiles, protoRoot } from '@keyledger/contract/protos';
import { MessageForms } from '../src/grpc/messages.js';

const AT = '2031-05-20T12:00:00.000Z';

describe('a reply as a gRPC message', () => {
  const forms = new MessageForms({ files: protoFiles, includeDirs: [protoRoot] });
  const credential = forms.replyOf('keyledger.v1.CredentialService', 'GetCredential');

  it('leaves out what is null, at every depth', () => {
    const versions = [{ version: 1, validUntil: null }];
    expect(credential({ name: null, versions })).toEqual({ versions: [{ version: 1 }] });
  });

  it('leaves out the parts of a secret that are null', () => {
    const issued = forms.replyOf('keyledger.v1.CredentialService', 'CreateCredential');
    const secret = { clientId: 'kci_1', clientSecret: null };
    expect(issued({ secret, position: 'p' })).toEqual({ secret: { clientId: 'kci_1' }, position: 'p' });
  });

  it('has dates for the fields that are times, and only for those', () => {
    expect(credential({ createdAt: AT, expiresAt: AT, versions: [{ validUntil: AT }], description: AT })).toEqual({
      createdAt: new Date(AT),
      expiresAt: new Date(AT),
      versions: [{ validUntil: new Date(AT) }],
      description: AT,
    });
  });

  it('holds what its descriptor names, and nothing else', () => {
    expect(credential({ credentialId: 'cred_1', digest: 'abc' })).toEqual({ credentialId: 'cred_1' });
  });

  it('is known for RPCs that exist', () => {
    expect(() => forms.replyOf('keyledger.v1.CredentialService', 'Nothing')).toThrow('has no RPC Nothing');
  });
});
