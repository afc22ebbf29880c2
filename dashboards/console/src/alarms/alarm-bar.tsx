import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { useSpeech } from "../i18n/language.tsx";
import type { ChangeAlarms } from "./alarm-filters.tsx";
import type { AlarmKey } from "./alarm-list.tsx";
import { alarmCountsQuery } from "./alarm-queries.ts";

/** How many are open, by severity; each leads to its own. */
export function AlarmCounts({ change }: { readonly change: ChangeAlarms }) {
  const { t, format } = useSpeech();
  const items = useQuery(alarmCountsQuery).data?.items ?? [];
  return (
    <span className="alarm-counts">
      {items.map(({ severity, unacknowledged, acknowledged }) => (
        <button
          key={severity}
          type="button"
          className="alarm-count"
          aria-label={t("alarms.count.of", {
            severity: t(`severity.${severity}`),
            new: format.number(unacknowledged),
            seen: format.number(acknowledged),
          })}
          onClick={() => {
            change({ severity, state: undefined, assignee: undefined, show: undefined });
          }}
        >
          <span className={`severity severity-${severity}`}>
            <b>{format.number(unacknowledged)}</b>
            <span className="soft">+{format.number(acknowledged)}</span>
          </span>
        </button>
      ))}
    </span>
  );
}

interface SoundSwitchProps {
  readonly isOn: boolean;
  readonly turn: (on: boolean) => void;
}

export function SoundSwitch({ isOn, turn }: SoundSwitchProps) {
  const { t } = useSpeech();
  return (
    <Checkbox
      checked={isOn}
      onChange={(event) => {
        turn(event.target.checked);
      }}
    >
      {t("alarms.sound")}
    </Checkbox>
  );
}

interface BulkBarProps {
  readonly count: number;
  readonly isBusy: boolean;
  readonly press: (key: Exclude<AlarmKey, "x">) => void;
  readonly clear: () => void;
}

/** What is done with all that are selected. */
export function BulkBar({ count, isBusy, press, clear }: BulkBarProps) {
  const { t, format } = useSpeech();
  const buttons = [
    ["a", "alarms.acknowledge"],
    ["m", "alarms.assign.me"],
    ["s", "alarms.shelve"],
    ["c", "alarms.comment"],
  ] as const;
  return (
    <div className="alarm-bulk">
      <strong role="status">{t("alarms.selected", { count: format.number(count) })}</strong>
      {buttons.map(([key, text]) => (
        <Button
          key={key}
          size="small"
          type={key === "a" ? "primary" : "default"}
          disabled={isBusy}
          onClick={() => {
            press(key);
          }}
        >
          {t(text)}
        </Button>
      ))}
      <Button size="small" type="text" onClick={clear}>
        {t("alarms.select.none")}
      </Button>
    </div>
  );
}
