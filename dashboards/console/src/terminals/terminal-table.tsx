import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import type { TerminalSort, TerminalSummary } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph, Icon } from "../parts/icon.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";

const COLUMNS: readonly { text: TextKey; sort: TerminalSort | undefined }[] = [
  { text: "terminals.name", sort: "name" },
  { text: "terminals.profile", sort: undefined },
  { text: "terminals.heard", sort: "received" },
  { text: "terminals.serial", sort: "serial" },
  { text: "terminals.address", sort: "address" },
  { text: "terminals.battery", sort: undefined },
  { text: "terminals.lifecycle", sort: undefined },
];

interface TerminalTableProps {
  readonly items: readonly TerminalSummary[];
  readonly sort: TerminalSort;
  readonly onSort: (sort: TerminalSort) => void;
  readonly onOpen: (terminal: TerminalSummary) => void;
}

export function TerminalTable({ items, sort, onSort, onOpen }: TerminalTableProps) {
  const [active, setActive] = useState(-1);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const next = Math.max(0, Math.min(items.length - 1, active + step));
    event.currentTarget.querySelectorAll<HTMLElement>("tbody a")[next]?.focus();
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
              key={item.address}
              className={index === active ? "active" : ""}
              onFocus={() => {
                setActive(index);
              }}
              onClick={() => {
                onOpen(item);
              }}
            >
              <Cells item={item} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly column: (typeof COLUMNS)[number];
  readonly sort: TerminalSort;
  readonly onSort: (sort: TerminalSort) => void;
}

/** A column that sorts: names, serials and addresses rise, times fall. */
function Head({ column, sort, onSort }: HeadProps) {
  const { t } = useSpeech();
  if (column.sort === undefined) return <th scope="col">{t(column.text)}</th>;
  const { sort: own } = column;
  const isFalling = own === "received";
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

function Cells({ item }: { readonly item: TerminalSummary }) {
  const { t, named } = useSpeech();
  const profiles = useProfiles();
  const state = freshnessOf(item.profile, item.receivedAt, useNow());
  return (
    <>
      <td>
        <Link to="/terminals/$address" params={{ address: String(item.address) }}>
          {item.name}
        </Link>
      </td>
      <td>
        <span className="type-cell">
          <Glyph name={profiles.glyph(item.profile)} size={17} />
          {profiles.label(item.profile)}
        </span>
      </td>
      <td>
        <span className="type-cell">
          <i className={`dot dot-${state}`} title={t(`state.${state}`)} />
          {item.receivedAt === null ? (
            <span className="soft">{t("terminals.never")}</span>
          ) : (
            <Age at={item.receivedAt} />
          )}
        </span>
      </td>
      <td className="mono">{item.serial}</td>
      <td className="mono">{item.address}</td>
      <td>
        {item.batteryPercent === null ? (
          <span className="soft">—</span>
        ) : (
          `${item.batteryPercent} %`
        )}
      </td>
      <td>{named("lifecycle", item.lifeCycle)}</td>
    </>
  );
}
