import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { AcceptCard, UndoCard } from "./accept-card.tsx";
import { AttachCard } from "./attach-card.tsx";
import { BindCard } from "./bind-card.tsx";
import type { CardProps } from "./card-props.ts";
import { ClaimCard } from "./claim-card.tsx";
import { PapersCard } from "./papers-card.tsx";
import { PlaceCard } from "./place-card.tsx";
import { SignatureCard } from "./signature-card.tsx";
import { type LocalStep, type StepKind, type Told, tell } from "./steps.ts";
import type { LocalJob } from "./store.ts";
import { WalkCard } from "./walk-card.tsx";

const CARDS = [
  "claim",
  "bind",
  "place",
  "attach",
  "walk",
  "papers",
  "signature",
  "accept",
] as const;
type Card = (typeof CARDS)[number];

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

const KINDS: Readonly<Record<Card, readonly StepKind[]>> = {
  claim: ["claim"],
  bind: ["bind"],
  place: ["place"],
  attach: ["attach"],
  walk: ["walk-test", "result"],
  papers: ["photo", "note"],
  signature: ["signature"],
  accept: ["accept"],
};

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
  const [chosen, choose] = useState<Card>();
  const isOver = told.undone || told.accepted !== undefined;
  const current = chosen ?? (isOver ? undefined : CARDS.find((card) => !done[card]));
  return (
    <>
      <ol className="field-cards">
        {CARDS.map((card, i) => {
          const Body = BODY[card];
          return (
            <FieldCard
              key={card}
              number={i + 1}
              card={card}
              done={done[card]}
              open={card === current}
              fault={faultOf(steps, KINDS[card])}
              summary={<Summary card={card} told={told} />}
              onOpen={() => {
                choose(card);
              }}
            >
              <Body jobId={jobId} job={job} told={told} />
            </FieldCard>
          );
        })}
      </ol>
      {steps.length > 0 && !told.undone && <UndoCard jobId={jobId} job={job} told={told} />}
    </>
  );
}

const doneCards = (told: Told): Readonly<Record<Card, boolean>> => ({
  claim: told.serial !== undefined,
  bind: told.customerId !== undefined,
  place: told.place !== undefined,
  attach: told.attach,
  walk: told.verdict !== undefined,
  papers: told.photos > 0 || told.notes.length > 0,
  signature: told.signedBy !== undefined,
  accept: told.accepted !== undefined,
});

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
  readonly fault: LocalStep | undefined;
  readonly summary: ReactNode;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

function FieldCard({ number, card, done, open, fault, summary, onOpen, children }: FieldCardProps) {
  const { t } = useSpeech();
  return (
    <li className={`field-card${open ? " field-card-open" : ""}${done ? " field-card-done" : ""}`}>
      <button type="button" className="field-card-head" aria-expanded={open} onClick={onOpen}>
        <span className="field-number" aria-hidden="true">
          {done ? "✓" : number}
        </span>
        <span className="field-card-title">{t(`field.${card}`)}</span>
        <span className="field-card-summary">{summary}</span>
      </button>
      {fault !== undefined && (
        <p className={`field-fault field-fault-${fault.outcome ?? ""}`} role="alert">
          {t(fault.outcome === "waiting" ? "field.waiting" : "field.refused", {
            reason: fault.reason ?? "",
          })}
        </p>
      )}
      {open && <div className="field-card-body">{children}</div>}
    </li>
  );
}

function Summary({ card, told }: { readonly card: Card; readonly told: Told }) {
  const { t, format } = useSpeech();
  switch (card) {
    case "claim":
      return told.serial;
    case "bind":
      return [told.customerName, told.assetName].filter(Boolean).join(" · ");
    case "place":
      return told.place && format.coordinates(told.place.latitude, told.place.longitude);
    case "walk":
      return told.verdict && t(`field.result.${told.verdict}`);
    case "papers":
      return told.photos > 0 ? t("field.papers.photos", { count: told.photos }) : told.notes.at(-1);
    case "signature":
      return told.signedBy;
    case "accept":
      return told.accepted;
    case "attach":
      return undefined;
  }
}
