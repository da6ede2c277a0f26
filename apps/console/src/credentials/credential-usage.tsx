import { Box, Button, Text } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import { toProblem } from '../api/problem.js';
import { FilterSelect } from '../common/filter-select.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { useFilters } from '../common/use-filters.js';
import type { CredentialPath } from './credential-queries.js';
import { UsageChart, UsageNumbers } from './usage-chart.js';
import { datesOf, seriesOf } from './usage-series.js';

type Counted = components['schemas']['CredentialUsage']['days'];

const USUAL_DAYS = 30;

const choices = [
  { value: '7', label: 'Last 7 days' },
  { value: '', label: `Last ${USUAL_DAYS} days` },
  { value: '90', label: 'Last 90 days' },
];

const usageQuery = (path: CredentialPath, days: number) =>
  queryOptions({
    queryKey: ['usage', path.accountId, path.credentialId, days],
    queryFn: async ({ signal }) => {
      const params = { path: { ...path }, query: { days } };
      const answer = api.GET('/v1/accounts/{accountId}/credentials/{credentialId}/usage', { params, signal });
      return { days, counted: (await dataOf(answer)).days };
    },
    placeholderData: keepPreviousData,
  });

interface UsageProps {
  readonly days: number;
  readonly counted: Counted;
  readonly areNumbersShown: boolean;
  readonly onToggle: () => void;
}

const Usage = ({ days, counted, areNumbersShown, onToggle }: UsageProps): ReactElement => {
  const dates = datesOf(days, counted, Date.now());
  const series = seriesOf(counted, dates);
  if (counted.length === 0) return <Text>Nobody has presented it in these {days} days.</Text>;
  return (
    <>
      <UsageChart {...{ dates, series }} />
      <Button size="xs" variant="default" my="xs" aria-expanded={areNumbersShown} onClick={onToggle}>
        {areNumbersShown ? 'Hide the numbers' : 'Show the numbers'}
      </Button>
      <UsageNumbers {...{ dates, series }} isShown={areNumbersShown} />
    </>
  );
};

/** How often it was accepted, and how often refused, each day. */
export const CredentialUsage = ({ path }: { readonly path: CredentialPath }): ReactElement => {
  const filters = useFilters(['days', 'numbers']);
  const chosen = choices.find(({ value }) => value === filters.get('days'))?.value ?? '';
  const areNumbersShown = filters.get('numbers') === 'shown';
  const { data, error, isPlaceholderData, refetch } = useQuery(usageQuery(path, Number(chosen || USUAL_DAYS)));
  return (
    <Section
      id="usage"
      title="Usage"
      sentence="How often it was accepted or refused, by day in UTC. May lag by some seconds."
      action={
        <FilterSelect label="Days" value={chosen} choices={choices} onChange={(value) => filters.set('days', value)} />
      }
    >
      {error !== null && <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Box opacity={isPlaceholderData ? 0.6 : 1}>
          <Usage
            {...data}
            areNumbersShown={areNumbersShown}
            onToggle={() => filters.set('numbers', areNumbersShown ? '' : 'shown')}
          />
        </Box>
      )}
    </Section>
  );
};
