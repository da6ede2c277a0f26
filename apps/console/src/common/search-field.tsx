import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useShortcut } from '../shell/keyboard.js';
import { Icon } from './icons.js';

const SETTLED_MS = 250;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches a moment after the last key; `/` leads here, Escape out. */
export const SearchField = ({ label, value, onChange }: Props): ReactElement => {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useShortcut('/', 'Search', () => input.current?.focus());
  useEffect(() => {
    // Cleared, or changed by Back.
    if (document.activeElement !== input.current) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next.trim()), SETTLED_MS);
  };
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={200}
      leftSection={<Icon name="search" />}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
};
