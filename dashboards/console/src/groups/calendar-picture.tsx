import { useQuery } from "@tanstack/react-query";
import type { Calendar, CalendarDay, GroupOutlook } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { nowMs } from "../time/clock.ts";
import { calendarDaysQuery } from "./group-queries.ts";
import { useToldWords } from "./told-words.ts";
import { clockOf, linesOf, nightOf, YEAR_HEIGHT } from "./year-shapes.ts";

const YEAR_DAYS = 366;
const NEXT_DAYS = 3;
const HOURS = [6, 12, 18];

interface PictureProps {
  readonly calendar: Calendar;
  readonly outlook: GroupOutlook;
}

/** A calendar over the year from today, and what it does next in words. */
export function CalendarPicture({ calendar, outlook }: PictureProps) {
  const { t } = useSpeech();
  const today = new Date(nowMs()).toISOString().slice(0, 10);
  const days = useQuery(calendarDaysQuery(calendar, today, YEAR_DAYS)).data?.days ?? [];
  if (days.length === 0) return undefined;
  return (
    <>
      <Year days={days} switches={calendar.switches.length} label={t("calendar.picture")} />
      <NextDays days={days.slice(0, NEXT_DAYS)} calendar={calendar} outlook={outlook} />
    </>
  );
}

interface YearProps {
  readonly days: readonly CalendarDay[];
  readonly switches: number;
  readonly label: string;
}

function Year({ days, switches, label }: YearProps) {
  return (
    <figure className="calendar-year">
      <svg
        viewBox={`0 0 ${days.length} ${YEAR_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {nightOf(days).map((points) => (
          <polygon key={points} className="calendar-night" points={points} />
        ))}
        {HOURS.map((hour) => (
          <line
            key={hour}
            className="calendar-hour"
            x1={0}
            x2={days.length}
            y1={hour * 60}
            y2={hour * 60}
          />
        ))}
        {linesOf(days, switches).map(({ points, at }) => (
          <polyline
            key={`${at} ${points}`}
            className={`calendar-line calendar-line-${at % 6}`}
            points={points}
          />
        ))}
      </svg>
      <figcaption className="soft">{label}</figcaption>
    </figure>
  );
}

interface NextDaysProps extends PictureProps {
  readonly days: readonly CalendarDay[];
}

function NextDays({ days, calendar, outlook }: NextDaysProps) {
  const { t } = useSpeech();
  const words = useToldWords(outlook.commands);
  return (
    <table className="calendar-next" aria-label={t("calendar.today")}>
      <thead>
        <tr>
          <th>{t("calendar.day")}</th>
          <th>{t("calendar.sun")}</th>
          <th>{t("calendar.moments")}</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, sunriseMinute, sunsetMinute, moments }) => (
          <tr key={day}>
            <td>{day}</td>
            <td className="soft">
              {sunriseMinute === null || sunsetMinute === null
                ? t("calendar.no-sun")
                : `${clockOf(sunriseMinute)}–${clockOf(sunsetMinute)}`}
            </td>
            <td>
              {moments.length === 0 ? "–" : undefined}
              {moments.map((moment) => {
                const entry = calendar.switches[moment.switch];
                return (
                  <div key={`${moment.at} ${moment.switch}`}>
                    <i
                      className={`calendar-key calendar-key-${moment.switch % 6}`}
                      aria-hidden="true"
                    />
                    <strong>{clockOf(moment.minute)}</strong>{" "}
                    {entry === undefined
                      ? ""
                      : `${words.commandName(entry.name)} ${words.argumentsOf(entry.name, entry.arguments)}`}
                  </div>
                );
              })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
