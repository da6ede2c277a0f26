import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { apiAccessQuery } from '../api-access/api-access-queries.js';
import { Facts } from '../common/facts.js';
import { nameOf } from '../credentials/credential-queries.js';
import { secretsQuery, type WebhookEndpoint } from './webhook-queries.js';

interface Props {
  readonly accountId: string;
}

const Signer = ({ accountId }: Props): ReactElement | null => {
  const { data } = useQuery(secretsQuery(accountId));
  if (data === undefined) return null;
  const signer = data.items.find(({ webhookSigner }) => webhookSigner);
  const link = (
    <Anchor component={Link} underline="always" to={`/accounts/${accountId}/api-secrets`}>
      API secrets
    </Anchor>
  );
  if (signer === undefined) return <>No secret signs yet, so nothing can be sent by it. Create one: {link}</>;
  const { maskedSecret } = signer;
  return (
    <>
      Signed by the API secret <span className="wraps">{nameOf(signer)}</span>
      {nameOf(signer) !== maskedSecret && (
        <>
          {' '}
          <code>{maskedSecret}</code>
        </>
      )}
      . {link}
    </>
  );
};

const Salt = ({ accountId }: Props): ReactElement | null => {
  const { data } = useQuery(apiAccessQuery(accountId));
  if (data === undefined) return null;
  const link = (
    <Anchor component={Link} underline="always" to={`/accounts/${accountId}/api-access`}>
      API access
    </Anchor>
  );
  if (!data.enabled) return <>API access is off, so there is no private salt to sign with. Enable it: {link}</>;
  return <>Signed under the private salt of {link}.</>;
};

/** Which secret signs what an endpoint of that scheme gets, or what is missing for it. */
export const SignedBy = ({ accountId, scheme }: Props & Pick<WebhookEndpoint, 'scheme'>): ReactElement =>
  scheme === 'standard' ? <Signer accountId={accountId} /> : <Salt accountId={accountId} />;

/** The same of both schemes. */
export const SigningFacts = ({ accountId }: Props): ReactElement => (
  <section className="quiet-box" aria-label="What signs">
    <Facts
      facts={[
        { label: 'standard', value: <SignedBy accountId={accountId} scheme="standard" /> },
        {
          label: 'mac',
          value: <SignedBy accountId={accountId} scheme="mac" />,
        },
      ]}
    />
  </section>
);
