import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { showsUtc } from './times.js';

const MINUTE_MS = 60_000;

/** As the browser's field has it: without a zone, to the minute. */
const fieldOf = (instant: string, utc: boolean): string => {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return '';
  const shift = utc ? 0 : new Date(ms).getTimezoneOffset() * MINUTE_MS;
  return new Date(ms - shift).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
};

const instantOf = (field: string, utc: boolean): string => {
  const date = new Date(utc ? `${field}Z` : field);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

interface Props {
  readonly label: string;
  /** RFC 3339; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Its label in front of it, where it stands in a row with others. */
  readonly isInline?: boolean;
  readonly error?: string | undefined;
}

/** A date and a time, in the zone in which times are shown. */
export const InstantField = ({ label, value, onChange, isInline = false, error }: Props): ReactElement => {
  const utc = useStore(showsUtc);
  const name = utc ? `${label} (UTC)` : label;
  return (
    <TextInput
      type="datetime-local"
      {...(isInline ? { 'aria-label': name, leftSection: name, leftSectionWidth: utc ? 96 : 60 } : { label: name })}
      max="9999-12-31T23:59"
      value={fieldOf(value, utc)}
      error={error}
      onChange={(event) => onChange(instantOf(event.currentTarget.value, utc))}
    />
  );
};
