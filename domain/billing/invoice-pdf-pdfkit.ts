import type { Language } from "../notifications/occasion.ts";
import { dayAt } from "./calendar.ts";
import type { InvoiceLine } from "./draft.ts";
import type { InvoicePdf } from "./invoice-pdf.ts";
import {
  describeLine,
  describePeriod,
  describeQuantity,
  INVOICE_WORDS,
  TITLES,
} from "./invoice-words.ts";
import type { Invoice } from "./invoices.ts";
import { formatAmount } from "./money.ts";
import { type PdfDoc as Doc, PDF_MARGIN, printPdf } from "./printed-pdf-pdfkit.ts";

/** In points, on A4. */
const LEFT = PDF_MARGIN;
const RIGHT = 595.28 - PDF_MARGIN;
const WIDTH = RIGHT - LEFT;
const BOTTOM = 841.89 - PDF_MARGIN - 30;
const TEXT_SIZE = 9;
const ROW_GAP = 5;
const GREY = "#5a6270";

type Cells = readonly string[];

const COLUMNS = [
  { width: 156, align: "left" },
  { width: 112, align: "left" },
  { width: 80, align: "right" },
  { width: 52, align: "right" },
  { width: 32, align: "right" },
  { width: WIDTH - 432, align: "right" },
] as const;

/** Prints an invoice or note with PDFKit. */
export const invoicePdfPdfkit: InvoicePdf = (invoice, language) => {
  const { issuedAt, createdAt, number } = invoice;
  const title = `${TITLES[invoice.kind][language]} ${number ?? INVOICE_WORDS.draft[language]}`;
  const author = invoice.parties.issuer.name;
  return printPdf({ title, author, at: issuedAt ?? createdAt, language }, (doc) => {
    head(doc, invoice, language);
    lines(doc, invoice, language);
    totals(doc, invoice, language);
    payment(doc, invoice, language);
    foot(doc, invoice, language);
  });
};

const wordIn =
  (language: Language) =>
  (key: keyof typeof INVOICE_WORDS): string =>
    INVOICE_WORDS[key][language];

function head(doc: Doc, invoice: Invoice, language: Language): void {
  const { issuer } = invoice.parties;
  doc
    .font("bold")
    .fontSize(12)
    .text(issuer.name, LEFT, PDF_MARGIN, { width: WIDTH / 2 });
  small(doc).text(issuer.address, { width: WIDTH / 2 });
  if (issuer.taxId !== "")
    doc.text(`${INVOICE_WORDS.taxId[language]} ${issuer.taxId}`, { width: WIDTH / 2 });
  const belowIssuer = doc.y;
  const isDraft = invoice.number === null;
  doc
    .font("bold")
    .fontSize(20)
    .fillColor("black")
    .text(
      `${TITLES[invoice.kind][language]}${isDraft ? ` (${INVOICE_WORDS.draft[language]})` : ""}`,
      LEFT + WIDTH / 2,
      PDF_MARGIN - 5,
      { width: WIDTH / 2, align: "right" },
    );
  doc.fontSize(TEXT_SIZE);
  let y = doc.y + 4;
  for (const [name = "", value = ""] of factsOf(invoice, language)) {
    doc
      .font("regular")
      .fillColor(GREY)
      .text(name, LEFT + WIDTH / 2, y, { width: 140, align: "right" });
    doc
      .fillColor("black")
      .text(value, LEFT + WIDTH / 2 + 145, y, { width: WIDTH / 2 - 145, align: "right" });
    y = doc.y + 2;
  }
  customer(doc, invoice, language, Math.max(belowIssuer, y, PDF_MARGIN + 70) + 14);
}

function factsOf(invoice: Invoice, language: Language): readonly (readonly string[])[] {
  const { number, issuedAt, dueOn, kind, month, correctsNumber, parties } = invoice;
  const w = wordIn(language);
  return [
    [w("number"), number ?? "–"],
    ...(issuedAt === null
      ? []
      : [[w("date"), dayAt(issuedAt.getTime(), parties.customer.timeZone)]]),
    ...(dueOn === null || kind === "credit-note" ? [] : [[w("dueOn"), dueOn]]),
    [w("month"), month],
    ...(correctsNumber === null ? [] : [[w("corrects"), correctsNumber]]),
  ];
}

function customer(doc: Doc, invoice: Invoice, language: Language, y: number): void {
  const { name, address, number, taxId } = invoice.parties.customer;
  const w = wordIn(language);
  small(doc).text(w("customer"), LEFT, y);
  doc.font("bold").fontSize(11).fillColor("black").text(name, { width: WIDTH });
  small(doc).fillColor("black");
  if (address !== null) doc.text(address, { width: WIDTH });
  doc.text(`${w("customerNumber")} ${number}`);
  if (taxId !== null) doc.text(`${w("taxId")} ${taxId}`);
  if (invoice.document.reason !== undefined)
    doc.text(`${w("reason")}: ${invoice.document.reason}`, { width: WIDTH });
  doc.y += 16;
}

