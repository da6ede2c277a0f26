import type { ReactElement } from 'react';

const shapes = {
  plus: 'M8 3v10M3 8h10',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  minus: 'M3.5 8h9',
  check: 'm3 8.5 3.5 3.5L13 5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M8 3.5v.01M8 8v.01M8 12.5v.01',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2L14 14',
  show: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8Zm6.5 1.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z',
  hide:
    'm2.5 2.5 11 11M6.5 4c.5-.1 1-.2 1.5-.2C12 3.8 14.5 8 14.5 8a12 12 0 0 1-1.9 2.3' +
    'M4.3 5.2A11 11 0 0 0 1.5 8S4 12.2 8 12.2c1 0 2-.3 2.8-.7',
  warning: 'M8 2.5 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.01',
  stop: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.5V8l2.5 1.5',
  down: 'm4 6 4 4 4-4',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5 5 13.5h6l.5-9M7 7v4M9 7v4',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5',
  download: 'M8 2.5v7.5m-3-3 3 3 3-3M3 13h10',
} as const;

export type IconName = keyof typeof shapes;

/** A small drawing beside words, or in a button that has a name: never read out by itself. */
export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactElement => (
  <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false" fill="none">
    <path
      d={shapes[name]}
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
