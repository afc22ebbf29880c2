import { readFile } from "node:fs/promises";
import PDFDocument from "pdfkit";
import type { Language } from "../notifications/occasion.ts";

/** Latin and Chinese alike; of what is not used nothing is embedded. Read once: each has eight megabytes. */
const readFont = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../fonts/${name}.otf`, import.meta.resolve("@embedpdf/fonts-sc")));
let fonts: Promise<readonly [Uint8Array, Uint8Array]> | undefined;
const readFonts = (): Promise<readonly [Uint8Array, Uint8Array]> =>
  (fonts ??= Promise.all([readFont("NotoSansHans-Regular"), readFont("NotoSansHans-Bold")]));

/** On all four sides of each page, in points. */
export const PDF_MARGIN = 50;

export type PdfDoc = InstanceType<typeof PDFDocument>;

export interface PdfInfo {
  readonly title: string;
  readonly author?: string;
  /** Of what is printed and not of the printing: the same is then the same file. */
  readonly at: Date;
  readonly language: Language;
}

/** Pages of A4 with the fonts `regular` and `bold`, kept until all is drawn, so that each can be numbered. */
export async function printPdf(
  { title, author, at, language }: PdfInfo,
  draw: (doc: PdfDoc) => void | Promise<void>,
): Promise<Uint8Array> {
  const [regular, bold] = await readFonts();
  const doc = new PDFDocument({
    ...{ size: "A4", margin: PDF_MARGIN, bufferPages: true, font: "", lang: language },
    info: {
      Title: title,
      ...(author === undefined ? {} : { Author: author }),
      CreationDate: at,
    },
  });
  const chunks: Uint8Array[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  doc.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  doc.on("end", () => {
    resolve(undefined);
  });
  doc.on("error", reject);
  doc.registerFont("bold", bold).registerFont("regular", regular);
  await draw(doc);
  doc.end();
  await promise;
  return new Uint8Array(await new Blob(chunks.map((chunk) => new Uint8Array(chunk))).arrayBuffer());
}
