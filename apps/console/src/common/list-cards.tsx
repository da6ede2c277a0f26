import { useRef, type ReactElement, type ReactNode } from 'react';
import { useShortcut } from '../shell/keyboard.js';
import { useLate } from './use-late.js';

interface Props<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Holds one link that leads to the thing. */
  readonly card: (item: T) => ReactNode;
  readonly isLoading: boolean;
}

const GREY_CARDS = 3;

/** Goes to the link so many after the one that has the focus. */
const moveBy = (list: HTMLElement | null, step: number): void => {
  const links = [...(list?.querySelectorAll<HTMLElement>('a') ?? [])];
  const at = links.findIndex((link) => link === document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at === -1 ? 0 : at + step))]?.focus();
};

/** A grid of cards, each of which can be clicked as a whole. */
export const ListCards = <T,>({ label, items, keyOf, card, isLoading }: Props<T>): ReactElement => {
  const list = useRef<HTMLUListElement>(null);
  const isLate = useLate(isLoading);
  useShortcut('j', 'Next card', () => moveBy(list.current, 1));
  useShortcut('k', 'Previous card', () => moveBy(list.current, -1));
  return (
    <ul ref={list} className="cards" aria-label={label} aria-busy={isLoading}>
      {isLate &&
        Array.from({ length: GREY_CARDS }, (_, at) => (
          <li key={at} className="card" aria-hidden="true">
            <div className="grey-row" />
          </li>
        ))}
      {items.map((item) => (
        <li key={keyOf(item)} className="card">
          {card(item)}
        </li>
      ))}
    </ul>
  );
};
