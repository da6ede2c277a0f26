import { TextInput } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from '../api/store.js';
import { showsUtc } from './times.js';

/** As a field of the browser has it: `2031-05-20T12:00`, in UTC or in the zone of the browser. */
const toField = (at: string, utc: boolean): string => {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const shifted = utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
};

const fromField = (text: string, utc: boolean): string => {
  const date = new Date(utc ? `${text}Z` : text);
  return text === '' || Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

interface Props {
  readonly label: string;
  /** RFC 3339, or empty. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Said above the field, and not only to a screen reader. */
  readonly isLabelled?: boolean;
  readonly error?: ReactNode;
}

/** A moment to the minute, in the zone that times are shown in. */
export const TimeField = ({ label, value, onChange, isLabelled = false, error }: Props): ReactElement => {
  const utc = useStore(showsUtc);
  const text = utc ? `${label} (UTC)` : label;
  return (
    <TextInput
      type="datetime-local"
      {...(isLabelled ? { label: text } : { 'aria-label': text, leftSection: label, leftSectionWidth: 56 })}
      value={toField(value, utc)}
      error={error}
      onChange={(event) => onChange(fromField(event.currentTarget.value, utc))}
    />
  );
};
