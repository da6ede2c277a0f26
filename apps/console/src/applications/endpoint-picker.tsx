import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { toProblem } from '../api/problem.js';
import { Announce } from '../common/announce.js';
import { Icon } from '../common/icons.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useCatalogue, type ApiEndpoint } from './application-queries.js';
import { EndpointName } from './endpoint-name.js';

/** What can be connected: the active ones, and those retired since that are connected already. */
export const choosable = (
  catalogue: readonly ApiEndpoint[],
  connected: readonly ApiEndpoint[],
): readonly ApiEndpoint[] => {
  const active = catalogue.filter(({ status }) => status === 'active');
  const known = new Set(active.map(({ endpointId }) => endpointId));
  return [...active, ...connected.filter(({ endpointId }) => !known.has(endpointId))];
};

/** Whether it is found by what was typed: each word is somewhere in it. */
export const isLike = ({ endpointId, method, path }: ApiEndpoint, search: string): boolean => {
  const text = `${method} ${path} ${endpointId}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

interface Props {
  readonly connected: readonly ApiEndpoint[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

const EmptyCatalogue = (): ReactElement => (
  <Text>
    The catalogue has no endpoints yet, so there is nothing to connect. An operator lists the endpoints of your API
    there. Keys can be made already, and open nothing until endpoints are connected.
  </Text>
);

interface RowsProps extends Props {
  readonly endpoints: readonly ApiEndpoint[];
}

const Rows = ({ endpoints, chosen, onChange }: RowsProps): ReactElement => (
  <div className="picker" role="group" aria-label="Endpoints">
    {endpoints.map((endpoint) => {
      const { endpointId, status } = endpoint;
      const isChosen = chosen.includes(endpointId);
      const toggle = (): void =>
        onChange(isChosen ? chosen.filter((each) => each !== endpointId) : [...chosen, endpointId]);
      return (
        <Checkbox
          key={endpointId}
          checked={isChosen}
          onChange={toggle}
          label={<EndpointName endpoint={endpoint} />}
          description={status === 'retired' ? 'Retired: once disconnected it cannot be connected again.' : undefined}
        />
      );
    })}
    {endpoints.length === 0 && <Text c="dimmed">No endpoint is like that.</Text>}
  </div>
);

/** Endpoints of the catalogue to choose from, found by method, path or id. */
export const EndpointPicker = (props: Props): ReactElement | null => {
  const { connected, chosen, onChange } = props;
  const [search, setSearch] = useState('');
  const catalogue = useCatalogue();
  if (catalogue.error !== null) {
    return <ProblemNotice problem={toProblem(catalogue.error)} onRetry={() => void catalogue.refetch()} />;
  }
  if (catalogue.data === undefined) return null;
  const all = choosable(catalogue.data.endpoints, connected);
  if (all.length === 0) return <EmptyCatalogue />;
  const shown = all.filter((endpoint) => isLike(endpoint, search.trim()));
  const chooseShown = (): void => onChange([...new Set([...chosen, ...shown.map(({ endpointId }) => endpointId)])]);
  const count = `${chosen.length} of ${all.length} chosen`;
  return (
    <Stack gap="xs">
      <TextInput
        type="search"
        autoFocus
        data-autofocus
        label="Search endpoints"
        placeholder="Method, path or id"
        leftSection={<Icon name="search" />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Not the form around it.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <Rows {...props} endpoints={shown} />
      <Group justify="space-between" gap="xs">
        <Text c="dimmed">{count}</Text>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={chooseShown} disabled={shown.length === 0}>
            {search.trim() === '' ? 'Choose all' : 'Choose all that are found'}
          </Button>
          <Button variant="default" size="xs" onClick={() => onChange([])} disabled={chosen.length === 0}>
            Choose none
          </Button>
        </Group>
      </Group>
      <Announce>{count}</Announce>
    </Stack>
  );
};
