import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { IconName } from '../common/icons.js';
import { Mark, type Look } from '../common/mark.js';
import { inWords, type Change, type Kind } from './catalogue-edits.js';

const looks: Readonly<Record<Kind, Look & { readonly label: string }>> = {
  added: { label: 'Added', icon: 'plus' satisfies IconName, tone: 'good' },
  changed: { label: 'Changed', icon: 'refresh', tone: 'attention' },
  retired: { label: 'Retired', icon: 'stop', tone: 'bad' },
};

interface KindProps {
  readonly kind: Kind;
  /** How many of them. */
  readonly count?: number;
}

export const KindMark = ({ kind, count }: KindProps): ReactElement => {
  const { label, icon, tone } = looks[kind];
  return <Mark {...{ icon, tone }}>{count === undefined ? label : `${label} ${count}`}</Mark>;
};

const OneChange = ({ change: { endpointId, before, now } }: { readonly change: Change }): ReactElement => (
  <span className="wraps">
    <b>{endpointId}</b>{' '}
    {before !== null && now !== null && (
      <>
        <code>{inWords(before)}</code> →{' '}
      </>
    )}
    <code>{inWords(now ?? before ?? { method: 'ANY', path: '' })}</code>
  </span>
);

const kinds: readonly Kind[] = ['retired', 'changed', 'added'];

interface Props {
  readonly changes: readonly Change[];
  /** Ids that are marked, and how. */
  readonly marked?: { readonly ids: readonly string[]; readonly as: string };
}

/** What is added, changed and retired; what takes something away first. */
export const ChangeList = ({ changes, marked }: Props): ReactElement => (
  <div className="change-list" role="group" aria-label="Changes" tabIndex={0}>
    {kinds.map((kind) => {
      const all = changes.filter((each) => each.kind === kind);
      if (all.length === 0) return null;
      return (
        <section key={kind} aria-label={looks[kind].label}>
          <KindMark kind={kind} count={all.length} />
          <ul className="lines">
            {all.map((change) => (
              <li key={change.endpointId}>
                <OneChange change={change} />
                {marked?.ids.includes(change.endpointId) === true && (
                  <Text component="span" c="var(--page-attention)">
                    {' '}
                    {marked.as}
                  </Text>
                )}
              </li>
            ))}
          </ul>
        </section>
      );
    })}
  </div>
);
