import type { ReactNode } from 'react';
import { Time } from '../common/times.js';
import { credentialPlace } from '../credentials/credential-link.js';
import { nameOf, type Credential } from '../credentials/credential-queries.js';
import { placeOfType } from '../credentials/type-place.js';
import type { CredentialMatter, Noticed } from './attention.js';
import type { Line, Matter } from './attention-list.js';
import type { EndpointState } from './overview-queries.js';

/** Of an account, and why the person may not do in it what a line leads to; undefined where they may. */
export interface Leads {
  readonly accountId: string;
  readonly rotate: string | undefined;
  readonly revoke: string | undefined;
}

interface Words {
  readonly title: string;
  readonly why: (noticed: Noticed) => ReactNode;
  readonly action: (credential: Credential, leads: Leads) => Line['action'];
}

const look: Words['action'] = ({ credentialId }, { accountId }) => ({
  label: 'Look at it',
  page: credentialPlace(accountId, credentialId),
  refusal: undefined,
});

/** Where a dialog about the credential opens; its own page where its type has none. */
const dialogPlace = (accountId: string, credential: Credential, dialog: string): string =>
  `${placeOfType(accountId, credential)}?dialog=${dialog}&about=${credential.credentialId}`;

/** The token of API access is replaced and turned off by questions of its own. */
const isOfApiAccess = ({ type }: Credential): boolean => type === 'account_token';

const rotate: Words['action'] = (credential, { accountId, rotate: refusal }) =>
  isOfApiAccess(credential)
    ? { label: 'Replace…', page: dialogPlace(accountId, credential, 'refresh'), refusal }
    : { label: 'Rotate…', page: dialogPlace(accountId, credential, 'rotate'), refusal };

const revoke: Words['action'] = (credential, { accountId, revoke: refusal }) =>
  isOfApiAccess(credential)
    ? { label: 'Disable…', page: dialogPlace(accountId, credential, 'disable'), refusal }
    : { label: 'Revoke…', page: dialogPlace(accountId, credential, 'revoke'), refusal };

const wordsFor: Readonly<Record<CredentialMatter, Words>> = {
  overlap: {
    title: 'Old secrets that end soon',
    why: ({ at }) => (
      <>
        The old secret works until <Time at={at} />.
      </>
    ),
    action: look,
  },
  expiring: {
    title: 'Expire within 30 days',
    why: ({ at }) => (
      <>
        Expires <Time at={at} />.
      </>
    ),
    action: look,
  },
  rotation: {
    title: 'Rotation advised',
    why: ({ at }) => (
      <>
        Advised since <Time at={at} />.
      </>
    ),
    action: rotate,
  },
  unsaved: {
    title: 'Secrets that nobody has confirmed to have saved',
    why: ({ at }) => (
      <>
        Issued <Time at={at} form="relative" />.
      </>
    ),
    action: rotate,
  },
  unused: {
    title: 'Not used for 90 days',
    why: ({ credential, at }) => (
      <>
        {credential.lastUsedAt === null ? 'Never used since it was created ' : 'Last used '}
        <Time at={at} form="relative" />.
      </>
    ),
    action: revoke,
  },
};

/** As lines to be shown; matters that nothing is in are left out. */
export const credentialMatters = (
  all: Readonly<Record<CredentialMatter, readonly Noticed[]>>,
  leads: Leads,
): readonly Matter[] =>
  (['overlap', 'expiring', 'rotation', 'unsaved', 'unused'] as const)
    .map((name) => ({
      name,
      title: wordsFor[name].title,
      lines: all[name].map((noticed) => ({
        key: noticed.credential.credentialId,
        name: nameOf(noticed.credential),
        page: credentialPlace(leads.accountId, noticed.credential.credentialId),
        why: wordsFor[name].why(noticed),
        action: wordsFor[name].action(noticed.credential, leads),
      })),
    }))
    .filter(({ lines }) => lines.length > 0);

const endpointTrouble = ({ endpoint, statistics }: EndpointState): ReactNode => {
  if (endpoint.disabledReason === 'gone') return 'Turned off: it answered that it is gone.';
  if (endpoint.disabledReason === 'failing') return 'Turned off: it failed for too long.';
  return (
    <>
      The latest attempt failed
      {statistics !== undefined && statistics.lastFailureAt !== null && (
        <>
          {' '}
          <Time at={statistics.lastFailureAt} form="relative" />
        </>
      )}
      .
    </>
  );
};

const endpointPlace = (accountId: string, { endpoint }: EndpointState): string =>
  `/accounts/${accountId}/webhooks/endpoints/${endpoint.endpointId}`;

export const endpointMatter = (accountId: string, states: readonly EndpointState[]): readonly Matter[] =>
  states.length === 0
    ? []
    : [
        {
          name: 'endpoints',
          title: 'Webhook endpoints that fail or were turned off',
          lines: states.map((state) => ({
            key: state.endpoint.endpointId,
            name: state.endpoint.url,
            page: endpointPlace(accountId, state),
            why: endpointTrouble(state),
            action: { label: 'Look at it', page: endpointPlace(accountId, state), refusal: undefined },
          })),
        },
      ];

export const signerMatter = (accountId: string, isLacking: boolean): readonly Matter[] =>
  isLacking
    ? [
        {
          name: 'signer',
          title: 'Webhooks without a signature',
          lines: [
            {
              key: 'signer',
              name: 'No secret signs webhooks',
              page: `/accounts/${accountId}/api-secrets`,
              why: 'There are webhook endpoints whose messages no secret of the account signs.',
              action: { label: 'Choose a secret', page: `/accounts/${accountId}/api-secrets`, refusal: undefined },
            },
          ],
        },
      ]
    : [];
