import { ApiError } from "../api/client.ts";
import type { Speech } from "../i18n/language.tsx";

/** What went wrong with a change, for beside its button. */
export function faultText({ t }: Speech, error: unknown): string {
  if (!(error instanceof ApiError) || error.away) return t("error.away");
  if (error.status === 412) return t("error.stale");
  if (error.detail !== undefined) return t("error.refused", { detail: error.detail });
  return t("error.other", { status: error.status });
}
