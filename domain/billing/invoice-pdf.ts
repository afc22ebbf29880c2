import type { Language } from "../notifications/occasion.ts";
import type { Invoice } from "./invoices.ts";

/** Makes the document that is printed, kept and mailed: the same invoice makes the same bytes. */
export type InvoicePdf = (invoice: Invoice, language: Language) => Promise<Uint8Array>;

/** A file name that every system takes. */
export const invoiceFileName = ({ number, month }: Invoice, ending: "pdf" | "csv"): string =>
  `${number ?? `draft-${month}`}.${ending}`;

/** The customer's, as far as invoices are written in it. */
export const invoiceLanguage = (text: string): Language => (text === "zh-CN" ? "zh-CN" : "en");
