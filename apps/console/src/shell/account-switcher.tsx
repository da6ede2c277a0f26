import { Button, Combobox, Group, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { accountQuery, foundAccountsQuery, type Account } from '../accounts/account-queries.js';
import { useStore } from '../api/store.js';
import { Icon } from '../common/icons.js';
import { lastAccounts } from './last-accounts.js';
import { useShortcut } from './keyboard.js';

const Option = ({ account }: { readonly account: Account }): ReactElement => (
  <Combobox.Option value={account.accountId}>
    <Text className="wraps">{account.name}</Text>
    {account.externalId !== null && (
      <Text size="xs" c="dimmed" className="wraps">
        {account.externalId}
      </Text>
    )}
  </Combobox.Option>
);

const useLastAccounts = (): readonly Account[] => {
  const ids = useStore(lastAccounts);
  return useQueries({ queries: ids.map(accountQuery) }).flatMap(({ data }) => (data === undefined ? [] : [data]));
};

const FoundOptions = ({ accounts }: { readonly accounts: readonly Account[] | undefined }) =>
  accounts?.length === 0 ? (
    <Combobox.Empty>No account begins so.</Combobox.Empty>
  ) : (
    accounts?.map((account) => <Option key={account.accountId} account={account} />)
  );

const Found = ({ search }: { readonly search: string }): ReactElement => {
  const [q] = useDebouncedValue(search.trim(), 200);
  const { data } = useQuery(foundAccountsQuery(q));
  const last = useLastAccounts();
  const isShort = q === '' && last.length > 0;
  return (
    <Combobox.Options aria-label="Accounts" mah={320} style={{ overflowY: 'auto' }}>
      {isShort && (
        <Combobox.Group label="Last">
          {last.map((account) => (
            <Option key={account.accountId} account={account} />
          ))}
        </Combobox.Group>
      )}
      {!isShort && <FoundOptions accounts={data?.items} />}
    </Combobox.Options>
  );
};

/** The account that is looked at, and the way to another one: search, or the last five. */
export const AccountSwitcher = ({ account }: { readonly account: Account | undefined }): ReactElement => {
  const [search, setSearch] = useState('');
  const navigate = useNavigate();
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
  });
  useShortcut('s', 'Switch the account', () => combobox.openDropdown());
  const choose = (accountId: string): void => {
    combobox.closeDropdown();
    void navigate(`/accounts/${accountId}`);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} width={280} position="bottom-start" shadow="none">
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <Button
          variant="default"
          fullWidth
          justify="space-between"
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          rightSection={<Icon name="down" />}
          onClick={() => combobox.toggleDropdown()}
        >
          <Text truncate inherit>
            {account?.name ?? 'Choose an account'}
          </Text>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label="Search accounts by name or external id"
          placeholder="Name or external id"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          leftSection={<Icon name="search" />}
        />
        {combobox.dropdownOpened ? <Found search={search} /> : <Group />}
      </Combobox.Dropdown>
    </Combobox>
  );
};
