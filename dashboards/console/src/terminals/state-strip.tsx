import type { Scalar } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useTheme } from "../theme/theme.tsx";
import type { Stretch } from "./stretches.ts";

interface StateStripProps {
  readonly title: string;
  readonly stretches: readonly Stretch[];
  readonly textOf: (value: Scalar) => string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A value that is a state, not a number: coloured stretches of time. */
export function StateStrip({ title, stretches, textOf, fromMs, toMs }: StateStripProps) {
  const { format } = useSpeech();
  const { palette } = useTheme();
  const kinds = [...new Set(stretches.map(({ value }) => String(value)))].toSorted();
  const colour = (value: Scalar): string => {
    if (value === false) return palette.line;
    return palette.series[kinds.indexOf(String(value)) % palette.series.length] ?? palette.accent;
  };
  const shown = new Map(stretches.map(({ value }) => [String(value), value]));
  const span = toMs - fromMs;
  return (
    <figure className="strip" aria-label={title}>
      <figcaption>
        {title}
        <span className="strip-legend">
          {[...shown.values()].map((value) => (
            <span key={String(value)}>
              <i style={{ background: colour(value) }} />
              {textOf(value)}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="strip-bar">
        {stretches.map(({ value, startMs, endMs }) => (
          <i
            key={startMs}
            title={`${textOf(value)} · ${format.fullTime(new Date(startMs).toISOString())}`}
            style={{
              left: `${((startMs - fromMs) / span) * 100}%`,
              width: `${Math.max(0.3, ((endMs - startMs) / span) * 100)}%`,
              background: colour(value),
            }}
          />
        ))}
      </div>
    </figure>
  );
}
