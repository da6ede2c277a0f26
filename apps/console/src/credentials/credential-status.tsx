import { Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useAccount } from '../accounts/account-queries.js';
import { StatusBadge } from '../common/status-badge.js';
import { Time } from '../common/times.js';
import { useHistory, type Credential, type CredentialPath } from './credential-queries.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
}

/** What ends or stops it, as the audit trail calls it. */
const actions: Readonly<Record<Credential['status'], string | undefined>> = {
  active: undefined,
  suspended: 'CredentialSuspended',
  revoked: 'CredentialRevoked',
  expired: undefined,
};

/** Since when, by whom and why, where the role may read that. */
const Since = ({ path, credential }: Props): ReactNode => {
  const { status, expiresAt, revision } = credential;
  const { data } = useHistory(path, revision);
  if (status === 'expired' && expiresAt !== null) return <Time at={expiresAt} />;
  const event = data?.items.find(({ action }) => action === actions[status]);
  if (event === undefined) return null;
  const reason: unknown = event.changes.find(({ field }) => field === 'reason')?.to;
  return (
    <>
      <Time at={event.at} />, by <span className="wraps">{event.actor.id}</span>
      {typeof reason === 'string' && (
        <Text component="span" display="block" inherit className="wraps">
          “{reason}”
        </Text>
      )}
    </>
  );
};

/** Whether it works, and if not, why and since when. */
export const CredentialStatus = ({ path, credential }: Props): ReactElement => {
  const { data: account } = useAccount();
  const isCutOff = credential.status === 'active' && account?.status === 'suspended';
  return (
    <>
      <StatusBadge status={credential.status} />{' '}
      <Text component="span" c="dimmed" inherit>
        <Since {...{ path, credential }} />
      </Text>
      {isCutOff && (
        <Text c="var(--page-attention)">Its account is suspended: it is refused until the account is resumed.</Text>
      )}
    </>
  );
};
