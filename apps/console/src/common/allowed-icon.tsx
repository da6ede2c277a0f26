import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.js';

interface Props {
  readonly icon: IconName;
  /** What it does, and to what, as in "Replace the auth token". */
  readonly label: string;
  /** The same in short, where people see what it stands beside. */
  readonly hint?: string;
  /** Why it cannot be used; undefined where it can. */
  readonly refusal: string | undefined;
  readonly isDangerous?: boolean;
  readonly isRunning?: boolean;
  readonly onClick: () => void;
}

/** Where it is not allowed it can still be reached, and says why. */
const marks = (refusal: string | undefined) =>
  refusal === undefined ? {} : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': refusal };

const harmless = { color: 'gray', c: 'dimmed' };
const dangerous = { color: 'red', c: 'var(--mantine-color-error)' };

/** As AllowedButton, where there is room for a drawing only. */
export const AllowedIcon = (props: Props): ReactElement => {
  const { icon, label, hint = label, refusal, isDangerous = false, isRunning = false, onClick } = props;
  const isAllowed = refusal === undefined;
  const { color, c } = isDangerous ? dangerous : harmless;
  return (
    <Tooltip label={isAllowed ? hint : `${hint}: ${refusal}`}>
      <ActionIcon
        variant="subtle"
        color={color}
        c={isAllowed ? c : undefined}
        size={32}
        loading={isRunning}
        {...marks(refusal)}
        aria-label={label}
        onClick={isAllowed ? onClick : undefined}
      >
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
};
