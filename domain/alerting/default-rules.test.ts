import { expect, it } from "vitest";
import { loadProfiles } from "../devices/profile-load.ts";
import { compileRule, ruleSetOf } from "./compiled-rule.ts";
import { defaultRules, ruleFieldsOf } from "./default-rules.ts";
import { type EngineInput, judgeAgain, NEW_DEVICE } from "./engine.ts";
import { DEVICE, report, T0 } from "./test-rules.ts";

const PAYMENT = loadProfiles("profiles").byName.get("payment");
if (PAYMENT === undefined) throw new Error("there is a payment point");
const RULES = ruleSetOf(
  defaultRules(PAYMENT).flatMap((rule) => {
    const compiled = compileRule({ ...rule, version: 1 }, ruleFieldsOf(PAYMENT));
    return compiled.ok ? [compiled.rule] : [];
  }),
);
const POINT = { ...DEVICE, context: { ...DEVICE.context, profile: "payment" } };

const status = (seconds: number, sales: number, total: number, dayTotal = total - 1_000) =>
  report(seconds, {
    ...{ transactions: 500 + sales, total, paper: 80, tamper: false },
    ...{ dayTransactions: sales, dayTotal },
  });

/** With every field that the profile's report has. */
function alarm(seconds: number, transactions: number, total: number) {
  const fields = PAYMENT?.reports.find(({ name }) => name === "alarm")?.fields ?? [];
  const known: Readonly<Record<string, number | boolean | string>> = {
    ...{ transactions, total, transactionsThen: transactions, totalThen: total },
    ...{ tamper: false, paper: 80, fault: "printer" },
  };
  return report(seconds, Object.fromEntries(fields.map(({ name }) => [name, known[name] ?? null])));
}

function mismatches(...reports: readonly ReturnType<typeof report>[]): number {
  const inputs = reports.map((one): EngineInput => ({ kind: "report", report: one }));
  const past = { inputs, horizonMs: T0 + 3_600_000 };
  return judgeAgain(RULES, POINT, NEW_DEVICE, past).effects.filter(
    ({ kind, rule }) => kind === "raised" && rule.id === "payment.day-total-mismatch",
  ).length;
}

it("takes an alarm report, which has no day total, for no mismatch of a payment point", () => {
  const sold = [status(0, 10, 1_100), alarm(60, 515, 1_150), status(120, 20, 1_190)] as const;
  expect(mismatches(...sold)).toBe(0);
});

it("still tells of a sale that is missing from the day's total", () => {
  expect(mismatches(status(0, 10, 1_100), status(120, 11, 1_145, 100))).toBe(1);
  expect(mismatches(status(0, 10, 1_100), alarm(60, 511, 1_145), status(120, 11, 1_145, 100))).toBe(
    1,
  );
});
