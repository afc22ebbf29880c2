import { Link } from "@tanstack/react-router";
import type { TerminalSort, TerminalSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph } from "../parts/icon.tsx";
import type { Column } from "../parts/sort-head.tsx";
import { SortedTable } from "../parts/sorted-table.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";

const COLUMNS: readonly Column<TerminalSort>[] = [
  { text: "terminals.name", sort: "name" },
  { text: "terminals.profile" },
  { text: "terminals.heard", sort: "received", isFalling: true },
  { text: "terminals.serial", sort: "serial" },
  { text: "terminals.address", sort: "address" },
  { text: "terminals.battery" },
  { text: "terminals.lifecycle" },
];

interface TerminalTableProps {
  readonly items: readonly TerminalSummary[];
  readonly sort: TerminalSort;
  readonly onSort: (sort: TerminalSort) => void;
  readonly onOpen: (terminal: TerminalSummary) => void;
}

export function TerminalTable({ items, sort, onSort, onOpen }: TerminalTableProps) {
  return (
    <SortedTable
      columns={COLUMNS}
      keyOf={({ address }) => address}
      cells={(item) => <Cells item={item} />}
      {...{ items, sort, onSort, onOpen }}
    />
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
