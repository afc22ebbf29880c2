import { InvalidInputError } from "../../base/errors.ts";
import type { InLanguages } from "../notifications/occasion.ts";
import type { Cut } from "./dunning.ts";
import { formatAmount, type Minor } from "./money.ts";
import type { ServiceClass } from "./plan.ts";

export const QUOTA_METRICS = ["reports", "bytes", "sms"] as const;
export type QuotaMetric = (typeof QUOTA_METRICS)[number];

/** So many units in a calendar month of the customer. */
export interface Quota {
  readonly metric: QuotaMetric;
  readonly units: number;
  /** Whether reports stop for the rest of the month, or somebody is told and no more. */
  readonly isStop: boolean;
}

/** What is watched while a month runs. */
export interface SpendRules {
  /** Pays beforehand: at nothing left it stops. */
  readonly isPrepaid: boolean;
  /** Of a prepaid account: below it somebody is told; 0 for never. */
  readonly lowBalance: Minor;
  /** Gross amounts of a month at which somebody is told. */
  readonly alerts: readonly Minor[];
  readonly quotas: readonly Quota[];
}

export const NO_SPEND_RULES: SpendRules = {
  isPrepaid: false,
  lowBalance: 0,
  alerts: [],
  quotas: [],
};
export const ALERTS_MAX = 10;
export const QUOTAS_MAX = 10;
const UNITS_MAX = 1e12;

/** Throws an InvalidInputError that names the first field at fault. */
export function requireSpendRules(rules: SpendRules): SpendRules {
  requireWhole("lowBalance", rules.lowBalance, 0);
  if (rules.alerts.length > ALERTS_MAX)
    throw new InvalidInputError("alerts", `alerts must be at most ${ALERTS_MAX}`);
  if (rules.quotas.length > QUOTAS_MAX)
    throw new InvalidInputError("quotas", `quotas must be at most ${QUOTAS_MAX}`);
  for (const [at, amount] of rules.alerts.entries()) requireWhole(`alerts.${at}`, amount, 1);
  for (const [at, { units }] of rules.quotas.entries())
    requireWhole(`quotas.${at}.units`, units, 1);
  return rules;
}

function requireWhole(field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > UNITS_MAX)
    throw new InvalidInputError(field, `${field} must be a whole number from ${least}`);
}

/** Of the month that runs, and what is left of what was paid beforehand. */
export interface SpendTotals {
  /** What the month has come to so far, gross; the fees of the next one are not in it. */
  readonly gross: Minor;
  readonly units: Readonly<Record<QuotaMetric, number>>;
  /** Paid and not used yet, after all that was not invoiced so far; below zero it is owed. */
  readonly available: Minor;
}

export interface SpendJudgement {
  readonly isWalletEmpty: boolean;
  readonly isQuotaUsedUp: boolean;
  /** What somebody is told once while it holds, by a name that stays. */
  readonly tell: readonly string[];
}

export function judgeSpend(rules: SpendRules, totals: SpendTotals): SpendJudgement {
  const isWalletEmpty = rules.isPrepaid && totals.available <= 0;
  const isLow = rules.isPrepaid && !isWalletEmpty && totals.available < rules.lowBalance;
  const used = rules.quotas.filter(({ metric, units }) => totals.units[metric] >= units);
  return {
    isWalletEmpty,
    isQuotaUsedUp: used.some(({ isStop }) => isStop),
    tell: [
      ...(isWalletEmpty ? ["wallet-empty"] : []),
      ...(isLow ? ["wallet-low"] : []),
      ...rules.alerts.filter((amount) => totals.gross >= amount).map((amount) => `spend-${amount}`),
      ...used.map(({ metric, units }) => `quota-${metric}-${units}`),
    ],
  };
}

/** Emergencies pass whatever is cut, and what protects lives is not cut at all. */
export const walletCut =
  (isEmpty: boolean) =>
  (serviceClass: ServiceClass): Cut =>
    isEmpty && serviceClass !== "life-safety" ? "commands" : "nothing";
export const quotaCut =
  (isUsedUp: boolean) =>
  (serviceClass: ServiceClass): Cut =>
    isUsedUp && serviceClass !== "life-safety" ? "reports" : "nothing";

/** In words, for the account's people. */
export function spendWords(what: string, currency: string, totals: SpendTotals): InLanguages {
  const money = (minor: Minor): string => `${formatAmount(currency, minor)} ${currency}`;
  if (what === "wallet-empty")
    return {
      en: "The prepaid balance is used up: reports, history and convenience commands stop. Emergencies always get through; a payment brings all back.",
      "zh-CN": "预付余额已用完：报告、历史记录和便捷指令已停止。紧急报警不受影响；充值后恢复。",
    };
  if (what === "wallet-low")
    return {
      en: `The prepaid balance is low: ${money(totals.available)} are left.`,
      "zh-CN": `预付余额不足：剩余 ${money(totals.available)}。`,
    };
  const [kind, metric, units] = what.split("-");
  if (kind === "quota")
    return {
      en: `The quota of ${units ?? ""} ${metric ?? ""} of this month is used up.`,
      "zh-CN": `本月配额（${metric ?? ""} ${units ?? ""}）已用完。`,
    };
  return {
    en: `This month has come to ${money(totals.gross)} so far.`,
    "zh-CN": `本月至今费用已达 ${money(totals.gross)}。`,
  };
}
