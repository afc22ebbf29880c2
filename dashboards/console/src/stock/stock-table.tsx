import { Link } from "@tanstack/react-router";
import { Checkbox } from "antd";
import type { StockSort, StockTerminal } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { BadTags } from "../parts/bad-tags.tsx";
import { Glyph } from "../parts/icon.tsx";
import { type Column, SortHead } from "../parts/sort-head.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useProfiles } from "../parts/use-profiles.ts";

interface StockTableProps {
  readonly items: readonly StockTerminal[];
  readonly sort: StockSort;
  readonly selected: ReadonlySet<number>;
  readonly onSort: (sort: StockSort) => void;
  readonly onSelect: (selected: ReadonlySet<number>) => void;
}

const COLUMNS: readonly Column<StockSort>[] = [
  { text: "terminals.name", sort: "name" },
  { text: "terminals.serial", sort: "serial" },
  { text: "terminals.address", sort: "address" },
  { text: "terminals.profile" },
  { text: "stock.batch" },
  { text: "stock.versions" },
  { text: "terminals.lifecycle" },
  { text: "stock.since", sort: "newest", isFalling: true },
];

const versions = ({ hardwareVersion, firmwareVersion }: StockTerminal): string =>
  `${hardwareVersion ?? "—"} / ${firmwareVersion ?? "—"}`;

function toggled(selected: ReadonlySet<number>, address: number): ReadonlySet<number> {
  const next = new Set(selected);
  if (!next.delete(address)) next.add(address);
  return next;
}

export function StockTable(props: StockTableProps) {
  return useIsPhone() ? <Cards {...props} /> : <Table {...props} />;
}

function Table({ items, sort, selected, onSort, onSelect }: StockTableProps) {
  const { t } = useSpeech();
  const isAll = items.length > 0 && items.every(({ address }) => selected.has(address));
  return (
    <div className="card table-card">
      <table className="terminal-table stock-table">
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                aria-label={t("stock.select.all")}
                checked={isAll}
                indeterminate={!isAll && selected.size > 0}
                onChange={() => {
                  onSelect(new Set(isAll ? [] : items.map(({ address }) => address)));
                }}
              />
            </th>
            {COLUMNS.map((column) => (
              <SortHead key={column.text} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr
              key={item.address}
              className={selected.has(item.address) ? "active" : ""}
              onClick={() => {
                onSelect(toggled(selected, item.address));
              }}
            >
              <Cells item={item} isSelected={selected.has(item.address)} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellsProps {
  readonly item: StockTerminal;
  readonly isSelected: boolean;
}

function Cells({ item, isSelected }: CellsProps) {
  const { t, format } = useSpeech();
  const profiles = useProfiles();
  return (
    <>
      <td>
        <Checkbox aria-label={t("stock.select", { name: item.name })} checked={isSelected} />
      </td>
      <td>
        <Link to="/terminals/$address" params={{ address: String(item.address) }}>
          {item.name}
        </Link>
      </td>
      <td className="mono">{item.serial}</td>
      <td className="mono">{item.address}</td>
      <td>
        <span className="type-cell">
          <Glyph name={profiles.glyph(item.profile)} size={17} />
          {profiles.label(item.profile)}
        </span>
      </td>
      <td>{item.batch ?? <span className="soft">—</span>}</td>
      <td>{versions(item)}</td>
      <td>
        <LifeCycleTag item={item} />
      </td>
      <td>{format.fullTime(item.createdAt)}</td>
    </>
  );
}

function LifeCycleTag({ item }: { readonly item: StockTerminal }) {
  const { t, named } = useSpeech();
  return (
    <span className="life-tags">
      <span className={`tag life-${item.lifeCycle}`}>{named("lifecycle", item.lifeCycle)}</span>
      {item.quarantineReason === null ? undefined : (
        <span className="tag tag-drill" title={item.quarantineReason}>
          {t("stock.quarantined")}
        </span>
      )}
      <BadTags count={item.badTags} address={item.address} />
    </span>
  );
}

function Cards({ items, selected, onSelect }: StockTableProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  return (
    <ul className="stock-cards">
      {items.map((item) => (
        <li key={item.address} className="card">
          <Checkbox
            aria-label={t("stock.select", { name: item.name })}
            checked={selected.has(item.address)}
            onChange={() => {
              onSelect(toggled(selected, item.address));
            }}
          />
          <span className="cut">
            <Link to="/terminals/$address" params={{ address: String(item.address) }}>
              <strong>{item.name}</strong>
            </Link>
            <span className="soft">
              {profiles.label(item.profile)} · <span className="mono">{item.serial}</span>
              {item.batch === null ? "" : ` · ${item.batch}`}
            </span>
          </span>
          <LifeCycleTag item={item} />
        </li>
      ))}
    </ul>
  );
}
