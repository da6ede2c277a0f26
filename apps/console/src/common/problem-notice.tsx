import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { CopyButton } from './copy-button.js';
import { Icon } from './icons.js';

interface Props {
  readonly problem: ApiProblem;
  /** Fields that are shown with their own errors already. */
  readonly shownFields?: readonly string[];
  /** The way on: to look again, or to try once more. */
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

const retryWords = (status: number): string => (status === 409 || status === 412 ? 'Look again' : 'Try again');

/** A refusal: what happened, what to do about it, and the id under which the server's log has more. */
export const ProblemNotice = ({ problem, shownFields = [], onRetry, children }: Props): ReactElement => {
  const { title, detail, errors, correlationId, status } = problem;
  const others = errors.filter(({ field }) => !shownFields.includes(field));
  const isAboutFields = errors.length > 0 && others.length === 0;
  return (
    <Alert role="alert" color="red" variant="outline" icon={<Icon name="warning" />} title={title}>
      <Text>{isAboutFields ? 'Correct what is marked.' : detail}</Text>
      {others.map(({ field, message }) => (
        <Text key={field + message}>
          <code>{field}</code> {message}
        </Text>
      ))}
      {children}
      <Group gap="xs" mt="xs">
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {retryWords(status)}
          </Button>
        )}
        {correlationId !== null && (
          <Group gap={4} wrap="nowrap">
            <Text size="xs" c="dimmed" className="wraps">
              Correlation id <code>{correlationId}</code>
            </Text>
            <CopyButton text={correlationId} what="correlation id" />
          </Group>
        )}
      </Group>
    </Alert>
  );
};
