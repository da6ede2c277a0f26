import { Textarea, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { errorOf } from '../common/field-errors.js';

export interface Details {
  readonly title: string;
  readonly description: string;
}

interface Props {
  readonly details: Details;
  readonly problem: ApiProblem | undefined;
  readonly onChange: (part: Partial<Details>) => void;
}

/** What people know an application by. */
export const DetailsFields = ({ details, problem, onChange }: Props): ReactElement => (
  <>
    <TextInput
      label="Title"
      description="As in Partner portal."
      required
      maxLength={200}
      autoComplete="off"
      autoFocus
      data-autofocus
      value={details.title}
      error={errorOf(problem, 'title')}
      onChange={(event) => onChange({ title: event.currentTarget.value })}
    />
    <Textarea
      label="Description"
      description="Not needed. What it does, and who looks after it."
      maxLength={1000}
      autosize
      minRows={2}
      maxRows={8}
      value={details.description}
      error={errorOf(problem, 'description')}
      onChange={(event) => onChange({ description: event.currentTarget.value })}
    />
  </>
);
