import type { ReactElement } from 'react';
import { useParams } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { AdviceList } from '../common/advice-list.js';
import { CopyButton } from '../common/copy-button.js';
import { ListPage } from '../common/list-page.js';
import type { Column } from '../common/list-table.js';
import { NameAndId } from '../common/name-and-id.js';
import { useDialog } from '../common/use-dialog.js';
import { useFilters } from '../common/use-filters.js';
import { CredentialDialogs } from './credential-dialogs.js';
import { CredentialLink, useOpenCredential } from './credential-link.js';
import { CredentialFilters, credentialRows, standingColumns, useCredentialList } from './credential-list.js';
import { CredentialMenu } from './credential-menu.js';
import { nameOf, useCredentialTypes, type Credential, type CredentialType } from './credential-queries.js';
import { modes } from './type-fields.js';
import { useNewRefusal } from './use-new-refusal.js';

const Name = (credential: Credential): ReactElement => {
  const { publicPart, maskedSecret } = credential;
  const name = <CredentialLink of={credential}>{nameOf(credential)}</CredentialLink>;
  return publicPart === null ? (
    <NameAndId name={name} id={maskedSecret} />
  ) : (
    <NameAndId
      name={name}
      id={publicPart}
      copy={<CopyButton text={publicPart} what={`public part of ${nameOf(credential)}`} />}
    />
  );
};

const columnsFor = (type: CredentialType | undefined): readonly Column<Credential>[] => [
  { title: 'Credential', isName: true, cell: Name },
  ...(type?.modes
    ? [{ title: 'Mode', isFixed: true, cell: ({ mode }: Credential) => (mode === null ? '–' : modes[mode].label) }]
    : []),
  ...(type?.belongsToApplication
    ? [{ title: 'Environment', isFixed: true, cell: ({ environment }: Credential) => environment ?? '–' }]
    : []),
  ...standingColumns,
];

/** Without its file a type creates nothing more, and those that there are stay. */
const GONE = 'This type is not set up any more: nothing more of it can be created.';
const SENTENCE = 'A type of this installation. What is asked for and allowed comes from its file.';

interface Props {
  readonly name: string;
  /** Undefined where its file is gone. */
  readonly type: CredentialType | undefined;
}

const TypePage = ({ name, type }: Props): ReactElement => {
  const accountId = useAccountId();
  const dialog = useDialog();
  const filters = useFilters(['q', 'status']);
  const list = useCredentialList(name, filters);
  const refusal = useNewRefusal('CreateCredential');
  return (
    <>
      <ListPage
        title={type?.title ?? name}
        sentence={type === undefined ? GONE : SENTENCE}
        action={{
          label: 'Create credential',
          refusal: type === undefined ? GONE : refusal,
          run: () => dialog.open('create'),
        }}
        filters={filters}
        filterFields={<CredentialFilters filters={filters} searched="Name or public part" />}
        list={list}
        columns={columnsFor(type)}
        {...credentialRows}
        onOpen={useOpenCredential()}
        menu={(credential) => <CredentialMenu {...{ accountId, credential, type, dialog }} />}
        whenEmpty="Nothing of this type has been created in this account."
      />
      <AdviceList title="Keeping it safe" advice={type?.advice ?? []} />
      <CredentialDialogs dialog={dialog} type={name} noun="credential" />
    </>
  );
};

/** The credentials of a type that has no page of its own, drawn by the type's data. */
export const Component = (): ReactElement | null => {
  const { type: name = '' } = useParams<'type'>();
  const types = useCredentialTypes();
  if (types === undefined) return null;
  return <TypePage key={name} name={name} type={types.find(({ type }) => type === name)} />;
};
