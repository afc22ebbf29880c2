import type { StepKind, Told } from "./steps.ts";

/** The cards of a job, in the order in which it is done. Pure. */
export const CARDS = [
  "claim",
  "bind",
  "place",
  "attach",
  "walk",
  "papers",
  "signature",
  "accept",
] as const;
export type Card = (typeof CARDS)[number];
export type Done = Readonly<Record<Card, boolean>>;

export const KINDS: Readonly<Record<Card, readonly StepKind[]>> = {
  claim: ["claim"],
  bind: ["bind"],
  place: ["place"],
  attach: ["attach"],
  walk: ["walk-test", "result"],
  papers: ["photo", "note"],
  signature: ["signature"],
  accept: ["accept"],
};

export const doneCards = (told: Told): Done => ({
  claim: told.serial !== undefined,
  bind: told.customerId !== undefined,
  place: told.place !== undefined,
  attach: told.attach,
  walk: told.verdict !== undefined,
  papers: told.photos > 0 || told.notes.length > 0,
  signature: told.signedBy !== undefined,
  accept: told.accepted !== undefined,
});

/** The first card behind this one that is not done; none when all of them are. */
export function cardAfter(card: Card | undefined, done: Done): Card | undefined {
  const from = card === undefined ? 0 : CARDS.indexOf(card) + 1;
  return CARDS.slice(from).find((each) => !done[each]);
}
