import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  /** The first stands for no filter. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** A filter of few values: the browser's own list, which every keyboard and screen reader knows. */
export const FilterSelect = ({ label, value, choices, onChange }: Props): ReactElement => (
  <NativeSelect
    aria-label={label}
    value={value}
    data={choices.map((each) => ({ ...each }))}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
