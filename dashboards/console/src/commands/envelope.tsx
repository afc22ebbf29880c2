import type { CommandOutlook } from "../api/types.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";
import { type CommandWords, useCommandWords } from "./command-words.ts";

export type Checked = CommandOutlook["commands"][number];
type Check = Checked["checks"][number];

interface EnvelopeProps {
  readonly checked: Checked;
  readonly profile: string;
}

/** What must hold, what is known of it now and how old that is. */
export function Envelope({ checked, profile }: EnvelopeProps) {
  const { w, format } = useCommandWords();
  const now = useNow();
  const { checks, judgement } = checked;
  return (
    <section className="envelope" aria-label={w("envelope.title")}>
      <h3>{w("envelope.title")}</h3>
      <ul>
        {checks.map((check) => (
          <CheckLine key={check.label?.en ?? check.what} check={check} profile={profile} />
        ))}
      </ul>
      {checks.length === 1 ? <p className="soft">{w("envelope.none")}</p> : undefined}
      {judgement.holdsUntil === null ? undefined : (
        <p className="soft">
          {w("envelope.until", { time: format.time(judgement.holdsUntil, now) })}
        </p>
      )}
    </section>
  );
}

function verdictOf({ judgement }: Check, { w, worded }: CommandWords): string {
  if (judgement.ok || judgement.refusal === null) return w("envelope.holds");
  return judgement.refusal === "precondition-not-met"
    ? w("envelope.fails")
    : worded("reason", judgement.refusal);
}

function CheckLine({ check, profile }: { readonly check: Check; readonly profile: string }) {
  const words = useCommandWords();
  const { w, label, format } = words;
  const profiles = useProfiles();
  const now = useNow();
  const { what, judgement, maxAgeS, readings } = check;
  const title =
    check.label === null
      ? w(what === "place" ? "envelope.place" : "envelope.service")
      : label(check.label);
  const known = readings.map(({ field, value, measuredAt }) =>
    w("envelope.reading", {
      name: profiles.fieldLabel(profile, field),
      value: profiles.value(profile, field, value),
      age: format.age(measuredAt, now),
    }),
  );
  const isAsked = what === "precondition";
  return (
    <li className={judgement.ok ? "check-holds" : "check-fails"}>
      <span className="check-mark" aria-hidden="true" />
      <span>
        {title} <span className="check-verdict">{verdictOf(check, words)}</span>
        {isAsked ? (
          <span className="soft check-known">
            {known.length === 0 ? w("envelope.unknown") : known.join(" · ")}
            {maxAgeS === null
              ? ""
              : ` (${w("envelope.age", { time: format.duration(maxAgeS * 1000) })})`}
          </span>
        ) : undefined}
      </span>
    </li>
  );
}
