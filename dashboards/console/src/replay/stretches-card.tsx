import { useSpeech } from "../i18n/language.tsx";
import { kilometres } from "./kilometres.ts";
import type { TimeProps } from "./player.tsx";
import { faultsOf, type TripStretch, totalsOf } from "./replay.ts";

/** The day in stretches: each leads to its beginning. */
export function StretchesCard({ trips, atMs, setAtMs }: TimeProps) {
  const { t, format } = useSpeech();
  const { trips: count, distanceM, ms } = totalsOf(trips);
  const faults = faultsOf(trips);
  return (
    <section className="card">
      <h2>{t("replay.day.of")}</h2>
      <p className="small-empty">
        {t("replay.totals", {
          count: format.number(count),
          distance: kilometres(format, distanceM),
          moving: format.duration(ms.moving),
          stopped: format.duration(ms.stopped),
          unknown: format.duration(ms.unknown),
        })}
      </p>
      <ol className="stretches">
        {trips.stretches.map((stretch) => (
          <Row key={stretch.from} stretch={stretch} atMs={atMs} setAtMs={setAtMs} />
        ))}
      </ol>
      {faults.length === 0 ? undefined : (
        <p className="small-empty">
          {t("replay.faults")}{" "}
          {faults
            .map(([fault, times]) => `${t(`replay.fault.${fault}`)} (${format.number(times)})`)
            .join(", ")}
        </p>
      )}
    </section>
  );
}

interface RowProps extends Pick<TimeProps, "atMs" | "setAtMs"> {
  readonly stretch: TripStretch;
}

function Row({ stretch, atMs, setAtMs }: RowProps) {
  const { t, format } = useSpeech();
  const { state, from, to, distanceM, maxSpeedKmh } = stretch;
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  const isNow = fromMs <= atMs && atMs < toMs;
  const more = [
    format.duration(toMs - fromMs),
    ...(state === "stopped" || distanceM === null
      ? []
      : [
          state === "moving"
            ? kilometres(format, distanceM)
            : t("replay.apart", { distance: kilometres(format, distanceM) }),
        ]),
    ...(maxSpeedKmh === null
      ? []
      : [t("replay.fastest", { speed: format.value(maxSpeedKmh, "km/h") })]),
  ];
  return (
    <li>
      <button
        type="button"
        className="stretch"
        aria-current={isNow}
        onClick={() => {
          setAtMs(fromMs);
        }}
      >
        <i className={`ribbon-${state}`} />
        <span>
          <strong>{t(`replay.state.${state}`)}</strong>{" "}
          <span className="soft">
            {format.time(from, fromMs)} – {format.time(to, fromMs)}
          </span>
          <br />
          <span className="soft">{more.join(" · ")}</span>
        </span>
      </button>
    </li>
  );
}
