import { expect, it } from "vitest";
import type { InvoiceLine } from "./draft.ts";
import { invoicePdfPdfkit } from "./invoice-pdf-pdfkit.ts";
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
