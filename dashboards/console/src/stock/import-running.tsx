import { Progress } from "antd";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

/** How far an import is; reading is most of it, and what comes after has no count. */
export function ImportRunning({ run }: { readonly run: ImportRun }) {
  const { t, format } = useSpeech();
  const total = Math.max(run.linesTotal ?? 0, run.linesDone, 1);
  const percent = run.phase === "reading" ? Math.floor((run.linesDone / total) * 90) : 95;
  return (
    <>
      <p>{t(run.dryRun ? "import.checking" : "import.running")}</p>
      <Progress percent={percent} status="active" />
      <p className="soft">
        {t(`import.phase.${run.phase}`, {
          done: format.number(run.linesDone),
          total: format.number(total),
        })}
      </p>
    </>
  );
}
