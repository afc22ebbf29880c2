import { type Speech, useSpeech } from "../i18n/language.tsx";
import type { Card } from "./cards.ts";
import type { Told } from "./steps.ts";
import type { LocalJob } from "./store.ts";

interface CardSummaryProps {
  readonly card: Card;
  readonly job: LocalJob | undefined;
  readonly told: Told;
}

type Summary = (told: Told, { t, format }: Speech, job: LocalJob | undefined) => string | undefined;

const SUMMARIES: Readonly<Record<Card, Summary>> = {
  claim: ({ serial }) => serial,
  bind: ({ customerName, assetName }) => [assetName, customerName].filter(Boolean).join(" · "),
  place: ({ place }, { format }) => place && format.coordinates(place.latitude, place.longitude),
  attach({ attach }, { t }, job) {
    if (!attach) return undefined;
    return t(job?.server?.attached === true ? "field.attach.done" : "field.attach.calling");
  },
  walk: ({ verdict }, { t }) => verdict && t(`field.result.${verdict}`),
  papers: ({ photos, notes }, { t }) =>
    photos > 0 ? t("field.papers.photos", { count: photos }) : notes.at(-1),
  signature: ({ signedBy }) => signedBy,
  accept: ({ accepted }) => accepted,
};

/** What a card says of itself while it is closed. */
export function CardSummary({ card, job, told }: CardSummaryProps) {
  return SUMMARIES[card](told, useSpeech(), job);
}
