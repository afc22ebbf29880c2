import type { Trips } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { kilometres } from "./kilometres.ts";
import type { Located, Moment, TripStretch } from "./replay.ts";

interface MomentCardProps {
  readonly moment: Moment;
  readonly atMs: number;
}

/** What is known of one moment, and how well. */
export function MomentCard({ moment: { stretch, place, fix, located }, atMs }: MomentCardProps) {
  const { t, format } = useSpeech();
  const state = stretch?.state ?? "unknown";
  return (
    <section className="card" aria-label={t("replay.moment")}>
      <h2>
        <Time at={new Date(atMs).toISOString()} />
        <span className={`trip-${state}`}>{t(`replay.state.${state}`)}</span>
      </h2>
      {stretch?.state === "unknown" && located === undefined ? (
        <UnknownText stretch={stretch} />
      ) : undefined}
      <dl className="pairs">
        <dt>{t(state === "unknown" ? "replay.place.last" : "replay.place")}</dt>
        <dd>{place === undefined ? "—" : format.coordinates(place[1], place[0])}</dd>
        {located === undefined ? undefined : <Found located={located} />}
        {fix === undefined || located !== undefined ? undefined : (
          <Quality fix={fix} isKnown={state !== "unknown"} />
        )}
      </dl>
    </section>
  );
}

function Quality({
  fix,
  isKnown,
}: {
  readonly fix: Trips["fixes"][number];
  readonly isKnown: boolean;
}) {
  const { t, format } = useSpeech();
  const { accuracyM, fault, time, speedKmh, ignition } = fix;
  return (
    <>
      <dt>{t("replay.quality")}</dt>
      <dd>
        {t("replay.source.terminal")},{" "}
        {accuracyM === null
          ? t("replay.accuracy.unknown")
          : t("replay.accuracy", { metres: format.number(accuracyM, 0) })}
        {fault === null ? "" : `, ${t(`replay.fault.${fault}`)}`}{" "}
        <span className="soft">
          <Time at={time} />
        </span>
      </dd>
      {isKnown && speedKmh !== null ? (
        <>
          <dt>{t("replay.speed.now")}</dt>
          <dd>{format.value(speedKmh, "km/h")}</dd>
        </>
      ) : undefined}
      {isKnown && ignition !== null ? (
        <>
          <dt>{t("replay.ignition")}</dt>
          <dd>{format.value(ignition, "")}</dd>
        </>
      ) : undefined}
    </>
  );
}

/** Not its own word: how the network made out where it was, and how well. */
function Found({
  located: { method, majorM, minorM, gateways, time },
}: {
  readonly located: Located;
}) {
  const { t, format } = useSpeech();
  return (
    <>
      <dt>{t("replay.quality")}</dt>
      <dd>
        {t(`replay.source.${method}`, { gateways })},{" "}
        {t("replay.ellipse", { major: format.number(majorM, 0), minor: format.number(minorM, 0) })}{" "}
        <span className="soft">
          <Time at={time} />
        </span>
      </dd>
    </>
  );
}

/** Nobody knows what it did: only where it was lost and where it was found. */
export function UnknownText({ stretch }: { readonly stretch: TripStretch }) {
  const { t, format } = useSpeech();
  const { start, end, distanceM } = stretch;
  const text =
    start === null
      ? t(end === null ? "replay.unknown.all" : "replay.unknown.before")
      : end === null || distanceM === null
        ? t("replay.unknown.after")
        : t("replay.unknown.between", { distance: kilometres(format, distanceM) });
  return <p className="small-empty">{text}</p>;
}
