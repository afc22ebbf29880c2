import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { AcceptCard, UndoCard } from "./accept-card.tsx";
import { AttachCard } from "./attach-card.tsx";
import { BindCard } from "./bind-card.tsx";
import type { CardProps } from "./card-props.ts";
import { CardSummary } from "./card-summary.tsx";
import { CARDS, type Card, cardAfter, type Done, doneCards, KINDS } from "./cards.ts";
import { ClaimCard } from "./claim-card.tsx";
import { PapersCard } from "./papers-card.tsx";
import { PlaceCard } from "./place-card.tsx";
import { reasonText } from "./reasons.ts";
import { SignatureCard } from "./signature-card.tsx";
import { type LocalStep, type StepKind, type Told, tell } from "./steps.ts";
import type { LocalJob } from "./store.ts";
import { WalkCard } from "./walk-card.tsx";

const BODY: Readonly<Record<Card, (props: CardProps) => ReactNode>> = {
  claim: ClaimCard,
  bind: BindCard,
  place: PlaceCard,
  attach: AttachCard,
  walk: WalkCard,
  papers: PapersCard,
  signature: SignatureCard,
  accept: AcceptCard,
};

/** What may still be added once the terminal is handed over. */
const AFTERWARDS: readonly Card[] = ["papers", "accept"];

/** One job as a list of cards, in the order in which it is done; the first that is not done is open. */
export function JobPage({
  jobId,
  job,
}: {
  readonly jobId: string;
  readonly job: LocalJob | undefined;
}) {
  const steps = job?.steps ?? [];
  const told = tell(steps);
  const done = doneCards(told);
  const isOver = told.undone || told.accepted !== undefined;
  const [open, setOpen] = useState(() => firstOpen(told, done));
  return (
    <>
      {told.undone && <UndoneNote />}
      <ol className="field-cards">
        {CARDS.map((card, i) => {
          const Body = BODY[card];
          return (
            <FieldCard
              key={card}
              number={i + 1}
              card={card}
              done={done[card]}
              open={card === open}
              closed={told.undone || (isOver && !AFTERWARDS.includes(card))}
              fault={faultOf(steps, KINDS[card])}
              summary={<CardSummary card={card} job={job} told={told} />}
              onOpen={() => {
                setOpen(card === open ? undefined : card);
              }}
            >
              <Body
                {...{ jobId, job, told }}
                onNext={() => {
                  setOpen(cardAfter(card, done));
                }}
              />
            </FieldCard>
          );
        })}
      </ol>
      {steps.length > 0 && !told.undone && <UndoCard jobId={jobId} />}
    </>
  );
}

/** What one wants to see on coming back: where to go on, or what came of the hand-over. */
function firstOpen(told: Told, done: Done): Card | undefined {
  if (told.undone) return undefined;
  return told.accepted === undefined ? cardAfter(undefined, done) : "accept";
}

function UndoneNote() {
  const { t } = useSpeech();
  return (
    <p className="field-note field-over" role="status">
      {t("field.undone")}
    </p>
  );
}

/** What the server said of the latest step of these kinds, if it has something against it. */
function faultOf(steps: readonly LocalStep[], kinds: readonly StepKind[]): LocalStep | undefined {
  const last = steps.findLast(({ kind }) => kinds.includes(kind));
  return last?.outcome === "refused" || last?.outcome === "waiting" ? last : undefined;
}

interface FieldCardProps {
  readonly number: number;
  readonly card: Card;
  readonly done: boolean;
  readonly open: boolean;
  /** Nothing can be done in it any more. */
  readonly closed: boolean;
  readonly fault: LocalStep | undefined;
  readonly summary: ReactNode;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

function FieldCard(props: FieldCardProps) {
  const { number, card, done, closed, fault, summary, onOpen, children } = props;
  const { t } = useSpeech();
  const open = props.open && !closed;
  const [mark, state] = markOf(fault, done, number);
  return (
    <li className={`field-card${open ? " field-card-open" : ""}${state}`}>
      <button
        type="button"
        className="field-card-head"
        aria-expanded={open}
        disabled={closed}
        onClick={onOpen}
      >
        <span className="field-number" aria-hidden="true">
          {mark}
        </span>
        <span className="field-card-title">{t(`field.${card}`)}</span>
        <span className="field-card-summary">{summary}</span>
      </button>
      {fault !== undefined && <Fault card={card} fault={fault} />}
      {open && <div className="field-card-body">{children}</div>}
    </li>
  );
}

/** What stands in a card's circle, and the class that goes with it. */
function markOf(fault: LocalStep | undefined, done: boolean, number: number) {
  if (fault?.outcome === "waiting") return ["…", " field-card-waiting"] as const;
  return done ? (["✓", " field-card-done"] as const) : ([number, ""] as const);
}

function Fault({ card, fault }: { readonly card: Card; readonly fault: LocalStep }) {
  const speech = useSpeech();
  const isWaiting = fault.outcome === "waiting";
  if (isWaiting && card === "attach") return undefined; // its own card says so already
  const reason = reasonText(speech, fault.reason ?? "");
  return (
    <p className={`field-fault field-fault-${fault.outcome ?? ""}`} role="alert">
      {isWaiting ? reason : speech.t("field.refused", { reason })}
    </p>
  );
}
