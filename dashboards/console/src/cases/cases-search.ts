import { CASE_KINDS, type CasesSearch } from "./case-queries.ts";

export function validCasesSearch(raw: Readonly<Record<string, unknown>>): CasesSearch {
  const kind = CASE_KINDS.find((each) => each === raw["kind"]);
  const state = raw["state"] === "closed" || raw["state"] === "all" ? raw["state"] : undefined;
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
  };
}
