import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { trailAddress } from '../audit/audit-queries.js';
import { PageHead } from '../common/page-head.js';
import { Time } from '../common/times.js';
import { useHistory, type CredentialPath } from './credential-queries.js';

const What = ({ path }: { readonly path: CredentialPath }): ReactElement => {
  const { data, refusal } = useHistory(path, null);
  const deleted = data?.items.find(({ action }) => action === 'CredentialDeleted');
  if (refusal !== undefined) {
    return (
      <Text>
        It was deleted, or was never in this account. The audit trail tells; reading that is not for you: {refusal}
      </Text>
    );
  }
  if (deleted !== undefined) {
    return (
      <Text>
        It was deleted <Time at={deleted.at} form="relative" /> by <span className="wraps">{deleted.actor.id}</span>.
        Its history stays in the audit trail.
      </Text>
    );
  }
  if (data === undefined) return <Text>It was deleted, or was never in this account.</Text>;
  return <Text>Nothing in this account has ever had that id. The address may be wrong.</Text>;
};

/** Of a credential that was deleted, or never was: what became of it, and where to go on. */
export const CredentialGone = ({ path }: { readonly path: CredentialPath }): ReactElement => {
  const { accountId, credentialId } = path;
  const { data, refusal } = useHistory(path, null);
  return (
    <>
      <PageHead title="This credential does not exist" />
      <Stack maw={680} align="flex-start">
        <code className="wraps">{credentialId}</code>
        <What path={path} />
        <Group gap="xs">
          {refusal === undefined && data?.items.length !== 0 && (
            <Button component={Link} to={trailAddress(accountId, { credentialId })} variant="default">
              See its history
            </Button>
          )}
          <Button component={Link} to={`/accounts/${accountId}`} variant="default">
            Go to the account
          </Button>
        </Group>
      </Stack>
    </>
  );
};
