import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

interface Props extends ButtonProps {
  /** Why it cannot be used; undefined where it can. */
  readonly refusal: string | undefined;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** Where it is not allowed it stays where people look for it, can be reached by keyboard, and says why. */
export const AllowedButton = ({ refusal, onClick, children, ...props }: Props): ReactElement => (
  <Tooltip label={refusal} disabled={refusal === undefined}>
    <Button
      {...props}
      data-disabled={refusal === undefined ? undefined : true}
      aria-disabled={refusal === undefined ? undefined : true}
      aria-description={refusal}
      onClick={refusal === undefined ? onClick : undefined}
    >
      {children}
    </Button>
  </Tooltip>
);
