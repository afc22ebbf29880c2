import type { Cut, Dunned, DunningDetail } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

export const CUTS: readonly Cut[] = ["nothing", "reports", "history", "commands"];
export const CUT_CLASSES = ["security", "convenience"] as const;
export const GRADES = ["A", "B", "C", "D"] as const;
export type Grade = (typeof GRADES)[number];

/** From A, who pays in time, to D; a dash while nothing was due yet. */
export function GradeMark({ grade }: { readonly grade: Grade | null }) {
  const { w } = useBilling();
  return (
    <span
      className={`grade grade-${grade ?? "none"}`}
      title={grade === null ? w("credit.unknown") : w(`credit.about.${grade}`)}
    >
      {grade ?? "—"}
    </span>
  );
}

/** What is gone without, each with all that goes before it. */
export function CutMark({ cut }: { readonly cut: Cut }) {
  const { w } = useBilling();
  return <span className={`cut-${cut}`}>{w(`cut.${cut}`)}</span>;
}

type Step = DunningDetail["outlook"][number];

/** What a step takes, by service class, or that it is a notice and no more. */
export function StepTakes({ step }: { readonly step: Pick<Step, "cuts"> }) {
  const { w, known } = useBilling();
  const taking = CUT_CLASSES.filter((of) => step.cuts[of] !== "nothing");
  if (taking.length === 0) return <span className="soft">{w("dunning.notice")}</span>;
  return (
    <span className="step-takes">
      {taking.map((of) => (
        <span key={of}>
          <span className="soft">{known("class", of)}:</span> <CutMark cut={step.cuts[of]} />
        </span>
      ))}
    </span>
  );
}

export const isHeld = ({ heldUntil }: Pick<Dunned, "heldUntil">, today: string): boolean =>
  heldUntil !== null && heldUntil > today;

interface StandingProps {
  readonly dunned: Pick<Dunned, "heldUntil" | "heldReason" | "isReachable">;
  readonly today: string;
}

/** Why it does not go on by itself; nothing where it does. */
export function Standing({ dunned, today }: StandingProps) {
  const { w, format } = useBilling();
  const { heldUntil, heldReason, isReachable } = dunned;
  return (
    <>
      {heldUntil !== null && isHeld(dunned, today) ? (
        <span className="tag" title={heldReason ?? ""}>
          {w("dunning.held", { day: format.day(heldUntil) })}
        </span>
      ) : undefined}
      {isReachable ? undefined : (
        <span className="tag tag-bad" title={w("dunning.unreachable.detail")}>
          {w("dunning.unreachable")}
        </span>
      )}
    </>
  );
}
