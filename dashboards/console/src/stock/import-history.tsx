import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { importsQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { UndoImport } from "./undo-import.tsx";

export function ImportHistory() {
  const { t } = useSpeech();
  const query = useQuery(importsQuery);
  return (
    <section className="card table-card" aria-label={t("import.history")}>
      <h2>{t("import.history")}</h2>
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("import.history.empty")}</p>
          ) : (
            <table className="row-table">
              <thead>
                <tr>
                  <th scope="col">{t("import.file")}</th>
                  <th scope="col">{t("import.at")}</th>
                  <th scope="col">{t("import.by")}</th>
                  <th scope="col">{t("import.result")}</th>
                  <th scope="col" aria-label={t("import.actions")} />
                </tr>
              </thead>
              <tbody>
                {items.map((run) => (
                  <tr key={run.id}>
                    <td>
                      {run.fileName}{" "}
                      {run.dryRun ? <span className="tag">{t("import.trial")}</span> : undefined}
                    </td>
                    <td data-label={t("import.at")}>
                      <Age at={run.startedAt} />
                    </td>
                    <td data-label={t("import.by")}>{run.byName}</td>
                    <td data-label={t("import.result")}>
                      <Result run={run} />
                    </td>
                    <td>
                      <Links run={run} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </section>
  );
}

function Result({ run }: { readonly run: ImportRun }) {
  const { t, named, format } = useSpeech();
  const bad = format.number(run.bad);
  if (run.state === "failed") return <>{named("failure", run.failure ?? "internal")}</>;
  if (run.state !== "done") return <>{t(`importstate.${run.state}`)}</>;
  if (run.dryRun) return <>{t("import.result.trial", { bad })}</>;
  const count = format.number(run.added);
  return <>{t(run.bad > 0 ? "import.result.skipped" : "import.result.done", { count, bad })}</>;
}

function Links({ run }: { readonly run: ImportRun }) {
  const { t } = useSpeech();
  return (
    <span className="import-actions">
      {run.bad > 0 ? (
        <a href={`/api/imports/${run.id}/problems/export`} download>
          {t("import.problems.download")}
        </a>
      ) : undefined}
      {run.state === "done" && !run.dryRun ? (
        <>
          <Link to="/stock" search={{ importId: run.id }}>
            {t("import.show")}
          </Link>
          <UndoImport run={run} />
        </>
      ) : undefined}
    </span>
  );
}
