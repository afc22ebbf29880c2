import type { KeyboardEvent, ReactNode } from "react";

interface RowTableProps {
  readonly columns: readonly { readonly text: string; readonly isAmount?: boolean }[];
  /** Its bodies; what a row opens is a link with `data-row`. */
  readonly children: ReactNode;
}

/** A table of links: up and down go from row to row. */
export function RowTable({ columns, children }: RowTableProps) {
  return (
    <div className="card table-card">
      <table className="terminal-table" onKeyDown={onArrowKeys}>
        <thead>
          <tr>
            {columns.map(({ text, isAmount }) => (
              <th key={text} scope="col" className={isAmount === true ? "amount" : ""}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

function onArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("tbody tr [data-row]")];
  const at = links.findIndex((link) => link === document.activeElement);
  if (at === -1) return;
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
  event.preventDefault();
}
