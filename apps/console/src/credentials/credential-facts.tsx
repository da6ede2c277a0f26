import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { applicationQuery } from '../applications/application-queries.js';
import { CopiedText } from '../common/copied-text.js';
import { Facts } from '../common/facts.js';
import { Icon } from '../common/icons.js';
import { labelOf } from '../common/shown-secret.js';
import { Time } from '../common/times.js';
import type { Credential, CredentialPath, CredentialType } from './credential-queries.js';
import { CredentialStatus } from './credential-status.js';
import { environments, modes } from './type-fields.js';
import { placeOfType } from './type-place.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  readonly type: CredentialType | undefined;
}

interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

const TypeName = ({ path, credential, type }: Props): ReactElement => (
  <Anchor component={Link} to={placeOfType(path.accountId, credential)} inherit>
    {type?.title ?? credential.type}
  </Anchor>
);

interface ApplicationNameProps {
  readonly accountId: string;
  readonly applicationId: string;
}

const ApplicationName = ({ accountId, applicationId }: ApplicationNameProps): ReactElement => {
  const { data } = useQuery(applicationQuery({ accountId, applicationId }));
  return (
    <Anchor component={Link} to={`/accounts/${accountId}/apps/${applicationId}`} inherit className="wraps">
      {data?.title ?? <code>{applicationId}</code>}
    </Anchor>
  );
};

const Scopes = ({ scopes }: Pick<Credential, 'scopes'>): ReactElement =>
  scopes.length === 0 ? (
    <>None</>
  ) : (
    <Group gap="xs">
      {scopes.map((scope) => (
        <code key={scope} className="wraps">
          {scope}
        </code>
      ))}
    </Group>
  );

/** Its own public part. Where a type has none, lists show the masked secret there. */
const publicPartOf = ({ publicPart }: Credential, type: CredentialType | undefined): readonly Fact[] => {
  const field = type?.publicPart?.field;
  if (publicPart === null || field === undefined) return [];
  const label = labelOf(field);
  return [{ label, value: <CopiedText text={publicPart} what={label.replace(/^\w/, (it) => it.toLowerCase())} /> }];
};

/** What only credentials of some types have. */
const factsOfType = ({ path, credential, type }: Props): readonly Fact[] => {
  const { mode, environment, applicationId, webhookSigner } = credential;
  const environmentLabel = environments.find(({ value }) => value === environment)?.label;
  return [
    ...(mode === null ? [] : [{ label: 'Mode', value: modes[mode].label }]),
    ...(environmentLabel === undefined ? [] : [{ label: 'Environment', value: environmentLabel }]),
    ...(applicationId === null
      ? []
      : [{ label: 'App', value: <ApplicationName accountId={path.accountId} applicationId={applicationId} /> }]),
    ...(type?.maySign === true ? [{ label: 'Webhooks', value: <Signing isSigner={webhookSigner} /> }] : []),
  ];
};

const Signing = ({ isSigner }: { readonly isSigner: boolean }): ReactElement =>
  isSigner ? (
    <Group component="span" display="inline-flex" gap={6} wrap="nowrap" className="signer-badge">
      <Icon name="check" size={14} />
      Signs webhooks
    </Group>
  ) : (
    <>Does not sign</>
  );

/** What is known of a credential of any type: its own data says what there is. */
export const CredentialFacts = (props: Props): ReactElement => {
  const { path, credential, type } = props;
  const { credentialId, maskedSecret, description, scopes, createdAt, lastUsedAt, expiresAt } = credential;
  const secretLabel = type === undefined ? 'Secret' : labelOf(type.secretPart.field);
  return (
    <Facts
      areMany
      facts={[
        { label: 'Status', value: <CredentialStatus {...{ path, credential }} /> },
        { label: 'Credential ID', value: <CopiedText text={credentialId} what="credential ID" /> },
        ...publicPartOf(credential, type),
        { label: secretLabel, value: <code className="wraps">{maskedSecret}</code> },
        { label: 'Description', value: <Text className="wraps lines-kept">{description ?? '–'}</Text> },
        { label: 'Type', value: <TypeName {...props} /> },
        ...factsOfType(props),
        { label: 'Scopes', value: <Scopes scopes={scopes} /> },
        { label: 'Created', value: <Time at={createdAt} /> },
        { label: 'Last used', value: lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} form="relative" /> },
        { label: 'Expires', value: expiresAt === null ? 'Never' : <Time at={expiresAt} /> },
      ]}
    />
  );
};
