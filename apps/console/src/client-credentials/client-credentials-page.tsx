import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { CopyButton } from '../common/copy-button.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { NameAndId } from '../common/name-and-id.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { CredentialDialogs } from '../credentials/credential-dialogs.js';
import { CredentialLink, useOpenCredential } from '../credentials/credential-link.js';
import {
  CredentialFilters,
  credentialRows,
  standingColumns,
  useCredentialList,
} from '../credentials/credential-list.js';
import { CredentialMenu } from '../credentials/credential-menu.js';
import { useCredentialType, type Credential } from '../credentials/credential-queries.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';

const TYPE = 'client_credentials';
const NOUN = 'credential';
const WHEN_EMPTY =
  'A service signs in with its client ID and secret. Create one for each service, so that each can be replaced alone.';

const columns: readonly Column<Credential>[] = [
  {
    title: 'Credential name and client ID',
    isName: true,
    cell: ({ credentialId, name, publicPart }) => (
      <NameAndId
        name={<CredentialLink of={{ credentialId }}>{name}</CredentialLink>}
        id={publicPart ?? ''}
        copy={<CopyButton text={publicPart ?? ''} what={`client ID of ${name ?? ''}`} />}
      />
    ),
  },
  { title: 'Client secret', isFixed: true, cell: ({ maskedSecret }) => <code>{maskedSecret}</code> },
  ...standingColumns,
];

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const type = useCredentialType(TYPE);
  const dialog = useDialog();
  const filters = useFilters(['q', 'status']);
  const list = useCredentialList(TYPE, filters);
  const create = {
    label: 'Create credential',
    refusal: useNewRefusal('CreateCredential'),
    run: () => dialog.open('create'),
  };
  return (
    <>
      <ListPage
        title="Client credentials"
        sentence="A client ID and a secret for a service that calls your API. Each has a name of its own."
        action={create}
        filters={filters}
        filterFields={<CredentialFilters filters={filters} searched="Name or client ID" />}
        list={list}
        columns={columns}
        {...credentialRows}
        onOpen={useOpenCredential()}
        menu={(credential) => <CredentialMenu {...{ accountId, credential, type, dialog }} />}
        whenEmpty={WHEN_EMPTY}
      />
      <CredentialDialogs dialog={dialog} type={TYPE} noun={NOUN} />
    </>
  );
};
