import type { ReactElement, ReactNode } from 'react';

interface Props {
  readonly facts: readonly { readonly label: string; readonly value: ReactNode }[];
  /** Side by side where there is room. */
  readonly areMany?: boolean;
}

/** What is known of one thing: a label and a value each. */
export const Facts = ({ facts, areMany = false }: Props): ReactElement => (
  <dl className="facts" data-many={areMany || undefined}>
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
