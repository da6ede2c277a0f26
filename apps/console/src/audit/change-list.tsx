import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { components } from '../api/generated/schema.js';
import { Time } from '../common/times.js';
import { inWords, shortOf } from './words.js';

type FieldChange = components['schemas']['FieldChange'];

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.map(textOf).join(', ') : JSON.stringify(value);
};

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const Value = ({ of }: { readonly of: unknown }): ReactElement => {
  if (isNothing(of)) {
    return (
      <Text span inherit c="dimmed">
        nothing
      </Text>
    );
  }
  return typeof of === 'string' && INSTANT.test(of) ? <Time at={of} /> : <bdi className="wraps">{textOf(of)}</bdi>;
};

const ID = /[a-z]+_[0-9a-f-]{36}/;

/** What comes behind the first dot is an id or lies below one: shown as it is, or with the end of the id alone. */
const Field = ({ name, isShort }: { readonly name: string; readonly isShort: boolean }): ReactElement => {
  const [head = '', ...rest] = name.split('.');
  const below = rest.join('.');
  return (
    <Text span inherit c="dimmed" title={name}>
      {inWords(head)}
      {below !== '' && <code className="wraps"> {isShort ? below.replace(ID, shortOf) : below}</code>}:
    </Text>
  );
};

const Change = ({ field, from, to, isShort }: FieldChange & { readonly isShort: boolean }): ReactElement => (
  <li className="wraps">
    <Field name={field} isShort={isShort} />{' '}
    {!isNothing(from) && (
      <>
        <Value of={from} /> <span aria-hidden="true">→</span>
        <span className="visually-hidden">becomes</span>{' '}
      </>
    )}
    <Value of={to} />
  </li>
);

interface Props {
  readonly changes: readonly FieldChange[];
  /** So many at most, with ids cut short; all, and whole, where left out. */
  readonly most?: number;
}

/** Each as "field: old → new"; what is new has no old value. */
export const ChangeList = ({ changes, most = Infinity }: Props): ReactElement | null => {
  const hidden = changes.length - most;
  return changes.length === 0 ? null : (
    <ul className="changes">
      {changes.slice(0, most).map((change) => (
        <Change key={change.field} {...change} isShort={most !== Infinity} />
      ))}
      {hidden > 0 && <li>and {hidden} more</li>}
    </ul>
  );
};
