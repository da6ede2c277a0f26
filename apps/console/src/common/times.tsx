import { Text, Tooltip } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { Store, useStore } from '../api/store.js';

const UTC_PLACE = 'keyledger.utc';

/** Whether times are shown in UTC: one switch, kept per browser. */
export const showsUtc = new Store(localStorage.getItem(UTC_PLACE) === 'true');

export const setShowsUtc = (utc: boolean): void => {
  localStorage.setItem(UTC_PLACE, String(utc));
  showsUtc.set(utc);
};

const zone = (utc: boolean): { readonly timeZone?: string } => (utc ? { timeZone: 'UTC' } : {});

const dateAndTime = (at: Date, utc: boolean): string =>
  at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', ...zone(utc) });

const toTheSecond = (at: Date, utc: boolean): string =>
  at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium', ...zone(utc) });

const inFull = (at: Date, utc: boolean): string =>
  at.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long', ...zone(utc) });

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const fromNow = (at: Date, now: number): string => {
  const seconds = Math.round((at.getTime() - now) / 1000);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? [undefined, 1];
  return unit === undefined ? 'just now' : relative.format(Math.trunc(seconds / size), unit);
};

const TICK_MS = 30_000;

const useNow = (ticks: boolean): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticks]);
  return Math.max(now, Date.now() - TICK_MS);
};

interface Props {
  /** RFC 3339. */
  readonly at: string;
  /** `relative` as in "3 minutes ago"; date and time in tables that are compared, to the second where that tells. */
  readonly form?: 'relative' | 'date' | 'seconds';
}

const written = { date: dateAndTime, seconds: toTheSecond } as const;

/** A time, with all of it and its zone on pointing or focus. */
export const Time = ({ at, form = 'date' }: Props): ReactElement => {
  const utc = useStore(showsUtc);
  const now = useNow(form === 'relative');
  const date = new Date(at);
  return (
    <Tooltip label={inFull(date, utc)}>
      <Text component="time" dateTime={at} inherit tabIndex={0}>
        {form === 'relative' ? fromNow(date, now) : written[form](date, utc)}
      </Text>
    </Tooltip>
  );
};

const lengths = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** A length of time in words, in the largest unit that it is a whole number of. */
export const durationInWords = (seconds: number): string => {
  const [size, unit] = lengths.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};
