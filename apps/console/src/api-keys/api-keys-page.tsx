import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { AdviceList } from '../common/advice-list.js';
import { FilterSelect } from '../common/filter-select.js';
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
import { modes } from '../credentials/type-fields.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';

const TYPE = 'api_key';
const SENTENCE =
  'The key that a request carries decides its mode: test keys are to build and try out with, live keys for production.';
const WHEN_EMPTY =
  'A request to your API carries a key. Create a test key to build with, and a live one once you go to production.';

const modeChoices = [
  { value: '', label: 'Test and live' },
  { value: 'test', label: 'Test' },
  { value: 'live', label: 'Live' },
];

const KeyName = ({ credentialId, name, description, maskedSecret }: Credential): ReactElement => (
  <NameAndId
    name={
      <>
        <CredentialLink of={{ credentialId }}>{name ?? description ?? 'API key'}</CredentialLink>
        {name !== null && description !== null && (
          <Text lineClamp={2} className="wraps">
            {description}
          </Text>
        )}
      </>
    }
    id={maskedSecret}
  />
);

const columns: readonly Column<Credential>[] = [
  { title: 'Description and key', isName: true, cell: KeyName },
  { title: 'Mode', isFixed: true, cell: ({ mode }) => (mode === null ? '–' : modes[mode].label) },
  ...standingColumns,
];

export const Component = (): ReactElement => {
  const accountId = useAccountId();
  const type = useCredentialType(TYPE);
  const dialog = useDialog();
  const filters = useFilters(['q', 'mode', 'status']);
  const list = useCredentialList(TYPE, filters);
  const create = {
    label: 'Create API key',
    refusal: useNewRefusal('CreateCredential'),
    run: () => dialog.open('create'),
  };
  return (
    <>
      <ListPage
        title="API keys"
        sentence={SENTENCE}
        action={create}
        filters={filters}
        filterFields={
          <CredentialFilters filters={filters} searched="Name or credential ID">
            <FilterSelect
              label="Mode"
              value={filters.get('mode')}
              choices={modeChoices}
              onChange={(value) => filters.set('mode', value)}
            />
          </CredentialFilters>
        }
        list={list}
        columns={columns}
        {...credentialRows}
        onOpen={useOpenCredential()}
        menu={(credential) => <CredentialMenu {...{ accountId, credential, type, dialog }} />}
        whenEmpty={WHEN_EMPTY}
      />
      <AdviceList title="Keeping keys safe" advice={type?.advice ?? []} />
      <CredentialDialogs dialog={dialog} type={TYPE} noun="API key" shortNoun="key" />
    </>
  );
};
