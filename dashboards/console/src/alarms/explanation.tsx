import { Link } from "@tanstack/react-router";
import type { AlarmCard, AlarmDetail } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";

const SECOND_MS = 1_000;

interface CardProps {
  readonly card: AlarmCard;
  readonly profile: string | null;
}

/** The last decision of the rules that raised it, as it was kept then. */
export function Explanation({ alarm }: { readonly alarm: AlarmDetail }) {
  const { t } = useSpeech();
  const raised = alarm.transitions.findLast(
    ({ kind, card }) => card !== null && (kind === "raised" || kind === "repeated"),
  );
  const card = raised?.card ?? null;
  return (
    <section className="section alarm-section">
      <h2>{t("alarms.why")}</h2>
      {card === null ? (
        <p className="small-empty">{t("alarms.why.none")}</p>
      ) : (
        <dl className="pairs">
          <RulePart card={card} profile={alarm.profile} />
          <Origin card={card} profile={alarm.profile} />
          <Values card={card} profile={alarm.profile} />
          <Nearest card={card} profile={alarm.profile} />
        </dl>
      )}
    </section>
  );
}

function RulePart({ card }: CardProps) {
  const { t, label } = useSpeech();
  const { spec, version } = card.rule;
  const { signal } = spec;
  return (
    <>
      <dt>{t("alarms.why.rule")}</dt>
      <dd>{t("alarms.why.version", { rule: label(spec.title), version })}</dd>
      {"condition" in signal ? (
        <>
          <dt>{t("alarms.why.condition")}</dt>
          <dd className="mono">{signal.condition}</dd>
        </>
      ) : undefined}
      {signal.kind === "condition" ? (
        <>
          <dt>{t("alarms.why.clear")}</dt>
          <dd className={signal.clear === undefined ? "" : "mono"}>
            {signal.clear ?? t("alarms.why.clear.not")}
          </dd>
        </>
      ) : undefined}
    </>
  );
}

function Origin({ card }: CardProps) {
  const { t, format } = useSpeech();
  const may = useMay();
  const now = useNow();
  const { packetId, before, rule } = card;
  const hold = format.duration(rule.spec.holdS * SECOND_MS);
  const held =
    rule.spec.holdS === 0
      ? t("alarms.why.hold.none")
      : before.trueSince === null
        ? t("alarms.why.hold.first", { hold })
        : t("alarms.why.hold.since", { time: format.time(before.trueSince, now), hold });
  return (
    <>
      <dt>{t("alarms.why.hold")}</dt>
      <dd>{held}</dd>
      <dt>{t("alarms.why.packet")}</dt>
      <dd>
        {packetId === null ? (
          t("alarms.why.time")
        ) : may("packets:read") ? (
          <Link to="/packets" search={{ mode: "past", packet: packetId }}>
            {packetId}
          </Link>
        ) : (
          packetId
        )}
      </dd>
    </>
  );
}

function Values({ card, profile }: CardProps) {
  const { t, format } = useSpeech();
  const profiles = useProfiles();
  if (card.values.length === 0) return undefined;
  return (
    <>
      <dt>{t("alarms.why.values")}</dt>
      <dd>
        <ul>
          {card.values.map(({ name, value, measuredAt, ageS }) => (
            <li key={name} title={format.fullTime(measuredAt)}>
              {profiles.fieldLabel(profile, name)}:{" "}
              <strong>{profiles.value(profile, name, value)}</strong>{" "}
              <span className="soft">
                {ageS < 1
                  ? t("alarms.why.fresh")
                  : t("alarms.why.age", { age: format.duration(ageS * SECOND_MS) })}
              </span>
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}

function Nearest({ card, profile }: CardProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  const { nearest } = card;
  if (nearest === null) return undefined;
  return (
    <>
      <dt>{t("alarms.why.nearest")}</dt>
      <dd>
        {t("alarms.why.nearest.text", {
          field: profiles.fieldLabel(profile, nearest.field),
          would: profiles.value(profile, nearest.field, nearest.would),
          now: profiles.value(profile, nearest.field, nearest.now),
        })}
      </dd>
    </>
  );
}
