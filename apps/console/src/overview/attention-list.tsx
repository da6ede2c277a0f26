import { Anchor, Button, Group, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { AllowedButton } from '../common/allowed-button.js';

/** One thing that needs attention, and the one thing to do about it. */
export interface Line {
  readonly key: string;
  readonly name: string;
  readonly page: string;
  readonly why: ReactNode;
  readonly action: {
    readonly label: string;
    readonly page: string;
    readonly refusal: string | undefined;
  };
}

export interface Matter {
  /** In the address, where all of it is shown. */
  readonly name: string;
  readonly title: string;
  readonly lines: readonly Line[];
}

const SHOWN = 5;

const MatterLine = ({ line }: { readonly line: Line }): ReactElement => {
  const navigate = useNavigate();
  const { name, page, why, action } = line;
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <div className="attention-text">
          <Anchor component={Link} to={page} c="inherit" fw={500} className="wraps">
            <bdi>{name}</bdi>
          </Anchor>
          <Text c="dimmed" component="div">
            {why}
          </Text>
        </div>
        <AllowedButton
          variant="default"
          size="xs"
          refusal={action.refusal}
          aria-label={`${action.label}: ${name}`}
          onClick={() => void navigate(action.page)}
        >
          {action.label}
        </AllowedButton>
      </Group>
    </li>
  );
};

/** How the address says that all of a matter is shown. */
const useShownWhole = (): readonly [name: string | null, toggle: (name: string) => void] => {
  const [parameters, setParameters] = useSearchParams();
  const whole = parameters.get('all');
  const toggle = (name: string): void => setParameters(whole === name ? {} : { all: name }, { replace: true });
  return [whole, toggle];
};

/** What needs attention, by why, of each the first few. */
export const AttentionList = ({ matters }: { readonly matters: readonly Matter[] }): ReactElement => {
  const [whole, toggle] = useShownWhole();
  return (
    <>
      {matters.map(({ name, title, lines }) => (
        <section key={name} className="attention" aria-label={title}>
          <Text component="h3" fw={600}>
            {title} ({lines.length})
          </Text>
          <ul className="lines">
            {lines.slice(0, whole === name ? undefined : SHOWN).map((line) => (
              <MatterLine key={line.key} line={line} />
            ))}
          </ul>
          {lines.length > SHOWN && (
            <Button variant="subtle" size="xs" mt={4} onClick={() => toggle(name)}>
              {whole === name ? 'Show fewer' : `Show all ${lines.length}`}
            </Button>
          )}
        </section>
      ))}
    </>
  );
};
