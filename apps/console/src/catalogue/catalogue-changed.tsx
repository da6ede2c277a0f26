import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { LastChange } from '../audit/last-change.js';
import { changesBetween, type Catalogue } from './catalogue-edits.js';
import { ChangeList } from './change-list.js';
import type { CatalogueEdits } from './use-catalogue-edits.js';

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
      <LastChange accountId={undefined} query={{ action: ['ApiEndpointsReplaced'] }} reading={latest.revision} />
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
