import { Link, useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import type { CustomerSummary } from "./customer-queries.ts";
import type { CustomerSort } from "./customers-search.ts";
import { KindMark, nameOf, TagList } from "./marks.tsx";

const COLUMNS: readonly { text: TextKey; sort: CustomerSort | undefined }[] = [
  { text: "customers.name", sort: "name" },
  { text: "customers.number", sort: "number" },
  { text: "customers.parent", sort: undefined },
  { text: "customers.reach", sort: undefined },
  { text: "customers.terminals", sort: undefined },
  { text: "customers.tags", sort: undefined },
  { text: "customers.since", sort: "created" },
];

interface CustomerTableProps {
  readonly items: readonly CustomerSummary[];
  readonly sort: CustomerSort;
  readonly onSort: (sort: CustomerSort) => void;
}

export function CustomerTable({ items, sort, onSort }: CustomerTableProps) {
  const navigate = useNavigate();
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
            {COLUMNS.map((column) => (
              <Head key={column.text} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr
              key={item.id}
              className={index === active ? "active" : ""}
              onFocus={() => {
                setActive(index);
              }}
              onClick={() => void navigate({ to: "/customers/$id", params: { id: item.id } })}
            >
              <Cells item={item} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps extends Pick<CustomerTableProps, "sort" | "onSort"> {
  readonly column: (typeof COLUMNS)[number];
}

/** A column that sorts: names and numbers rise, times fall. */
function Head({ column, sort, onSort }: HeadProps) {
  const { t } = useSpeech();
  const { sort: own } = column;
  if (own === undefined) return <th scope="col">{t(column.text)}</th>;
  const isFalling = own === "created";
  const isSorted = sort === own;
  return (
    <th scope="col" aria-sort={!isSorted ? "none" : isFalling ? "descending" : "ascending"}>
      <button
        type="button"
        onClick={() => {
          onSort(own);
        }}
      >
        {t(column.text)}
        <span className="sort">
          {isSorted ? <Icon name={isFalling ? "down" : "up"} size={13} /> : undefined}
        </span>
      </button>
    </th>
  );
}

function Cells({ item }: { readonly item: CustomerSummary }) {
  const { t, format } = useSpeech();
  return (
    <>
      <td className="customer-name">
        <span className="type-cell">
          <KindMark kind={item.kind} />
          <Link to="/customers/$id" params={{ id: item.id }}>
            {nameOf(item, t)}
          </Link>
        </span>
      </td>
      <td className="mono">{item.number}</td>
      <td>{item.parentName ?? <span className="soft">—</span>}</td>
      <td>{item.phone ?? item.email ?? <span className="soft">—</span>}</td>
      <td>
        {item.terminals === 0 ? <span className="soft">—</span> : format.number(item.terminals)}
      </td>
      <td>
        <TagList tags={item.tags} />
      </td>
      <td className="soft">
        {format
          .fullTime(item.createdAt)
          .replace(/ \d.*$/, "")
          .trim()}
      </td>
    </>
  );
}

/** The same list for a phone. */
export function CustomerCards({ items }: { readonly items: readonly CustomerSummary[] }) {
  const { t } = useSpeech();
  return (
    <ul className="terminal-cards">
      {items.map((item) => (
        <li key={item.id} className="card">
          <Link to="/customers/$id" params={{ id: item.id }}>
            <KindMark kind={item.kind} />
            <span className="cut">
              <strong>{nameOf(item, t)}</strong>
              <span className="soft">
                <span className="mono">{item.number}</span>
                {item.parentName === null ? "" : ` · ${item.parentName}`}
              </span>
            </span>
            <span className="soft">
              {item.terminals === 0
                ? ""
                : t("customers.terminals.count", { count: item.terminals })}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
