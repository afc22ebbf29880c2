import { Link, useNavigate } from "@tanstack/react-router";
import { useSpeech } from "../i18n/language.tsx";
import type { Column } from "../parts/sort-head.tsx";
import { SortedTable } from "../parts/sorted-table.tsx";
import type { CustomerSummary } from "./customer-queries.ts";
import type { CustomerSort } from "./customers-search.ts";
import { KindMark, nameOf, TagList } from "./marks.tsx";

const COLUMNS: readonly Column<CustomerSort>[] = [
  { text: "customers.name", sort: "name" },
  { text: "customers.number", sort: "number" },
  { text: "customers.parent" },
  { text: "customers.reach" },
  { text: "customers.terminals" },
  { text: "customers.tags" },
  { text: "customers.since", sort: "created", isFalling: true },
];

interface CustomerTableProps {
  readonly items: readonly CustomerSummary[];
  readonly sort: CustomerSort;
  readonly onSort: (sort: CustomerSort) => void;
}

export function CustomerTable({ items, sort, onSort }: CustomerTableProps) {
  const navigate = useNavigate();
  return (
    <SortedTable
      columns={COLUMNS}
      keyOf={({ id }) => id}
      cells={(item) => <Cells item={item} />}
      onOpen={({ id }) => void navigate({ to: "/customers/$id", params: { id } })}
      {...{ items, sort, onSort }}
    />
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
