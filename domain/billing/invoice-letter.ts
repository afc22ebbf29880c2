import type { Language } from "../notifications/occasion.ts";
import { TITLES } from "./invoice-words.ts";
import type { Invoice } from "./invoices.ts";
import { formatAmount } from "./money.ts";

/** The mail that an invoice or note comes with; the document itself is attached. */
export function invoiceLetter(
  { kind, number, month, currency, gross, dueOn, parties }: Invoice,
  language: Language,
): { readonly subject: string; readonly text: string } {
  const what = `${TITLES[kind][language]} ${number ?? ""}`;
  const amount = `${formatAmount(currency, gross)} ${currency}`;
  const isToPay = kind !== "credit-note" && gross > 0;
  const name = oneLine(parties.issuer.name);
  if (language === "zh-CN")
    return {
      subject: `${name} · ${what}（${month}）`,
      text: [
        `${parties.customer.name}：`,
        "",
        `随信附上${what}，账期 ${month}，金额 ${amount}。`,
        ...(isToPay ? [`请于 ${dueOn ?? ""} 前付款，并注明 ${number ?? ""}。`] : []),
        "",
        name,
      ].join("\n"),
    };
  return {
    subject: `${name} · ${what} (${month})`,
    text: [
      `Dear ${parties.customer.name},`,
      "",
      `please find attached ${TITLES[kind].en.toLowerCase()} ${number ?? ""} for ${month} of ${amount}.`,
      ...(isToPay
        ? [`Please pay it by ${dueOn ?? ""} and give ${number ?? ""} as the reference.`]
        : []),
      "",
      name,
    ].join("\n"),
  };
}

/** Names are people's own words: none of them begins a header of ours. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
