import { useSpeech } from "../i18n/language.tsx";
import type { Card } from "./cards.ts";
import type { Told } from "./steps.ts";
import type { LocalJob } from "./store.ts";

interface CardSummaryProps {
  readonly card: Card;
  readonly job: LocalJob | undefined;
  readonly told: Told;
}

/** What a card says of itself while it is closed. */
export function CardSummary({ card, job, told }: CardSummaryProps) {
  const { t, format } = useSpeech();
  switch (card) {
    case "claim":
      return told.serial;
    case "bind":
      return [told.customerName, told.assetName].filter(Boolean).join(" · ");
    case "place":
      return told.place && format.coordinates(told.place.latitude, told.place.longitude);
    case "attach":
      if (!told.attach) return undefined;
      return t(job?.server?.attached === true ? "field.attach.done" : "field.attach.calling");
    case "walk":
      return told.verdict && t(`field.result.${told.verdict}`);
    case "papers":
      return told.photos > 0 ? t("field.papers.photos", { count: told.photos }) : told.notes.at(-1);
    case "signature":
      return told.signedBy;
    case "accept":
      return told.accepted;
  }
}
