import type { Field, Profile } from "../api/types.ts";
import type { RuleProblem } from "./rule-queries.ts";

type Marked = { readonly text: string; readonly isWrong: boolean };

/** A text in pieces, those at fault marked. What ends before it began, as at the end of the text, marks a character. */
export function marked(
  text: string,
  places: readonly Pick<RuleProblem, "start" | "end">[],
): readonly Marked[] {
  const wrong = new Set<number>();
  for (const { start, end } of places) {
    if (start === undefined) continue;
    const first = Math.min(start, Math.max(0, text.length - 1));
    const last = Math.max(first + 1, end ?? 0);
    for (let at = first; at < Math.min(last, text.length); at += 1) wrong.add(at);
  }
  const pieces: { text: string; isWrong: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const isWrong = wrong.has(at);
    const piece = pieces.at(-1);
    if (piece?.isWrong === isWrong) piece.text += text.charAt(at);
    else pieces.push({ text: text.charAt(at), isWrong });
  }
  return pieces;
}

/** Several device types say the same of the same text once. */
export function distinct(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  const seen = new Map<string, RuleProblem>();
  for (const problem of problems) {
    const { path, code, about, start } = problem;
    const key = JSON.stringify([path, code, about, start]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}

/** The fields that reports of each of these device types have: what a rule for all of them may name. */
export function commonFields(profiles: readonly Profile[]): readonly Field[] {
  const [first, ...others] = profiles.map(
    ({ reports }) =>
      new Map(reports.flatMap((report) => report.fields).map((field) => [field.name, field])),
  );
  if (first === undefined) return [];
  return [...first.values()].filter((field) =>
    others.every((fields) => fields.get(field.name)?.kind === field.kind),
  );
}

export const isNumeric = ({ kind }: Pick<Field, "kind">): boolean =>
  kind === "uint" || kind === "int";

/** Fields that no rule of thumb is about. */
const PLACES = new Set(["latitude", "longitude", "heading"]);

/** Conditions that can be taken as they are, made of the fields that there are. */
export function examplesOf(fields: readonly Field[]): readonly string[] {
  const number = fields.find((field) => isNumeric(field) && !PLACES.has(field.name));
  const flag = fields.find(({ kind }) => kind === "bool");
  const choice = fields.find(({ kind }) => kind === "enum");
  const [value] = choice?.values ?? [];
  return [
    ...(number ? [`${number.name} > 80.0`] : []),
    ...(flag ? [`${flag.name} == true && previous.${flag.name} == false`] : []),
    ...(choice && value !== undefined ? [`${choice.name} == "${value}"`] : []),
    ...(number ? [`${number.name} - previous.${number.name} > 20.0 && sinceS < 600.0`] : []),
    ...(number && flag ? [`${flag.name} == true || ${number.name} in [0.0, 100.0]`] : []),
  ];
}
