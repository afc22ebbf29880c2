import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import type { Dayjs } from "dayjs";
import { useSpeech } from "../i18n/language.tsx";
import type { PacketsSearch } from "../search.ts";
import { nowMs } from "../time/clock.ts";
import type { ChangeSearch } from "./packet-filters.tsx";
import { agoIso, type Choice, choiceOf, HOUR_MS } from "./range.ts";

interface TimeRangeProps {
  readonly search: PacketsSearch;
  readonly change: ChangeSearch;
}

/** The time of the past log: a usual length up to now, or from and to, in the user's zone. */
export function TimeRange({ search, change }: TimeRangeProps) {
  const { t } = useSpeech();
  const choice = choiceOf(search);
  const choose = (next: Choice): void => {
    if (next === "all") change({ from: undefined, to: undefined });
    else if (next === "own") change({ from: agoIso(HOUR_MS), to: new Date(nowMs()).toISOString() });
    else change({ from: `-${next}`, to: undefined });
  };
  const picker = (name: "from" | "to") => (
    <DatePicker
      showTime={{ format: "HH:mm" }}
      format="YYYY-MM-DD HH:mm"
      aria-label={t(`packets.filter.${name}`)}
      placeholder={t(`packets.filter.${name}`)}
      value={search[name] === undefined ? null : dayjs(search[name])}
      onChange={(value: Dayjs | null) => {
        change({ [name]: value?.toDate().toISOString() });
      }}
    />
  );
  return (
    <div className="packet-filters">
      <Select<Choice>
        aria-label={t("packets.filter.range")}
        value={choice}
        onChange={choose}
        options={[
          { value: "all", label: t("packets.range.all") },
          { value: "1h", label: t("packets.range.1h") },
          { value: "24h", label: t("packets.range.24h") },
          { value: "7d", label: t("packets.range.7d") },
          { value: "own", label: t("packets.range.own") },
        ]}
      />
      {choice === "own" ? picker("from") : undefined}
      {choice === "own" ? picker("to") : undefined}
    </div>
  );
}
