import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { components } from '../api/generated/schema.js';
import { Time } from '../common/times.js';
import { inWords } from './words.js';

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

/** What comes behind the first dot is an id or lies below one: shown as it is. */
const Field = ({ name }: { readonly name: string }): ReactElement => {
  const [head = '', ...rest] = name.split('.');
  return (
    <Text span inherit c="dimmed">
      {inWords(head)}
      {rest.length > 0 && <code className="wraps"> {rest.join('.')}</code>}:
    </Text>
  );
};

const Change = ({ field, from, to }: FieldChange): ReactElement => (
  <li className="wraps">
    <Field name={field} />{' '}
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
  /** So many at most; all where left out. */
  readonly most?: number;
}

/** Each as "field: old → new"; what is new has no old value. */
export const ChangeList = ({ changes, most = Infinity }: Props): ReactElement | null => {
  const hidden = changes.length - most;
  return changes.length === 0 ? null : (
    <ul className="changes">
      {changes.slice(0, most).map((change) => (
        <Change key={change.field} {...change} />
      ))}
      {hidden > 0 && <li>and {hidden} more</li>}
    </ul>
  );
};
