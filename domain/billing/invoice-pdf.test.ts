import { expect, it } from "vitest";
import type { InvoiceLine } from "./draft.ts";
import { invoicePdfPdfkit } from "./invoice-pdf-pdfkit.ts";
import { describeQuantity } from "./invoice-words.ts";
import type { Invoice } from "./invoices.ts";
import { testInvoice } from "./test-invoice.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const pagesOf = (bytes: Uint8Array): number => textOf(bytes).match(/\/Type \/Page\b/g)?.length ?? 0;

it("prints the same bytes whenever it is printed, with no more of its fonts than it uses", async () => {
  const invoice = testInvoice();
  const once = await invoicePdfPdfkit(invoice, "zh-CN");
  expect(once).toEqual(await invoicePdfPdfkit(invoice, "zh-CN"));
  expect(textOf(once).startsWith("%PDF-1.")).toBe(true);
  expect(once.length).toBeLessThan(200_000); // each of the two fonts has eight million
  expect(textOf(once)).toMatch(/\/BaseFont \/[A-Z]{6}\+NotoSansHans-Regular/);
  expect(textOf(once)).toMatch(/\/BaseFont \/[A-Z]{6}\+NotoSansHans-Bold/);
  expect(textOf(once)).toContain("/Lang (zh-CN)");
  expect(pagesOf(once)).toBe(1);
});

it("prints a draft of a note, over as many pages as its lines need", async () => {
  const invoice = testInvoice();
  const [line] = invoice.document.lines;
  const lines = Array.from({ length: 200 }, (_, at): InvoiceLine[] =>
    line === undefined ? [] : [{ ...line, position: at + 1 }],
  ).flat();
  const note: Invoice = {
    ...invoice,
    kind: "credit-note",
    correctsNumber: "HL-000001",
    number: null,
    document: { ...invoice.document, lines, reason: "a week without service" },
  };
  expect(pagesOf(await invoicePdfPdfkit(note, "en"))).toBeGreaterThan(4);
});

it("says of add-ons how many there were for how many days of the period, or the days of all and no guess", () => {
  const [fee] = testInvoice().document.lines;
  if (fee === undefined) throw new Error("the invoice has no line");
  const addOn: InvoiceLine = { ...fee, kind: "add-on", item: "guard", periodDays: 31 };
  const of = (line: Partial<InvoiceLine>) =>
    (["en", "zh-CN"] as const).map((language) => describeQuantity({ ...addOn, ...line }, language));
  expect(of({ quantity: 62, pieces: 2 })).toEqual(["2 × 31 days", "2 × 31 天"]);
  expect(of({ quantity: 30, pieces: 2 })).toEqual(["2 × 15 days", "2 × 15 天"]);
  expect(of({ quantity: 31, pieces: 1 })).toEqual(["31 days", "31 天"]);
  expect(of({ quantity: 1, pieces: 1 })).toEqual(["1 day", "1 天"]);
  // where they changed within the period, on corrections, and as it was frozen before the pieces were said: 62 days may
  // be two pieces for a month, or one for 20 days and three for 14
  expect(of({ quantity: 62 })).toEqual(["62 days of all pieces together", "62 天（各件合计）"]);
  expect(of({ quantity: -62 })).toEqual(["-62 days of all pieces together", "-62 天（各件合计）"]);
});
