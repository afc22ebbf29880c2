import { useWords } from "./rule-words.ts";
import { type Bar, isHourly } from "./trial.ts";

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string | undefined;
}

const WIDTH = 600;
const HEIGHT = 120;
const GAP = 0.15;

/** How often an hour or a day. Drawn as one picture with a table for whoever does not see it. */
export function Bars({ bars, fromMs, toMs, timeZone }: BarsProps) {
  const { w, language, format } = useWords();
  const isByHour = isHourly(fromMs, toMs);
  const clock = new Intl.DateTimeFormat(language, {
    timeZone,
    ...(isByHour
      ? { weekday: "short", hour: "2-digit", hourCycle: "h23" }
      : { month: "short", day: "numeric" }),
  });
  const most = Math.max(1, ...bars.map(({ told }) => told));
  const step = WIDTH / Math.max(1, bars.length);
  const title = w(isByHour ? "trial.chart.hour" : "trial.chart.day");
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <figure className="bars">
      <figcaption>
        {title} <span className="soft">{w("trial.times", { told: format.number(most) })} ↑</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={title}
      >
        {bars.map(({ startMs, told }, at) => (
          <rect
            key={startMs}
            x={at * step + step * GAP}
            y={HEIGHT - (told / most) * HEIGHT}
            width={step * (1 - 2 * GAP)}
            height={(told / most) * HEIGHT}
          >
            <title>{w("trial.bar", { time: clock.format(startMs), told })}</title>
          </rect>
        ))}
      </svg>
      <div className="bars-axis soft">
        <span>{first && clock.format(first.startMs)}</span>
        <span>{last && clock.format(last.startMs)}</span>
      </div>
      <ul className="visually-hidden">
        {bars
          .filter(({ told }) => told > 0)
          .map(({ startMs, told }) => (
            <li key={startMs}>{w("trial.bar", { time: clock.format(startMs), told })}</li>
          ))}
      </ul>
    </figure>
  );
}
