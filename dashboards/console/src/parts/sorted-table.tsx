import { type KeyboardEvent, type ReactNode, useState } from "react";
import { type Column, SortHead } from "./sort-head.tsx";

interface SortedTableProps<Item, Sort> {
  readonly columns: readonly Column<Sort>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onOpen: (item: Item) => void;
  /** Its cells, of which the first has the link that the arrow keys go to. */
  readonly cells: (item: Item) => ReactNode;
}

/** A list whose rows are opened by a press or, with the arrow keys, by the link in them. */
export function SortedTable<Item, Sort extends string>(props: SortedTableProps<Item, Sort>) {
  const { columns, items, keyOf, sort, onSort, onOpen, cells } = props;
  const [active, setActive] = useState(-1);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const next = Math.max(0, Math.min(items.length - 1, active + step));
    event.currentTarget.querySelectorAll<HTMLElement>("tbody tr td:first-child a")[next]?.focus();
    event.preventDefault();
  };
  return (
    <div className="card table-card">
      <table className="terminal-table" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {columns.map((column) => (
              <SortHead key={column.text} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr
              key={keyOf(item)}
              className={index === active ? "active" : ""}
              onFocus={() => {
                setActive(index);
              }}
              onClick={() => {
                onOpen(item);
              }}
            >
              {cells(item)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
