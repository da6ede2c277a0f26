import { ActionIcon, Stack, Text, Tooltip } from '@mantine/core';
import { useId, useRef, useState, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { CopyButton } from './copy-button.js';
import { Icon } from './icons.js';
import { firstRequest, labelOf, type SecretPart } from './shown-secret.js';

const CONCEALED = '••••••••••••••••';

interface ValueProps {
  readonly label: string;
  readonly value: string;
  /** What stands in its place as long as it is concealed; undefined where nothing is. */
  readonly concealed: string | undefined;
}

/** A value with its copy button, and a way to see it. */
const ConcealedValue = ({ label, value, concealed }: ValueProps): ReactElement => {
  const [isShown, setShown] = useState(concealed === undefined);
  const shown = useRef<HTMLElement>(null);
  const id = useId();
  const select = (): void => {
    // It has to be on the page before it can be selected.
    flushSync(() => setShown(true));
    if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
  };
  const toggle = isShown ? `Hide ${label}` : `Show ${label}`;
  return (
    <Stack gap={4}>
      <Text fw={500} id={id}>
        {label}
      </Text>
      <div className="secret-part" role="group" aria-labelledby={id}>
        <code ref={shown}>{isShown ? value : concealed}</code>
        {concealed !== undefined && (
          <Tooltip label={toggle}>
            <ActionIcon
              variant="subtle"
              color="gray"
              c="dimmed"
              size={32}
              aria-label={toggle}
              onClick={() => setShown(!isShown)}
            >
              <Icon name={isShown ? 'hide' : 'show'} />
            </ActionIcon>
          </Tooltip>
        )}
        <CopyButton text={value} what={label} shown={shown} onRefused={select} />
      </div>
    </Stack>
  );
};

/** Each part with its label, and a first request; what is secret is concealed until it is asked for. */
export const SecretParts = ({ parts }: { readonly parts: readonly SecretPart[] }): ReactElement => {
  const request = firstRequest(parts, ({ value }) => value);
  const concealedRequest = firstRequest(parts, ({ value, isSecret }) => (isSecret ? CONCEALED : value));
  return (
    <>
      {parts.map(({ field, value, isSecret }) => (
        <ConcealedValue key={field} label={labelOf(field)} value={value} concealed={isSecret ? CONCEALED : undefined} />
      ))}
      {request !== undefined && <ConcealedValue label="First request" value={request} concealed={concealedRequest} />}
    </>
  );
};
