import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { AlarmCase, AlarmCaseDetail } from "../api/types.ts";
import { ifMatch } from "../customers/customer-queries.ts";

export const CASE_KINDS: readonly AlarmCase["kind"][] = ["panic", "breakdown"];
export const CASE_STATES: readonly AlarmCase["state"][] = ["open", "closed"];

/** The steps that one can add; what opens a case is no step. */
export type CaseStepKind = Exclude<AlarmCaseDetail["entries"][number]["kind"], "opened">;
export const STEP_KINDS: readonly CaseStepKind[] = [
  "note",
  "caller",
  "helper",
  "arrived",
  "closed",
];

export interface CasesSearch {
  /** Without it: open. */
  readonly state?: "closed" | "all";
  readonly kind?: AlarmCase["kind"];
}

/** As many as the API gives at once. */
export const LIST_MAX = 500;
const FRESH_MS = 10_000;

export const casesQuery = ({ state, kind }: CasesSearch) =>
  queryOptions({
    queryKey: ["cases", state, kind],
    queryFn: ({ signal }) => {
      const wanted = state === "all" ? undefined : (state ?? ("open" as const));
      const query = { ...given({ state: wanted, kind }), limit: LIST_MAX };
      return answerOf(api.GET("/api/cases", { params: { query }, signal }));
    },
    refetchInterval: FRESH_MS,
  });

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ["case", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/cases/{id}", { params: { path: { id } }, signal })),
    refetchInterval: FRESH_MS,
  });

/** Somebody else's step since `version` was shown is a refusal. */
export async function addStep(
  { id, version }: Pick<AlarmCase, "id" | "version">,
  body: { readonly kind: CaseStepKind; readonly text: string },
): Promise<void> {
  const params = { path: { id } };
  const call = api.POST("/api/cases/{id}/entries", { params, body, headers: ifMatch(version) });
  try {
    queryClient.setQueryData(caseQuery(id).queryKey, await answerOf(call));
  } finally {
    await Promise.all(
      ["cases", "case"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
    );
  }
}
