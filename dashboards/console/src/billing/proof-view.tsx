import "./service.css";
import { type KeyboardEvent, useState } from "react";
import { Time } from "../parts/age.tsx";
import type { KeptProof, ServiceProof } from "./billing-queries.ts";
import { type BillingSpeech, useBilling } from "./billing-words.ts";

type Day = KeptProof["days"][number];
type Counts = KeptProof["total"];

const OURS = ["gateway-deaf", "backhaul-down"] as const;
const THEIRS = ["jammed", "terminal-dead"] as const;
const EXCUSES = ["suspended", "paused", "maintenance"] as const;
/** From the bottom of a day's column upwards. */
const PARTS = ["received", "ours", "theirs", "excluded"] as const;

const countOf = ({
  received,
  missing,
  excluded,
}: Counts): Record<(typeof PARTS)[number], number> => ({
  received,
  ours: OURS.reduce((sum, cause) => sum + missing[cause], 0),
  theirs: THEIRS.reduce((sum, cause) => sum + missing[cause], 0),
  excluded: EXCUSES.reduce((sum, excuse) => sum + excluded[excuse], 0),
});

const percentOf = ({ format }: BillingSpeech, basisPoints: number): string =>
  format.decimal(basisPoints / 100, 2);

interface ProofProps {
  /** One that a credit was drafted by is of reports alone. */
  readonly proof: KeptProof & Partial<Pick<ServiceProof, "alerts" | "commands">>;
}

/** What was expected of a terminal and came of it, as a picture of its days and in figures. */
export function ProofView({ proof }: ProofProps) {
  const { w } = useBilling();
  const [chosen, choose] = useState<string>();
  const day = proof.days.find((one) => one.day === chosen);
  return (
    <div className="proof">
      <Headline proof={proof} />
      {proof.rhythmS === null ? (
        <p className="soft">{w("proof.rhythm.none")}</p>
      ) : (
        <>
          <DayStrip days={proof.days} chosen={chosen} choose={choose} />
          <Legend total={proof.total} />
          {day === undefined ? undefined : <DayLine day={day} />}
        </>
      )}
      <Figures proof={proof} />
    </div>
  );
}

function Headline({ proof: { availability, target, total } }: ProofProps) {
  const speech = useBilling();
  const { w, format } = speech;
  if (availability === null) return <p className="soft">{w("proof.nothing")}</p>;
  const isMissed = target !== null && availability < target;
  return (
    <p className="proof-head">
      <strong className={isMissed ? "alert-text" : ""}>{percentOf(speech, availability)} %</strong>{" "}
      {w("proof.availability")}
      {target === null ? undefined : (
        <span className="tag">{w("proof.target", { percent: percentOf(speech, target) })}</span>
      )}
      <span className="soft">
        {w("proof.of", {
          received: format.number(total.received),
          expected: format.number(total.expected),
        })}
      </span>
    </p>
  );
}

interface DayStripProps {
  readonly days: readonly Day[];
  readonly chosen: string | undefined;
  readonly choose: (day: string) => void;
}

/** A column for each day; one is reached by Tab, the others by the arrow keys. */
function DayStrip({ days, chosen, choose }: DayStripProps) {
  const speech = useBilling();
  const reached = days.some(({ day }) => day === chosen) ? chosen : days[0]?.day;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = days[days.findIndex(({ day }) => day === reached) + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    choose(next.day);
    event.currentTarget.querySelector<HTMLElement>(`[data-day="${next.day}"]`)?.focus();
  };
  return (
    <div
      className="proof-days"
      role="group"
      aria-label={speech.w("proof.days")}
      onKeyDown={onKeyDown}
    >
      {days.map((day) => (
        <button
          key={day.day}
          type="button"
          data-day={day.day}
          tabIndex={day.day === reached ? 0 : -1}
          aria-pressed={day.day === chosen}
          aria-label={dayText(speech, day)}
          title={dayText(speech, day)}
          onClick={() => {
            choose(day.day);
          }}
        >
          <Column day={day} />
        </button>
      ))}
    </div>
  );
}

function Column({ day }: { readonly day: Day }) {
  const counts = countOf(day);
  return (
    <>
      <span className="proof-column">
        {PARTS.filter((part) => counts[part] > 0).map((part) => (
          <i key={part} className={`proof-${part}`} style={{ flexGrow: counts[part] }} />
        ))}
      </span>
      <small>{Number(day.day.slice(-2))}</small>
    </>
  );
}

