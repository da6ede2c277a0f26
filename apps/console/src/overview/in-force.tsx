import { Anchor, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { ListTable, type Column } from '../common/list-table.js';
import type { Credential, CredentialType } from '../credentials/credential-queries.js';
import { pageOfType } from '../credentials/type-place.js';
import { FROM_EACH_END } from './overview-queries.js';

const statuses = ['active', 'suspended', 'revoked', 'expired'] as const;
const titles = { active: 'Active', suspended: 'Suspended', revoked: 'Revoked', expired: 'Expired' } as const;

interface Row {
  readonly type: string;
  readonly title: string;
  readonly counts: Readonly<Record<Credential['status'], number>>;
}

const rowsOf = (types: readonly CredentialType[], credentials: readonly Credential[]): readonly Row[] => {
  const rows = new Map<string, Row>();
  // Those of a type that is not offered any more still count.
  const known = [...types, ...credentials.map(({ type }) => ({ type, title: type }))];
  for (const { type, title } of known) {
    if (rows.has(type)) continue;
    const ofType = credentials.filter((each) => each.type === type);
    const count = (status: Credential['status']) => ofType.filter((each) => each.status === status).length;
    const counts = {
      active: count('active'),
      suspended: count('suspended'),
      revoked: count('revoked'),
      expired: count('expired'),
    };
    rows.set(type, { type, title, counts });
  }
  return [...rows.values()];
};

interface Props {
  readonly accountId: string;
  readonly types: readonly CredentialType[];
  readonly credentials: readonly Credential[];
  readonly isComplete: boolean;
  readonly isLoading: boolean;
}

const Count = ({ count, to }: { readonly count: number; readonly to: string }): ReactElement =>
  count === 0 ? (
    <Text c="dimmed">0</Text>
  ) : (
    <Anchor component={Link} to={to} inherit>
      {count}
    </Anchor>
  );

const TypeName = ({ title, to }: { readonly title: string; readonly to: string }): ReactElement => (
  <Anchor component={Link} to={to} c="inherit" fw={500}>
    {title}
  </Anchor>
);

const isInUse = ({ counts }: Row): boolean => Object.values(counts).some((count) => count > 0);

/** How many credentials there are, by type and status. */
export const InForce = ({ accountId, types, credentials, isComplete, isLoading }: Props): ReactElement => {
  const pageOf = (type: string): string => pageOfType(accountId, type);
  const columns: readonly Column<Row>[] = [
    { title: 'Type', isName: true, cell: ({ type, title }) => <TypeName title={title} to={pageOf(type)} /> },
    ...statuses.map((status) => ({
      title: titles[status],
      isFixed: true,
      cell: ({ type, counts }: Row) => <Count count={counts[status]} to={`${pageOf(type)}?status=${status}`} />,
    })),
  ];
  const rows = isLoading ? [] : rowsOf(types, credentials);
  const inUse = rows.filter(isInUse);
  const unused = rows.filter((row) => !isInUse(row));
  return (
    <>
      {(isLoading || inUse.length > 0) && (
        <ListTable
          label="Credentials by type and status"
          columns={columns}
          items={inUse}
          keyOf={({ type }) => type}
          isLoading={isLoading}
        />
      )}
      {isComplete && unused.length > 0 && (
        <Group mt="xs" gap="xs">
          <Text c="dimmed">None of these types:</Text>
          {unused.map(({ type, title }) => (
            <TypeName key={type} title={title} to={pageOf(type)} />
          ))}
        </Group>
      )}
      {!isComplete && (
        <Text mt="xs" c="var(--page-attention)">
          There are many: only the newest {FROM_EACH_END} and the oldest {FROM_EACH_END} are counted here, and looked at
          above. Those between are not.
        </Text>
      )}
    </>
  );
};
