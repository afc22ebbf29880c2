import type { Alarm } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { AlarmMarks, AlarmState } from "./alarm-row.tsx";

/** An alarm in one line: how bad, what, and how it stands. */
export function AlarmTitle({ alarm }: { readonly alarm: Alarm }) {
  const { label } = useSpeech();
  return (
    <div className="alarm-title">
      <SeverityMark of={alarm.severity} />
      <h2>{label(alarm.title)}</h2>
      <AlarmState alarm={alarm} />
      <AlarmMarks alarm={alarm} />
    </div>
  );
}
