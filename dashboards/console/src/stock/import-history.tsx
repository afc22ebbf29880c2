import { useQuery } from "@tanstack/react-query";
import { importsQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import type { ImportKind } from "./import-kind.ts";
import { ImportResult } from "./import-result.tsx";
import { UndoImport } from "./undo-import.tsx";

interface KindProps {
  readonly kind: ImportKind;
}

export function ImportHistory({ kind }: KindProps) {
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
                      <ImportResult run={run} />
                    </td>
                    <td>
                      <Links kind={kind} run={run} />
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

function Links({ kind, run }: KindProps & { readonly run: ImportRun }) {
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
          {kind.link(run)}
          <UndoImport kind={kind} run={run} />
        </>
      ) : undefined}
    </span>
  );
}
