import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useRefusal } from '../api/permissions.js';
import { onlyWhenAsked, readTrail } from '../audit/audit-queries.js';
import { Time } from '../common/times.js';
import { changesBetween, type Catalogue } from './catalogue-edits.js';
import { ChangeList } from './change-list.js';
import type { CatalogueEdits } from './use-catalogue-edits.js';

const lastWriteQuery = (revision: number | null) => ({
  queryKey: ['catalogue-writes', revision],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    readTrail(undefined, { action: ['ApiEndpointsReplaced'], limit: 1 }, signal),
  ...onlyWhenAsked,
});

const Who = ({ revision }: { readonly revision: number | null }): ReactElement | null => {
  const isAllowed = useRefusal('ListAuditEventsOfAllAccounts') === undefined;
  const { data } = useQuery({ ...lastWriteQuery(revision), enabled: isAllowed });
  const [last] = data?.items ?? [];
  if (last === undefined) return null;
  return (
    <Text>
      Last by <span className="wraps">{last.actor.id}</span>, <Time at={last.at} form="relative" />.
    </Text>
  );
};

interface Props {
  readonly editing: CatalogueEdits;
  readonly latest: Catalogue;
}

/** The catalogue was saved elsewhere while it was edited here: what, by whom, and the two ways on. */
export const CatalogueChanged = ({ editing, latest }: Props): ReactElement => {
  const changes = changesBetween(editing.base.endpoints, latest.endpoints);
  const both = changes.map(({ endpointId }) => endpointId).filter((id) => Object.hasOwn(editing.edits, id));
  return (
    <Alert role="alert" color="yellow" variant="outline" title="The catalogue has changed meanwhile" mb="md">
      {changes.length === 0 && <Text>It was saved elsewhere, and lists the same as before.</Text>}
      <ChangeList changes={changes} marked={{ ids: both, as: 'You have changed it here, too.' }} />
      <Who revision={latest.revision} />
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={editing.keep}>
          Go on with my changes on top of it
        </Button>
        <Button size="xs" variant="default" onClick={editing.discard}>
          Drop my changes
        </Button>
      </Group>
    </Alert>
  );
};
