import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { useRefusal } from '../api/permissions.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { NameAndId } from '../common/name-and-id.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { CredentialDialogs } from '../credentials/credential-dialogs.js';
import { CredentialLink, useOpenCredential } from '../credentials/credential-link.js';
import { credentialRows, standingColumns, useCredentialList } from '../credentials/credential-list.js';
import {
  credentialQuery,
  useCredentialType,
  type Credential,
  type CredentialType,
} from '../credentials/credential-queries.js';
import { RemoveDialog } from './remove-dialog.js';
import { SecretActions } from './secret-actions.js';
import { SigningCell } from './signing-cell.js';
import { UseWithWebhooksDialog } from './use-with-webhooks-dialog.js';

const TYPE = 'api_secret';
const NOUN = 'API secret';
const WHEN_EMPTY =
  'The most critical calls are made with an API secret, and one of them signs the webhooks of the account. ' +
  'The first one that you create signs by itself.';

const columnsWith = (signing: Column<Credential>['cell']): readonly Column<Credential>[] => [
  {
    title: 'Name and secret',
    isName: true,
    cell: ({ credentialId, name, description, maskedSecret }) => (
      <NameAndId
        name={<CredentialLink of={{ credentialId }}>{name ?? description ?? NOUN}</CredentialLink>}
        id={maskedSecret}
      />
    ),
  },
  ...standingColumns,
  { title: 'Webhooks', isFixed: true, cell: signing },
];

/** Why no further one can be created. The limit is that of the type, and inactive ones count. */
const fullRefusal = (type: CredentialType | undefined, count: number): string | undefined => {
  const limit = type?.limit ?? null;
  return limit === null || count < limit
    ? undefined
    : `The account has ${count} of at most ${limit}, and inactive ones count. Remove one first.`;
};

const limitInWords = (type: CredentialType | undefined): string => {
  const limit = type?.limit ?? null;
  return limit === null ? '' : ` At most ${limit} in an account, so that one can take over from another.`;
};

interface DialogsProps {
  readonly dialog: Dialog;
  readonly secrets: readonly Credential[];
}

const Dialogs = ({ dialog, secrets }: DialogsProps): ReactElement | null => {
  const accountId = useAccountId();
  const { name, about, close: onClose } = dialog;
  const query = credentialQuery({ accountId, credentialId: about ?? '' });
  const { data: credential } = useQuery({ ...query, enabled: about !== null });
  if (credential !== undefined && name === 'remove') return <RemoveDialog {...{ accountId, credential, onClose }} />;
  if (credential !== undefined && name === 'sign') {
    const signer = secrets.find(({ webhookSigner }) => webhookSigner);
    return <UseWithWebhooksDialog {...{ accountId, credential, signer, onClose }} />;
  }
  return <CredentialDialogs dialog={dialog} type={TYPE} noun={NOUN} />;
};

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const type = useCredentialType(TYPE);
  const dialog = useDialog();
  const filters = useFilters([]);
  const list = useCredentialList(TYPE, filters);
  const refusal = useRefusal('CreateCredential', accountId);
  const create = {
    label: 'Create API secret',
    refusal: refusal ?? fullRefusal(type, list.items.length),
    run: () => dialog.open('create'),
  };
  return (
    <>
      <ListPage
        title="API secrets"
        sentence={`For the most critical calls, and to sign webhooks.${limitInWords(type)}`}
        action={create}
        filters={filters}
        list={list}
        columns={columnsWith((credential) => (
          <SigningCell {...{ accountId, credential, dialog }} />
        ))}
        {...credentialRows}
        onOpen={useOpenCredential()}
        menu={(credential) => <SecretActions {...{ accountId, credential, type, dialog }} />}
        whenEmpty={WHEN_EMPTY}
      />
      <Dialogs dialog={dialog} secrets={list.items} />
    </>
  );
};
