import type { CommandOutlook } from "../api/types.ts";
import { GatewayLink } from "../parts/gateway-link.tsx";
import { useNow } from "../time/use-now.ts";
import { useCommandWords } from "./command-words.ts";

type ForecastProps = Pick<CommandOutlook["commands"][number], "forecast">;

/** How soon an answer would be there, in words and seconds, and what that is reckoned from. */
export function Forecast({ forecast }: ForecastProps) {
  const { w, format } = useCommandWords();
  const { likelihood, withinS, sent, answered, pagesWaiting, gatewayId } = forecast;
  const time = format.duration((withinS ?? 0) * 1000);
  const past =
    sent === 0
      ? w("forecast.first")
      : w("forecast.past", { answered: format.number(answered), sent: format.number(sent) });
  return (
    <section className="forecast" aria-label={w("forecast.title")}>
      <h3>{w("forecast.title")}</h3>
      <p className={`forecast-${likelihood}`}>{w(`forecast.${likelihood}`, { time })}</p>
      <p className="soft">
        <Heard forecast={forecast} /> {past}{" "}
        {pagesWaiting > 0 && gatewayId !== null ? <Ahead forecast={forecast} /> : undefined}
      </p>
    </section>
  );
}

function Heard({ forecast: { heardAt, everyS } }: ForecastProps) {
  const { w, format } = useCommandWords();
  const now = useNow();
  if (heardAt === null) return w("forecast.silent");
  const age = format.age(heardAt, now);
  return everyS === null
    ? w("forecast.heard", { age })
    : w("forecast.every", { every: format.duration(everyS * 1000), age });
}

function Ahead({ forecast: { gatewayId, pagesWaiting } }: ForecastProps) {
  const { w, format } = useCommandWords();
  const [before = "", after = ""] = w("forecast.queue", {
    count: format.number(pagesWaiting),
  }).split("{gateway}");
  return (
    <>
      {before}
      <GatewayLink id={gatewayId ?? ""} />
      {after}
    </>
  );
}