const small = (doc: Doc): Doc => doc.font("regular").fontSize(TEXT_SIZE).fillColor(GREY);

function lines(doc: Doc, invoice: Invoice, language: Language): void {
  const titles = (["item", "period", "quantity", "net", "taxRate", "tax"] as const).map(
    (key) => INVOICE_WORDS[key][language],
  );
  const heading = (): void => {
    row(doc.font("bold").fontSize(TEXT_SIZE).fillColor("black"), titles);
    rule(doc);
    doc.font("regular");
  };
  heading();
  for (const line of invoice.document.lines) {
    const cells = cellsOf(line, invoice.currency, language);
    if (doc.y + heightOf(doc, cells) > BOTTOM) {
      doc.addPage();
      heading();
    }
    row(doc, cells);
  }
}

const cellsOf = (line: InvoiceLine, currency: string, language: Language): Cells => [
  describeLine(line, language),
  describePeriod(line),
  describeQuantity(line, language),
  formatAmount(currency, line.net),
  percentOf(line.taxBasisPoints),
  formatAmount(currency, line.tax),
];

const percentOf = (basisPoints: number): string => `${basisPoints / 100} %`;

const heightOf = (doc: Doc, cells: Cells): number =>
  Math.max(
    ...COLUMNS.map(({ width }, at) => doc.heightOfString(cells[at] ?? "", { width: width - 4 })),
  );

function row(doc: Doc, cells: Cells): void {
  const y = doc.y;
  const height = heightOf(doc, cells);
  let x = LEFT;
  for (const [at, { width, align }] of COLUMNS.entries()) {
    doc.text(cells[at] ?? "", align === "right" ? x + 4 : x, y, { width: width - 4, align });
    x += width;
  }
  doc.x = LEFT;
  doc.y = y + height + ROW_GAP;
}

function rule(doc: Doc): void {
  doc
    .moveTo(LEFT, doc.y - 2)
    .lineTo(RIGHT, doc.y - 2)
    .lineWidth(0.7)
    .strokeColor("#9aa3af")
    .stroke();
  doc.y += 3;
}

/** What is asked for, and how much tax of each rate is in it. */
function totals(doc: Doc, invoice: Invoice, language: Language): void {
  const amount = (minor: number): string => formatAmount(invoice.currency, minor);
  const rates = Map.groupBy(invoice.document.lines, ({ taxBasisPoints }) => taxBasisPoints);
  const taxes = [...rates]
    .sort(([a], [b]) => a - b)
    .map(([rate, of]) => [
      `${INVOICE_WORDS.taxAt[language]} ${percentOf(rate)}`,
      amount(of.reduce((sum, { tax }) => sum + tax, 0)),
    ]);
  const rows = [[INVOICE_WORDS.net[language], amount(invoice.net)], ...taxes];
  if (doc.y + rows.length * 16 + 40 > BOTTOM) doc.addPage();
  rule(doc);
  for (const [name = "", value = ""] of rows) sum(doc.font("regular").fontSize(10), name, value);
  doc.font("bold").fontSize(13);
  sum(doc, INVOICE_WORDS.total[language], `${amount(invoice.gross)} ${invoice.currency}`);
}

function sum(doc: Doc, name: string, value: string): void {
  const y = doc.y;
  doc.fillColor("black").text(name, LEFT + 160, y, { width: 170, align: "right" });
  doc.text(value, LEFT + 340, y, { width: WIDTH - 340, align: "right" });
  doc.y += 4;
}

function payment(doc: Doc, invoice: Invoice, language: Language): void {
  const { bank } = invoice.parties.issuer;
  if (bank === "" || invoice.kind === "credit-note" || invoice.number === null) return;
  if (doc.y + 50 > BOTTOM) doc.addPage();
  const w = INVOICE_WORDS;
  small(doc).text(w.pay[language], LEFT, doc.y + 18, { width: WIDTH });
  doc.fillColor("black").text(bank, { width: WIDTH });
  doc.text(`${w.reference[language]} ${invoice.number}`, { width: WIDTH });
}

function foot(doc: Doc, invoice: Invoice, language: Language): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    doc.page.margins.bottom = 0; // else the line would begin another page
    const numbers =
      language === "en"
        ? `${INVOICE_WORDS.page.en} ${page + 1} / ${count}`
        : `${INVOICE_WORDS.page["zh-CN"]} ${page + 1} / ${count} 页`;
    small(doc)
      .fontSize(8)
      .text(invoice.parties.issuer.name, LEFT, BOTTOM + 15, {
        width: WIDTH - 90,
        lineBreak: false,
      });
    doc.text(`${invoice.number ?? ""}  ${numbers}`, RIGHT - 200, BOTTOM + 15, {
      ...{ width: 200, align: "right", lineBreak: false },
    });
  }
}
