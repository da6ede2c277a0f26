import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { showsUtc } from '../common/times.js';

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
}

/** A date and a time, in the zone in which times are shown. */
export const InstantField = ({ label, value, onChange }: Props): ReactElement => {
  const utc = useStore(showsUtc);
  return (
    <TextInput
      type="datetime-local"
      label={utc ? `${label} (UTC)` : label}
      max="9999-12-31T23:59"
      value={fieldOf(value, utc)}
      onChange={(event) => onChange(instantOf(event.currentTarget.value, utc))}
    />
  );
};
