import type { ReactNode } from "react";
import type { PacketSummary } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { PacketCard, PacketRow } from "./packet-row.tsx";

const ROW_HEIGHT = 36;
const CARD_HEIGHT = 66;

const COLUMNS: readonly TextKey[] = [
  "packets.time",
  "packets.terminal",
  "packets.report",
  "packets.verdict",
  "packets.content",
  "packets.gateways",
  "packets.signal",
];

interface PacketListProps {
  readonly packets: readonly PacketSummary[];
  readonly onOpen: (packet: PacketSummary) => void;
  readonly pinned?: boolean;
  readonly footer?: ReactNode;
}

const keyOf = ({ id }: PacketSummary): string => id;
const rowClass = ({ verdict, type }: PacketSummary): string =>
  `${type === "emergency" && verdict === "new" ? "row-emergency" : ""} row-${verdict}`;

export function PacketList({ packets, onOpen, pinned = false, footer }: PacketListProps) {
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  return (
    <div className="packet-list card">
      {isPhone ? undefined : (
        <div className="packet-row packet-head" aria-hidden="true">
          {COLUMNS.map((column) => (
            <span key={column}>{t(column)}</span>
          ))}
        </div>
      )}
      <VirtualList
        items={packets}
        rowHeight={isPhone ? CARD_HEIGHT : ROW_HEIGHT}
        label={t("packets.list")}
        keyOf={keyOf}
        rowClass={rowClass}
        row={(packet) => (isPhone ? <PacketCard packet={packet} /> : <PacketRow packet={packet} />)}
        onOpen={onOpen}
        pinned={pinned}
        footer={footer}
      />
    </div>
  );
}
