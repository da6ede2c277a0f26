import { Anchor } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import type { Credential } from './credential-queries.js';

export const credentialPlace = (accountId: string, credentialId: string): string =>
  `/accounts/${accountId}/credentials/${credentialId}`;

interface Props {
  readonly of: Pick<Credential, 'credentialId'>;
  readonly children: ReactNode;
}

/** The name of a credential, or what stands for it, leads to its page. */
export const CredentialLink = ({ of: { credentialId }, children }: Props): ReactElement => (
  <Anchor
    component={Link}
    to={credentialPlace(useAccountId(), credentialId)}
    c="inherit"
    fw={500}
    lineClamp={2}
    className="wraps"
  >
    {children}
  </Anchor>
);

/** For the rows of a list: Enter opens the page of the credential. */
export const useOpenCredential = (): ((credential: Credential) => void) => {
  const accountId = useAccountId();
  const navigate = useNavigate();
  return ({ credentialId }) => void navigate(credentialPlace(accountId, credentialId));
};
