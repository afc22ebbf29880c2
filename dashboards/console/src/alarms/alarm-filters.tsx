import { Select } from "antd";
import { useSpeech } from "../i18n/language.tsx";
import { ALARM_STATES, type AlarmsSearch, ASSIGNEES, SHOWN } from "./alarms-search.ts";
import { SEVERITIES } from "./severities.ts";

type Change = { [K in keyof AlarmsSearch]: AlarmsSearch[K] | undefined };
export type ChangeAlarms = (next: Change) => void;

interface AlarmFiltersProps {
  readonly search: AlarmsSearch;
  readonly change: ChangeAlarms;
}

export function AlarmFilters({ search, change }: AlarmFiltersProps) {
  const { t } = useSpeech();
  return (
    <div className="alarm-filters">
      <Select
        aria-label={t("alarms.filter.state")}
        value={search.state ?? "open"}
        onChange={(state) => {
          change({ state });
        }}
        options={ALARM_STATES.map((value) => ({ value, label: t(`alarms.state.${value}`) }))}
      />
      <Select
        aria-label={t("alarms.filter.severity")}
        value={search.severity ?? "all"}
        onChange={(severity) => {
          change({ severity: SEVERITIES.find((each) => each === severity) });
        }}
        options={[
          { value: "all" as const, label: t("alarms.severity.all") },
          ...SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) })),
        ]}
      />
      <Select
        aria-label={t("alarms.filter.assignee")}
        value={search.assignee ?? "all"}
        onChange={(assignee) => {
          change({ assignee: ASSIGNEES.find((each) => each === assignee) });
        }}
        options={(["all", ...ASSIGNEES] as const).map((value) => ({
          value,
          label: t(`alarms.assignee.${value}`),
        }))}
      />
      <Select
        aria-label={t("alarms.filter.show")}
        value={search.show ?? "calling"}
        onChange={(show) => {
          change({ show: SHOWN.find((each) => each === show) });
        }}
        options={(["calling", ...SHOWN] as const).map((value) => ({
          value,
          label: t(`alarms.show.${value}`),
        }))}
      />
    </div>
  );
}
