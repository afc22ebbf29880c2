import type { CommandEvidence } from "../api/types.ts";
import { whoText } from "../parts/who.ts";
import type { CommandWords } from "./command-words.ts";

interface Told {
  /** A gateway's name. */
  readonly named: (id: string | null) => string;
  /** Which try it belongs to, from 1. */
  readonly attempt: number;
}

interface Said {
  readonly words: Pick<CommandWords, "t" | "w" | "worded">;
  readonly evidence: CommandEvidence;
  readonly who: string;
  readonly gateway: string;
  readonly told: Told;
}

type Say = (said: Said) => string;

/** One step of a command as a sentence; its reason stands beside it. */
export function evidenceText(words: Said["words"], evidence: CommandEvidence, told: Told): string {
  const say = SENTENCES[evidence.what] ?? sayOther;
  const gateway = told.named(evidence.gatewayId);
  return say({
    words,
    evidence,
    told,
    gateway,
    who: whoText(words, evidence.whoName, evidence.whoName) ?? "",
  });
}

const SENTENCES: Readonly<Record<string, Say>> = {
  create: ({ words: { w }, who }) => w("evidence.create", { who }),
  approve: ({ words: { w }, who }) => w("evidence.approve", { who }),
  reject: ({ words: { w }, who }) => w("evidence.reject", { who }),
  withdraw: ({ words: { w }, who }) => w("evidence.withdraw", { who }),
  supersede: ({ words: { w } }) => w("evidence.supersede"),
  queue: ({ words: { w }, evidence: { state } }) =>
    w(state === "queued" ? "evidence.queue" : "evidence.refused"),
  schedule: (said) => (said.evidence.state === "scheduled" ? sayScheduled(said) : sayOther(said)),
  "hand-over": ({ words: { w }, evidence: { reason }, gateway }) =>
    w(reason === null ? "evidence.hand-over" : "evidence.not-handed", { gateway }),
  paged: sayPaged,
  answer: ({ words: { w }, evidence, gateway }) =>
    w(textOf(evidence, "result") === "busy" ? "evidence.busy" : "evidence.answer", { gateway }),
  end: ({ words: { w, worded }, evidence }) =>
    w("evidence.end", { result: worded("result", textOf(evidence, "result")) }),
  "late-answer": ({ words: { w, worded }, evidence }) =>
    w("evidence.late-answer", { result: worded("result", textOf(evidence, "result")) }),
};

function sayScheduled({ words: { w }, evidence, told: { named, attempt } }: Said): string {
  return w("evidence.schedule", { gateway: zoneOf(evidence).map(named).join(", "), try: attempt });
}

function sayPaged({ words: { w, worded }, evidence, gateway }: Said): string {
  const status = textOf(evidence, "status");
  return status === "sent"
    ? w("evidence.sent", { gateway })
    : w("evidence.unsent", { gateway, status: worded("status", status) });
}

/** Nobody did anything, and its time has come. */
function sayOther({ words: { w }, evidence: { state } }: Said): string {
  return w(state === "queued" ? "evidence.again" : "evidence.over", { state: w(`state.${state}`) });
}

function textOf({ detail }: CommandEvidence, name: string): string {
  const value = detail?.[name];
  return typeof value === "string" ? value : "";
}

function zoneOf({ detail }: CommandEvidence): readonly string[] {
  const value = detail?.["gateways"];
  const gateways: readonly unknown[] = Array.isArray(value) ? value : [];
  return gateways.filter((each) => typeof each === "string");
}
