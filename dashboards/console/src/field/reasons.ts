import type { TextKey } from "../i18n/en.ts";
import type { Words } from "../i18n/speech.ts";

/** What the server has against a step, in the language of the screen: the server says it in English alone. */

const PLAIN: Readonly<Record<string, TextKey>> = {
  "no terminal in stock has this serial": "field.claim.unknown",
  "another open job has this terminal": "field.claim.held",
  "there is no such customer": "field.reason.customer",
  "the customer has no such asset": "field.reason.asset",
  "the asset is retired": "field.reason.asset.retired",
  "the network has not heard the terminal attach": "field.attach.waits",
  "the job was undone before": "field.reason.undone",
  "the terminal was accepted before": "field.reason.accepted",
};

const NEEDS: Readonly<Record<string, TextKey>> = {
  claim: "field.claim",
  bind: "field.bind",
  place: "field.place",
  attach: "field.attach",
  result: "field.walk",
};

/** The reason as this phone's user reads it; one that this app does not know stands as it came. */
export function reasonText({ t, named, language }: Words, reason: string): string {
  const plain = PLAIN[reason];
  if (plain !== undefined) return t(plain);
  const quarantine = /^the terminal is in quarantine: (.*)$/s.exec(reason)?.[1];
  if (quarantine !== undefined) return t("field.claim.quarantine", { reason: quarantine });
  const state = /^the terminal is ([a-z]+), not in stock$/.exec(reason)?.[1];
  if (state !== undefined) return t("field.claim.state", { state: named("lifecycle", state) });
  const needs = /^it needs (.+) first$/.exec(reason)?.[1];
  if (needs === undefined) return reason;
  const list = needs.split(", ").map((need) => (NEEDS[need] ? t(NEEDS[need]) : need));
  return t("field.accept.missing", { list: new Intl.ListFormat(language).format(list) });
}
