import type * as contract from '@keyledger/contract';
import { Answer, credentialResource } from '@keyledger/edge';
import { credentialIn } from './commands.js';
import type { Executed } from './account-streams.js';
import type { Issued } from './issue-secret.js';

/** The credential as the command left it, at the time of the command. */
export const credentialAnswer = (executed: Executed, credentialId: string): Answer<contract.CredentialReply> => {
  const credential = credentialIn(executed.state, credentialId);
  const { position, at } = executed;
  return new Answer({ credential: credentialResource(credential, at), position }, position, credential.revision);
};

/** Present only in the reply to a repeat that can no longer show its secret. */
export const unavailability = ({ secretUnavailable }: Issued): Pick<Issued, 'secretUnavailable'> =>
  secretUnavailable === undefined ? {} : { secretUnavailable };

/** The credential, with its secret under `secret`. */
export const issuedAnswer = (issued: Issued): Answer<contract.IssuedCredentialReply> => {
  const { body, position, revision } = credentialAnswer(issued.executed, issued.credentialId ?? '');
  const { credential } = body;
  return new Answer({ credential, secret: issued.secret, ...unavailability(issued), position }, position, revision);
};
