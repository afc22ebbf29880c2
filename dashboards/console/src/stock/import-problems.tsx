import { useQuery } from "@tanstack/react-query";
import { importProblemsQuery } from "../api/stock-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";
import { importReason } from "./import-reason.ts";

export function ImportProblems({ id, title }: { readonly id: string; readonly title: string }) {
  const speech = useSpeech();
  const { t, format } = speech;
  const query = useQuery(importProblemsQuery(id));
  return (
    <Loaded query={query} rows={4}>
      {({ items, nextCursor }) =>
        items.length === 0 ? undefined : (
          <section aria-label={title}>
            <div className="problem-table">
              <table className="terminal-table">
                <thead>
                  <tr>
                    <th scope="col">{t("import.line")}</th>
                    <th scope="col">{t("import.column")}</th>
                    <th scope="col">{t("import.reason")}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((problem) => (
                    <tr key={`${problem.line} ${problem.column}`}>
                      <td className="mono">{format.number(problem.line)}</td>
                      <td className="mono">
                        {problem.column === "" ? t("import.column.none") : problem.column}
                      </td>
                      <td>{importReason(speech, problem)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="soft">
              {nextCursor === null
                ? undefined
                : t("import.problems.first", { count: format.number(items.length) })}{" "}
              <a href={`/api/imports/${id}/problems/export`} download>
                {t("import.problems.download")}
              </a>
            </p>
          </section>
        )
      }
    </Loaded>
  );
}
