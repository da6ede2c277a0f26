import { useLayoutEffect, useRef } from 'react';
import { Store } from '../api/store.js';

interface Shortcut {
  /** One key, or two after each other: `g a`. */
  readonly keys: string;
  readonly description: string;
  readonly run: () => void;
}

/** What the keys do on this page, for the list of them. */
export const shortcuts = new Store<readonly Shortcut[]>([]);

const SEQUENCE_MS = 1_000;
let first: { readonly key: string; readonly atMs: number } | undefined;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

const isBusy = (): boolean => document.querySelector('[role="dialog"], [role="menu"]') !== null;

const isForUs = ({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean =>
  !(ctrlKey || metaKey || altKey || isTyping(target) || isBusy());

const shortcutFor = (pressed: string): Shortcut | undefined => shortcuts.get().findLast(({ keys }) => keys === pressed);

const press = (event: KeyboardEvent): void => {
  if (!isForUs(event)) return;
  const before = first !== undefined && Date.now() - first.atMs < SEQUENCE_MS ? `${first.key} ` : '';
  // A key that begins nothing must not take the next one with it.
  const pressed = shortcutFor(before + event.key) ?? shortcutFor(event.key);
  first = pressed === undefined ? { key: event.key, atMs: Date.now() } : undefined;
  if (pressed === undefined) return;
  event.preventDefault();
  pressed.run();
};

export const listenToKeys = (): (() => void) => {
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
};

/** As long as the component is shown. */
export const useShortcut = (keys: string, description: string, run: (() => void) | undefined): void => {
  const latest = useRef(run);
  // Before it is seen: who sees a page may use its keys.
  useLayoutEffect(() => {
    latest.current = run;
  });
  const isOn = run !== undefined;
  useLayoutEffect(() => {
    if (!isOn) return undefined;
    const shortcut = { keys, description, run: () => latest.current?.() };
    shortcuts.set([...shortcuts.get(), shortcut]);
    return () => shortcuts.set(shortcuts.get().filter((each) => each !== shortcut));
  }, [keys, description, isOn]);
};
