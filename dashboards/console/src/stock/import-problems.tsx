import { useQuery } from "@tanstack/react-query";
import { importProblemsQuery } from "../api/stock-queries.ts";
import type { ImportProblem } from "../api/types.ts";
import { en } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";

/** In the user's language where we have the words for it, else as the API says it. */
function useReason(): (problem: ImportProblem) => string {
  const { named, language } = useSpeech();
  return ({ code, reason }) =>
    language !== "en" && `problem.${code}` in en ? named("problem", code) : reason;
}

export function ImportProblems({ id, title }: { readonly id: string; readonly title: string }) {
  const { t, format } = useSpeech();
  const query = useQuery(importProblemsQuery(id));
  const reasonOf = useReason();
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
                      <td>{reasonOf(problem)}</td>
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
