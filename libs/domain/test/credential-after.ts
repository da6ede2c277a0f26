import { evolveCredential, type AccountEvent, type Credential } from '../src/index.js';

/** `cred_1` as folded on its own, each event's revision being its place in the list. */
export const credentialAfter = (...events: readonly AccountEvent[]): Credential | undefined =>
  events.reduce<Credential | undefined>((credential, event, revision) => {
    if (event.type === 'CredentialCreated' && event.credentialId !== 'cred_1') return credential;
    return evolveCredential(credential, event, revision);
  }, undefined);
