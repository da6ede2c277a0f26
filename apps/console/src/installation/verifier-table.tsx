import type { ReactElement } from 'react';
import { CopiedText } from '../common/copied-text.js';
import { ListTable, type Column } from '../common/list-table.js';
import { Mark } from '../common/mark.js';
import { Time } from '../common/times.js';
import { hasReached, type VerifierPosition } from './receipt-queries.js';

const Id = ({ verifierId }: VerifierPosition): ReactElement => (
  <CopiedText text={verifierId} what={`id of verifier ${verifierId}`} />
);

const Knows = ({ of: verifier, position }: { readonly of: VerifierPosition; readonly position: string }) => {
  if (verifier.guaranteed) return <Mark {...{ icon: 'check', tone: 'good' }}>Knows of it</Mark>;
  return hasReached(verifier.position, position) ? (
    <Mark {...{ icon: 'warning', tone: 'attention' }}>Is past it, not guaranteed</Mark>
  ) : (
    <Mark {...{ icon: 'clock', tone: 'attention' }}>Not yet</Mark>
  );
};

const age = (at: string): string => {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1_000);
  return seconds < 60 ? `${seconds.toFixed(0)} s` : `${Math.floor(seconds / 60)} min`;
};

/** How long one has stood where it stands, where that is before the position. */
const Behind = ({ of: verifier, position }: { readonly of: VerifierPosition; readonly position: string }) =>
  hasReached(verifier.position, position) ? '–' : `for ${age(verifier.at)}`;

const columnsFor = (position: string): readonly Column<VerifierPosition>[] => [
  { title: 'Verifier', isName: true, cell: Id },
  { title: 'Knows of it', isFixed: true, cell: (verifier) => <Knows of={verifier} position={position} /> },
  { title: 'Stands at', cell: (verifier) => <code className="wraps">{verifier.position}</code> },
  { title: 'Since', isFixed: true, cell: ({ at }) => <Time at={at} form="seconds" /> },
  { title: 'Behind', isFixed: true, cell: (verifier) => <Behind of={verifier} position={position} /> },
];

interface Props {
  readonly label: string;
  /** What is asked about. */
  readonly position: string;
  readonly verifiers: readonly VerifierPosition[];
}

export const VerifierTable = ({ label, position, verifiers }: Props): ReactElement => (
  <ListTable
    label={label}
    columns={columnsFor(position)}
    items={verifiers}
    keyOf={({ verifierId }) => verifierId}
    isLoading={false}
  />
);
