import { Button, Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, useRouteError } from 'react-router';
import { toProblem } from '../api/problem.js';
import { ProblemNotice } from '../common/problem-notice.js';

export const NotFoundPage = (): ReactElement => (
  <Stack align="flex-start">
    <title>No such page · Keyledger</title>
    <Title order={1}>There is no such page</Title>
    <Text>The address may be wrong, or what was here is gone.</Text>
    <Button component={Link} to="/" variant="default">
      Go to the start
    </Button>
  </Stack>
);

/** A page that could not be loaded, as after an update, or that made a mistake. */
export const PageFailed = (): ReactElement => {
  const problem = toProblem(useRouteError());
  return (
    <Stack p="lg" maw={640}>
      <title>Page failed · Keyledger</title>
      <Title order={1}>This page cannot be shown</Title>
      <ProblemNotice problem={problem} onRetry={() => location.reload()} />
    </Stack>
  );
};
