import { useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { useShortcut } from '../shell/keyboard.js';
import { useLate } from './use-late.js';

export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => ReactNode;
  /** Names what the row is about: the first line of its card where the page is narrow. */
  readonly isName?: boolean;
  /** Never broken into two lines. */
  readonly isFixed?: boolean;
}

interface Props<T> {
  /** Name of the table, for those who cannot see the title above it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly isDimmed?: ((item: T) => boolean) | undefined;
  readonly menu?: ((item: T) => ReactNode) | undefined;
  readonly onOpen?: ((item: T) => void) | undefined;
  readonly isLoading: boolean;
}

const GREY_ROWS = 4;

const GreyRows = ({ cells }: { readonly cells: number }): ReactElement[] =>
  Array.from({ length: GREY_ROWS }, (_, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: cells }, (__, cell) => (
        <td key={cell}>
          <div className="grey-row" style={{ width: cell === 0 ? '60%' : '40%', minWidth: 40 }} />
        </td>
      ))}
    </tr>
  ));

const rowsOf = (body: HTMLElement | null): HTMLElement[] => [
  ...(body?.querySelectorAll<HTMLElement>('tr[data-row]') ?? []),
];

/** Goes to the row so many below the one that has the focus. */
const moveBy = (body: HTMLElement | null, step: number): void => {
  const rows = rowsOf(body);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + step))]?.focus();
};

const openMenuOf = (row: HTMLElement): void => row.querySelector<HTMLElement>('.row-menu button')?.click();

/** Rows that j and k go through and Enter opens; cards where the page is narrow. A table to a screen reader always. */
export const ListTable = <T,>(props: Props<T>): ReactElement => {
  const { label, columns, items, keyOf, isDimmed, menu, onOpen, isLoading } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const isLate = useLate(isLoading);
  useShortcut('j', 'Next row', () => moveBy(body.current, 1));
  useShortcut('k', 'Previous row', () => moveBy(body.current, -1));
  const press = (event: KeyboardEvent<HTMLTableRowElement>, item: T): void => {
    if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (onOpen === undefined) openMenuOf(event.currentTarget);
    else onOpen(item);
  };
  return (
    <table className="table" role="table" aria-label={label} aria-busy={isLoading}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title }) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
          {menu !== undefined && (
            <th role="columnheader" scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody ref={body} role="rowgroup">
        {isLate && <GreyRows cells={columns.length + (menu === undefined ? 0 : 1)} />}
        {items.map((item) => (
          <tr
            key={keyOf(item)}
            role="row"
            data-row
            data-dimmed={isDimmed?.(item) === true || undefined}
            tabIndex={-1}
            onKeyDown={(event) => press(event, item)}
          >
            {columns.map(({ title, cell, isName, isFixed }) => (
              <td
                key={title}
                role="cell"
                data-label={title}
                data-fixed={isFixed === true || undefined}
                className={isName === true ? 'row-name' : undefined}
              >
                {cell(item)}
              </td>
            ))}
            {menu !== undefined && (
              <td role="cell" className="row-menu">
                {menu(item)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};
