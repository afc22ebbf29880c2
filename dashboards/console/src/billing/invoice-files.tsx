import { useBilling } from "./billing-words.ts";

interface InvoiceFilesProps {
  readonly id: string;
  /** The customer's, which the PDF is in unless another is asked for. */
  readonly language: string;
}

export const fileOf = (id: string, ending: "pdf" | "csv"): string =>
  `/api/billing/invoices/${encodeURIComponent(id)}/${ending}`;

/** An invoice to print and for a spreadsheet. */
export function InvoiceFiles({ id, language }: InvoiceFilesProps) {
  const { w } = useBilling();
  const pdf = fileOf(id, "pdf");
  const other = language === "en" ? "zh-CN" : "en";
  return (
    <>
      <a href={pdf} target="_blank" rel="noreferrer">
        {w("file.pdf")}
      </a>
      <a href={`${pdf}?language=${other}`} target="_blank" rel="noreferrer">
        {w(`file.pdf.${other}`)}
      </a>
      <a href={fileOf(id, "csv")} download title={w("file.csv.about")}>
        {w("file.csv")}
      </a>
    </>
  );
}
