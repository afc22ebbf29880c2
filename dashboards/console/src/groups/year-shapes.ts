import type { CalendarDay } from "../api/types.ts";

/** Minutes of a day, from midnight at the top. */
export const YEAR_HEIGHT = 1_440;

type Sun = Pick<CalendarDay, "sunriseMinute" | "sunsetMinute">;
type Lit = Pick<CalendarDay, "moments">;

const within = (minute: number): number => Math.min(Math.max(minute, 0), YEAR_HEIGHT);

/** Night before sunrise and after sunset, a polygon for each stretch of days that have both. Where the sun does not rise or set nothing is said. */
export function nightOf(days: readonly Sun[]): readonly string[] {
  return stretches(days, ({ sunriseMinute, sunsetMinute }) =>
    sunriseMinute === null || sunsetMinute === null ? undefined : [sunriseMinute, sunsetMinute],
  ).flatMap(({ from, values }) => {
    const edge = (at: 0 | 1): string[] =>
      values.flatMap((value, day) => {
        const minute = within(value[at] ?? 0);
        return [`${from + day},${minute}`, `${from + day + 1},${minute}`];
      });
    const end = from + values.length;
    return [
      [`${from},0`, ...edge(0), `${end},0`].join(" "),
      [`${from},${YEAR_HEIGHT}`, ...edge(1), `${end},${YEAR_HEIGHT}`].join(" "),
    ];
  });
}

export interface YearLine {
  readonly points: string;
  /** The place of its switch in the calendar. */
  readonly at: number;
}

/** A line for each switch, broken where it has no moment. */
export const linesOf = (days: readonly Lit[], switches: number): readonly YearLine[] =>
  Array.from({ length: switches }, (_, at) => at).flatMap((at) =>
    stretches(days, ({ moments }) => moments.find((moment) => moment.switch === at)?.minute).map(
      ({ from, values }) => ({
        at,
        points: values
          .flatMap((minute, day) => [
            `${from + day},${within(minute)}`,
            `${from + day + 1},${within(minute)}`,
          ])
          .join(" "),
      }),
    ),
  );

/** Days in a row that have a value. */
function stretches<Day, Value>(
  days: readonly Day[],
  valueOf: (day: Day) => Value | undefined,
): readonly { readonly from: number; readonly values: readonly Value[] }[] {
  const all: { from: number; values: Value[] }[] = [];
  let last: { from: number; values: Value[] } | undefined;
  for (const [at, day] of days.entries()) {
    const value = valueOf(day);
    if (value === undefined) last = undefined;
    else if (last === undefined) all.push((last = { from: at, values: [value] }));
    else last.values.push(value);
  }
  return all;
}

/** `06:05`; of the day after it or before it, too. */
export function clockOf(minute: number): string {
  const ofDay = ((minute % YEAR_HEIGHT) + YEAR_HEIGHT) % YEAR_HEIGHT;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
}