const dayText = ({ w, format }: BillingSpeech, { day, received, expected }: Day): string =>
  `${format.day(day)}: ${
    expected === 0
      ? w("proof.nothing")
      : w("proof.of", { received: format.number(received), expected: format.number(expected) })
  }`;

function Legend({ total }: { readonly total: Counts }) {
  const { w, format } = useBilling();
  const counts = countOf(total);
  return (
    <ul className="proof-legend">
      {PARTS.filter((part) => part === "received" || counts[part] > 0).map((part) => (
        <li key={part}>
          <i className={`proof-${part}`} />
          {w(`cause.${part}`)} <strong>{format.number(counts[part])}</strong>
        </li>
      ))}
    </ul>
  );
}

function DayLine({ day }: { readonly day: Day }) {
  const speech = useBilling();
  return (
    <div className="proof-day" role="status">
      <p>{dayText(speech, day)}</p>
      <Causes counts={{ ...day.missing, ...day.excluded }} />
    </div>
  );
}

/** Each cause that there is, with its count. */
function Causes({ counts }: { readonly counts: Partial<Counts["missing"] & Counts["excluded"]> }) {
  const { w, format } = useBilling();
  return (
    <ul>
      {[...OURS, ...THEIRS, ...EXCUSES].map((cause) => {
        const count = counts[cause] ?? 0;
        return count === 0 ? undefined : (
          <li key={cause}>
            {w(`cause.${cause}`)} <strong>{format.number(count)}</strong>
          </li>
        );
      })}
    </ul>
  );
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

function Figures({ proof }: ProofProps) {
  const { total, rhythmS, longestGap, alerts, commands } = proof;
  const { w, format } = useBilling();
  const isMissing = total.expected > total.received;
  const isExcused = EXCUSES.some((excuse) => total.excluded[excuse] > 0);
  return (
    <dl className="pairs">
      {rhythmS === null ? undefined : (
        <>
          <dt>{w("proof.rhythm")}</dt>
          <dd>{format.duration(rhythmS * SECOND_MS)}</dd>
          <dt>{w("proof.gap")}</dt>
          <dd>
            {longestGap === null ? (
              w("proof.gap.none")
            ) : (
              <>
                {format.duration(Date.parse(longestGap.to) - Date.parse(longestGap.from))}{" "}
                <span className="soft">
                  <Time at={longestGap.from} />
                </span>
              </>
            )}
          </dd>
        </>
      )}
      {isMissing ? (
        <>
          <dt>{w("proof.missing")}</dt>
          <dd>
            <Causes counts={total.missing} />
          </dd>
        </>
      ) : undefined}
      {isExcused ? (
        <>
          <dt>{w("cause.excluded")}</dt>
          <dd>
            <Causes counts={total.excluded} />
          </dd>
        </>
      ) : undefined}
      <dt>{w("proof.reports")}</dt>
      <dd>
        {format.number(total.reports)}
        {total.late === 0 ? "" : ` · ${w("proof.late")} ${format.number(total.late)}`}
      </dd>
      {alerts === undefined ? undefined : <AlertTimes alerts={alerts} />}
      {commands === undefined ? undefined : <OnTime commands={commands} />}
    </dl>
  );
}

function AlertTimes({ alerts: { count, medianMs, slowestMs } }: Pick<ServiceProof, "alerts">) {
  const { w, format } = useBilling();
  const time = (ms: number): string =>
    ms < MINUTE_MS
      ? w("proof.seconds", { count: format.number(ms / SECOND_MS, 1) })
      : format.duration(ms);
  return (
    <>
      <dt>{w("proof.alerts")}</dt>
      <dd>
        {medianMs === null || slowestMs === null
          ? w("proof.alerts.none")
          : w("proof.alerts.times", {
              ...{ median: time(medianMs), slowest: time(slowestMs), count: format.number(count) },
            })}
      </dd>
    </>
  );
}

function OnTime({ commands: { ended, onTime } }: Pick<ServiceProof, "commands">) {
  const { w, format } = useBilling();
  return (
    <>
      <dt>{w("proof.commands")}</dt>
      <dd>
        {ended === 0
          ? w("proof.commands.none")
          : w("proof.commands.of", {
              ...{ onTime: format.number(onTime), ended: format.number(ended) },
            })}
      </dd>
    </>
  );
}
