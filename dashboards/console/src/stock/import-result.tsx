import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

/** What came of an import, in a few words. */
export function ImportResult({ run }: { readonly run: ImportRun }) {
  const { t, named, format } = useSpeech();
  const [count, bad] = [format.number(run.added), format.number(run.bad)];
  if (run.state === "failed") return named("failure", run.failure ?? "internal");
  if (run.state !== "done") return t(`importstate.${run.state}`);
  if (run.dryRun) return t("import.result.trial", { bad });
  return t(run.bad > 0 ? "import.result.skipped" : "import.result.done", { count, bad });
}
