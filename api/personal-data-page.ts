import type { DataSection, PersonalData } from "../domain/customers/personal-data.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === null ? "" : JSON.stringify(value ?? "");

const escaped = (value: unknown): string =>
  textOf(value).replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** What is held about a customer, as a page that one can read and print. */
export const personalDataPage = (number: string, data: PersonalData): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Personal data of ${escaped(number)}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; color: #16202a }
table { border-collapse: collapse; margin: 0 0 24px } td, th { border: 1px solid #c8d0d8;
padding: 4px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere }
</style>
<h1>Personal data of customer ${escaped(number)}</h1>
<p>As held on ${escaped(new Date(data.takenAtMs).toISOString())}. Times are in UTC.</p>
${data.sections.map(sectionOf).join("\n")}
</html>
`;

function sectionOf({ name, columns, rows, truncated }: DataSection): string {
  const title = `<h2>${escaped(name)}</h2>`;
  if (rows.length === 0) return `${title}<p>Nothing is held.</p>`;
  const head = columns.map((column) => `<th>${escaped(column.replaceAll("_", " "))}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`)
    .join("\n");
  const more = truncated ? "<p>There is more than is shown here.</p>" : "";
  return `${title}<table><tr>${head}</tr>${body}</table>${more}`;
}
