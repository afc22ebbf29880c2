import type { InLanguages, Language } from "../notifications/occasion.ts";
import { addDays } from "./calendar.ts";
import type { InvoiceLine, LineKind } from "./draft.ts";
import type { InvoiceKind } from "./invoices.ts";
import type { Metric } from "./plan.ts";

/** What stands on an invoice in both languages. */
export const TITLES: Readonly<Record<InvoiceKind, InLanguages>> = {
  invoice: { en: "Invoice", "zh-CN": "账单" },
  "credit-note": { en: "Credit note", "zh-CN": "贷项通知单" },
  "debit-note": { en: "Debit note", "zh-CN": "借项通知单" },
};

export const INVOICE_WORDS = {
  draft: { en: "Draft", "zh-CN": "草稿" },
  number: { en: "Number", "zh-CN": "编号" },
  date: { en: "Date", "zh-CN": "开具日期" },
  dueOn: { en: "Due on", "zh-CN": "付款期限" },
  month: { en: "Month", "zh-CN": "账期" },
  customer: { en: "Customer", "zh-CN": "客户" },
  customerNumber: { en: "Customer number", "zh-CN": "客户编号" },
  taxId: { en: "Tax id", "zh-CN": "税号" },
  corrects: { en: "Corrects", "zh-CN": "更正账单" },
  reason: { en: "Reason", "zh-CN": "原因" },
  item: { en: "Item", "zh-CN": "项目" },
  period: { en: "Period", "zh-CN": "期间" },
  quantity: { en: "Quantity", "zh-CN": "数量" },
  net: { en: "Net", "zh-CN": "不含税金额" },
  taxRate: { en: "Tax", "zh-CN": "税率" },
  tax: { en: "Tax amount", "zh-CN": "税额" },
  total: { en: "Total", "zh-CN": "合计" },
  taxAt: { en: "Tax at", "zh-CN": "税额，税率" },
  pay: { en: "Please pay to", "zh-CN": "收款账户" },
  reference: { en: "with the reference", "zh-CN": "付款时请注明" },
  page: { en: "Page", "zh-CN": "第" },
  late: { en: "of earlier months", "zh-CN": "属以前月份" },
  correction: { en: "correction", "zh-CN": "更正" },
} as const satisfies Record<string, InLanguages>;

const KINDS: Readonly<Record<LineKind, InLanguages>> = {
  fee: { en: "Fee", "zh-CN": "基本费" },
  "add-on": { en: "Add-on", "zh-CN": "附加服务" },
  activation: { en: "Activation", "zh-CN": "开通费" },
  usage: { en: "Usage", "zh-CN": "用量" },
  minimum: { en: "Missing to the minimum", "zh-CN": "最低消费差额" },
  adjustment: { en: "Adjustment of line", "zh-CN": "调整第" },
  "service-credit": { en: "Service credit", "zh-CN": "服务补偿" },
};

/** `en` is of several. */
interface Unit extends InLanguages {
  readonly one: string;
}

const UNITS: Readonly<Record<Metric, Unit>> = {
  reports: { one: "report", en: "reports", "zh-CN": "条报告" },
  bytes: { one: "byte", en: "bytes", "zh-CN": "字节" },
  commands: { one: "command", en: "commands", "zh-CN": "条指令" },
  "group-pages": { one: "group page", en: "group pages", "zh-CN": "次组呼" },
  sms: { one: "SMS", en: "SMS", "zh-CN": "条短信" },
};
const DAYS: Unit = { one: "day", en: "days", "zh-CN": "天" };
const ALL_PIECES: InLanguages = { en: " of all pieces together", "zh-CN": "（各件合计）" };

const counted = (count: number, unit: Unit, language: Language): string =>
  `${count} ${Math.abs(count) === 1 && language === "en" ? unit.one : unit[language]}`;

/** What a line is for. */
export function describeLine(line: InvoiceLine, language: Language): string {
  const kind = KINDS[line.kind][language];
  const named = line.itemName[language];
  const what =
    line.kind === "adjustment"
      ? `${kind} ${line.item}${language === "en" ? "" : " 行"}`
      : named === ""
        ? kind
        : named;
  const remark = line.isCorrection && line.kind !== "adjustment" ? INVOICE_WORDS.correction : null;
  return `${line.planName[language]} · ${what}${remark === null ? "" : ` (${remark[language]})`}`;
}

/** From its first day to its last. */
export function describePeriod({ from, to }: InvoiceLine): string {
  const last = addDays(to, -1);
  return last <= from ? from : `${from} – ${last}`;
}

/** Days of a fee, units of usage; empty where there is nothing to count. */
export function describeQuantity(line: InvoiceLine, language: Language): string {
  const { metric, quantity, late, kind } = line;
  if (kind === "minimum" || kind === "activation" || kind === "adjustment") return "";
  if (kind === "add-on") return daysOfPieces(line, language);
  const more = late === 0 ? "" : ` + ${late} ${INVOICE_WORDS.late[language]}`;
  return `${counted(quantity, metric === null ? DAYS : UNITS[metric], language)}${more}`;
}

/** Of an add-on: so many pieces so many days, where it is known how many there were at once; else the days of all of them. */
function daysOfPieces({ quantity, pieces }: InvoiceLine, language: Language): string {
  if (pieces === undefined) return `${counted(quantity, DAYS, language)}${ALL_PIECES[language]}`;
  return Math.abs(pieces) <= 1
    ? counted(quantity, DAYS, language)
    : `${pieces} × ${counted(quantity / pieces, DAYS, language)}`;
}
