import { Button, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import type { PacketsSearch } from "../search.ts";
import { type ChangeSearch, PacketFilters } from "./packet-filters.tsx";

interface PacketBarProps {
  readonly search: PacketsSearch;
  readonly change: ChangeSearch;
  readonly children: ReactNode;
}

/** Live or past, and the filters; on a phone they fold away behind a button that counts them. */
export function PacketBar({ search, change, children }: PacketBarProps) {
  const { t } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const { verdict, type, gateway, terminal } = search;
  const set = [verdict, type, gateway, terminal].filter((each) => each !== undefined).length;
  return (
    <div className={`packet-bar ${isOpen ? "packet-bar-open" : ""}`}>
      <Segmented
        aria-label={t("packets.mode")}
        value={search.mode ?? "live"}
        options={[
          { value: "live", label: t("packets.live") },
          { value: "past", label: t("packets.past") },
        ]}
        onChange={(mode) => {
          change(mode === "past" ? { mode } : { mode: undefined, from: undefined, to: undefined });
        }}
      />
      <PacketFilters search={search} change={change} />
      <Button
        className="filters-button"
        aria-expanded={isOpen}
        icon={<Icon name="filter" size={15} />}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {t("packets.filter.more")} {set > 0 ? <b>{set}</b> : undefined}
      </Button>
      {children}
    </div>
  );
}
