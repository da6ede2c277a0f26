import { Box, List, Title } from '@mantine/core';
import type { ReactElement } from 'react';

interface Props {
  readonly title: string;
  readonly advice: readonly string[];
}

/** What a type advises to do, below what it is about. */
export const AdviceList = ({ title, advice }: Props): ReactElement | null =>
  advice.length === 0 ? null : (
    <Box component="section" mt="xl" maw={680} aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <List spacing={4}>
        {advice.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
    </Box>
  );
