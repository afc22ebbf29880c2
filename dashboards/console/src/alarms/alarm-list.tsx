import { type ReactNode, useRef } from "react";
import type { Alarm } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { CHORD_MS } from "../shell/places.ts";
import { nowMs } from "../time/clock.ts";
import { AlarmRow } from "./alarm-row.tsx";

const ROW_HEIGHT = 40;
const CARD_HEIGHT = 84;

export type AlarmKey = "a" | "s" | "m" | "c" | "x";
const KEYS: readonly AlarmKey[] = ["a", "s", "m", "c", "x"];

interface AlarmListProps {
  readonly rows: readonly Alarm[];
  readonly selected: ReadonlySet<string>;
  readonly mayWork: boolean;
  readonly select: (alarm: Alarm) => void;
  readonly open: (alarm: Alarm) => void;
  readonly press: (key: AlarmKey, alarm: Alarm | undefined) => void;
  readonly footer: ReactNode;
}

const keyOf = ({ id }: Alarm): string => id;
const rowClass = ({ severity }: Alarm): string => `alarm-is-${severity}`;

export function AlarmList(props: AlarmListProps) {
  const { rows, selected, mayWork, select, open, press, footer } = props;
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  const goneUntilMs = useRef(0);
  const onKey = (key: string, alarm: Alarm | undefined): boolean => {
    const isPlace = nowMs() < goneUntilMs.current; // the second key after `g` goes to a place
    goneUntilMs.current = key === "g" ? nowMs() + CHORD_MS : 0;
    const known = KEYS.find((each) => each === key);
    if (isPlace || known === undefined || !mayWork) return false;
    press(known, alarm);
    return true;
  };
  return (
    <div className={`alarm-list card ${mayWork ? "" : "alarm-list-read"}`}>
      <div className="alarm-row alarm-head" aria-hidden="true">
        {mayWork ? <span /> : undefined}
        <span>{t("alarms.column.severity")}</span>
        <span>{t("alarms.column.what")}</span>
        <span>{t("alarms.column.where")}</span>
        <span>{t("alarms.column.age")}</span>
        <span>{t("alarms.column.state")}</span>
        <span>{t("alarms.column.assignee")}</span>
      </div>
      <VirtualList
        items={rows}
        rowHeight={isPhone ? CARD_HEIGHT : ROW_HEIGHT}
        label={t("alarms.list")}
        keyOf={keyOf}
        rowClass={rowClass}
        row={(alarm) => (
          <AlarmRow
            alarm={alarm}
            isSelected={selected.has(alarm.id)}
            select={mayWork ? select : undefined}
          />
        )}
        onOpen={open}
        onKey={onKey}
        isDesk
        pinned
        footer={footer}
      />
    </div>
  );
}
