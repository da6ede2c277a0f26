import type * as contract from '@keyledger/contract';
import { credentialResource, type Answer } from '@keyledger/edge';
import { credentialIn } from './commands.js';
import type { Executed } from './account-streams.js';
import type { Issued } from './issue-secret.js';

/** The credential as the command left it, at the time of the command. */
export const credentialAnswer = (executed: Executed, credentialId: string): Answer<contract.CredentialReply> => {
  const credential = credentialIn(executed.state, credentialId);
  const { position, at } = executed;
  return {
    body: { credential: credentialResource(credential, at), position },
    position,
    revision: credential.revision,
  };
};

/** Present only in the reply to a repeat that can no longer show its secret. */
export const unavailability = ({ secretUnavailable }: Issued): Pick<Issued, 'secretUnavailable'> =>
  secretUnavailable === undefined ? {} : { secretUnavailable };

/** The credential, with its secret under `secret`. */
export const issuedAnswer = (issued: Issued): Answer<contract.IssuedCredentialReply> => {
  const { body, ...beside } = credentialAnswer(issued.executed, issued.credentialId ?? '');
  const { credential, position } = body;
  return { body: { credential, secret: issued.secret, ...unavailability(issued), position }, ...beside };
};
