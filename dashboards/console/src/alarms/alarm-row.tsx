import type { Alarm } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { Age } from "../parts/age.tsx";
import { Glyph } from "../parts/icon.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { whoText } from "../parts/who.ts";

interface AlarmProps {
  readonly alarm: Alarm;
}

interface AlarmRowProps extends AlarmProps {
  readonly isSelected: boolean;
  /** Undefined for whoever may not do anything with it. */
  readonly select: ((alarm: Alarm) => void) | undefined;
}

/** What it is fixed to or whose it is, unless the terminal is called the same. */
const besidesName = ({ terminalName, assetName, customerName }: Alarm): string | null =>
  assetName === null || assetName === terminalName ? customerName : assetName;

/** What it is, and what is special about it. */
export function AlarmMarks({ alarm }: AlarmProps) {
  const { t, named, format } = useSpeech();
  return (
    <>
      {alarm.isDrill ? <span className="tag tag-drill">{t("alarms.is.drill")}</span> : undefined}
      {alarm.repeats > 0 ? (
        <span className="tag">{t("alarms.repeats", { count: format.number(alarm.repeats) })}</span>
      ) : undefined}
      {alarm.marks.map((mark) => (
        <span key={mark} className="tag">
          {named("alarms.mark", mark)}
        </span>
      ))}
    </>
  );
}

export function AlarmState({ alarm }: AlarmProps) {
  const { t } = useSpeech();
  const isSeen = alarm.acknowledgedAt !== null;
  const parts = [
    t(`alarms.is.${alarm.state}`),
    ...(isSeen ? [t("alarms.is.acknowledged")] : []),
    ...(alarm.shelvedUntil === null ? [] : [t("alarms.is.shelved")]),
  ];
  return <span className={isSeen ? "soft" : "alarm-unseen"}>{parts.join(", ")}</span>;
}

export function AlarmRow({ alarm, isSelected, select }: AlarmRowProps) {
  const speech = useSpeech();
  const { t, label } = speech;
  const profiles = useProfiles();
  return (
    <div className="alarm-row">
      {select === undefined ? undefined : (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t("alarms.select", { title: label(alarm.title) })}
          checked={isSelected}
          onClick={(event) => {
            event.stopPropagation();
          }}
          onChange={() => {
            select(alarm);
          }}
        />
      )}
      <span className="alarm-severity">
        <SeverityMark of={alarm.severity} />
      </span>
      <span className="cut alarm-what">
        <strong>{label(alarm.title)}</strong> <AlarmMarks alarm={alarm} />
      </span>
      <span className="cut alarm-where">
        <Glyph name={profiles.glyph(alarm.profile)} size={16} />{" "}
        {alarm.terminalName ?? alarm.address} <span className="soft">{besidesName(alarm)}</span>
      </span>
      <span className="soft alarm-age">
        <Age at={alarm.openedAt} />
      </span>
      <span className="cut alarm-state">
        <AlarmState alarm={alarm} />
      </span>
      <span className="cut soft alarm-assignee">
        {whoText(speech, alarm.assignee, alarm.assigneeName)}
      </span>
    </div>
  );
}
