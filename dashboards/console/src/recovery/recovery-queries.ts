import { queryOptions } from "@tanstack/react-query";
import { answerOf, api, doneOf } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import type { Language } from "../i18n/language.tsx";

export type Recovery = Answer<"/api/recoveries">["items"][number];
export type RecoveryDetail = Answer<"/api/recoveries/{id}">;
export type RecoveryTrack = Answer<"/api/recoveries/{id}/track">;
export type TrackPoint = RecoveryTrack["points"][number];
export type RecoveryLink = RecoveryDetail["links"][number];

/** As many as the API gives at once. */
export const LIST_MAX = 500;
const FRESH_MS = 10_000;
/** The network finds a place some seconds after it has heard the vehicle. */
const TRACK_MS = 5_000;

/** Those that are not closed yet, the closed ones, or without a word all. */
export const recoveriesQuery = (open: boolean | undefined) =>
  queryOptions({
    queryKey: ["recoveries", open],
    queryFn: ({ signal }) => {
      const query = { ...given({ open }), limit: LIST_MAX };
      return answerOf(api.GET("/api/recoveries", { params: { query }, signal }));
    },
    refetchInterval: FRESH_MS,
  });

/** Those of one terminal that one may see, the newest first. */
export const recoveriesOfTerminalQuery = (terminal: number) =>
  queryOptions({
    queryKey: ["recoveries", "terminal", terminal],
    queryFn: ({ signal }) => {
      const query = { terminal, limit: 10 };
      return answerOf(api.GET("/api/recoveries", { params: { query }, signal }));
    },
  });

export const recoveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["recovery", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/recoveries/{id}", { params: { path: { id } }, signal })),
    refetchInterval: FRESH_MS,
  });

export const trackOfRecoveryQuery = ({ id, state }: Pick<Recovery, "id" | "state">) =>
  queryOptions({
    queryKey: ["recovery-track", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/recoveries/{id}/track", { params: { path: { id } }, signal })),
    refetchInterval: state === "closed" ? false : TRACK_MS,
  });

async function changed(): Promise<void> {
  const keys = ["recoveries", "recovery"];
  await Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}

/** Shows at once what a change has answered, and asks for what else it may have changed. */
async function taken(call: Promise<RecoveryDetail>): Promise<RecoveryDetail> {
  try {
    const found = await call;
    queryClient.setQueryData(recoveryQuery(found.id).queryKey, found);
    return found;
  } finally {
    await changed();
  }
}

export interface Marking {
  readonly terminal: number;
  readonly stolenAt?: string;
  readonly shortIntervalS: number;
  readonly note: string;
}

export const markStolen = (body: Marking): Promise<RecoveryDetail> =>
  taken(answerOf(api.POST("/api/recoveries", { body })));

export type RecoveryStepKind = "note" | "recovered" | "closed";

/** Somebody else's step since `version` was shown is a refusal. */
export const addStep = (
  { id, version }: Pick<Recovery, "id" | "version">,
  body: { readonly kind: RecoveryStepKind; readonly text: string },
): Promise<RecoveryDetail> => {
  const params = { path: { id } };
  const headers = ifMatch(version);
  return taken(answerOf(api.POST("/api/recoveries/{id}/entries", { params, body, headers })));
};

export const askInterval = (id: string): Promise<RecoveryDetail> =>
  taken(
    answerOf(api.POST("/api/recoveries/{id}/interval", { params: { path: { id } }, body: {} })),
  );

export async function makeLink(
  id: string,
  body: { readonly label: string; readonly hours: number },
): Promise<{ readonly url: string; readonly label: string }> {
  const params = { path: { id } };
  const made = await answerOf(api.POST("/api/recoveries/{id}/links", { params, body }));
  await changed();
  return { url: new URL(made.path, window.location.href).href, label: made.link.label };
}

export async function revokeLink(id: string, link: string): Promise<void> {
  const params = { path: { id, link } };
  await doneOf(api.POST("/api/recoveries/{id}/links/{link}/revoke", { params, body: {} }));
  await changed();
}

export async function makePack(id: string, language: Language): Promise<void> {
  const params = { path: { id } };
  await answerOf(api.POST("/api/recoveries/{id}/packs", { params, body: { language } }));
  await changed();
}
