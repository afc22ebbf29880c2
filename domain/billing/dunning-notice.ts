import type { InLanguages, Occasion } from "../notifications/occasion.ts";
import { CUT_CLASSES, type Cut, type DunningStep, deeper, type OutlookStep } from "./dunning.ts";
import { formatAmount, type Minor } from "./money.ts";

const CUT_WORDS: Readonly<Record<Cut, InLanguages>> = {
  nothing: { en: "", "zh-CN": "" },
  reports: { en: "reports", "zh-CN": "报告" },
  history: { en: "reports and history", "zh-CN": "报告和历史记录" },
  commands: {
    en: "reports, history and convenience commands",
    "zh-CN": "报告、历史记录和便捷指令",
  },
};

export interface DunningNotice {
  readonly id: string;
  readonly customerId: string;
  readonly invoiceNumber: string;
  readonly overdue: Minor;
  readonly currency: string;
  /** Of the fee of this step, gross. */
  readonly fee: Minor;
  readonly step: DunningStep;
  readonly next: OutlookStep | undefined;
  readonly atMs: number;
}

const worstOf = ({ cuts }: DunningStep): Cut =>
  CUT_CLASSES.map((of) => cuts[of]).reduce(deeper, "nothing");

/** What an account's people are told at a step: what is owed, what they go without, and what comes next. */
export function dunningNotice(notice: DunningNotice): Occasion {
  const { id, customerId, step, next, atMs } = notice;
  const cut = worstOf(step);
  const nextCut = next === undefined ? "nothing" : worstOf(next);
  const amount = `${formatAmount(notice.currency, notice.overdue)} ${notice.currency}`;
  const fee = `${formatAmount(notice.currency, notice.fee)} ${notice.currency}`;
  const en = [
    `${amount} are overdue, the oldest is ${notice.invoiceNumber}.`,
    ...(notice.fee > 0 ? [`A fee of ${fee} was added.`] : []),
    ...(cut === "nothing" ? [] : [`Stopped now: ${CUT_WORDS[cut].en}.`]),
    ...(next !== undefined && nextCut !== "nothing" && nextCut !== cut
      ? [`From ${next.on} on without payment: no ${CUT_WORDS[nextCut].en}.`]
      : []),
    "Emergencies always get through; payment brings all back at once.",
  ];
  const zh = [
    `逾期未付 ${amount}，最早一笔为 ${notice.invoiceNumber}。`,
    ...(notice.fee > 0 ? [`已加收费用 ${fee}。`] : []),
    ...(cut === "nothing" ? [] : [`现已停止：${CUT_WORDS[cut]["zh-CN"]}。`]),
    ...(next !== undefined && nextCut !== "nothing" && nextCut !== cut
      ? [`如未付款，自 ${next.on} 起停止：${CUT_WORDS[nextCut]["zh-CN"]}。`]
      : []),
    "紧急报警不受影响；付款后立即恢复。",
  ];
  return {
    ...{ id, kind: "billing", alarmId: null, customerId, address: null, assetId: null },
    ...{ severity: "major", isLifeSafety: false, isDrill: false, atMs },
    title: { en: en.join(" "), "zh-CN": zh.join("") },
  };
}
