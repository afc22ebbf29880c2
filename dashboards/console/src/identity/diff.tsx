import { useSpeech } from "../i18n/language.tsx";

interface DiffProps {
  readonly before: unknown;
  readonly after: unknown;
}

const fieldsOf = (value: unknown): ReadonlyMap<string, string> =>
  new Map(
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, each]) => [name, textOf(each)])
      : value === null || value === undefined
        ? []
        : [["", textOf(value)]],
  );

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** Field by field, what it was and what it became; what stayed is left plain. */
export function Diff({ before, after }: DiffProps) {
  const { t } = useSpeech();
  const was = fieldsOf(before);
  const is = fieldsOf(after);
  const names = [...new Set([...was.keys(), ...is.keys()])];
  if (names.length === 0) return <p className="soft">{t("audit.nothing")}</p>;
  return (
    <table className="diff">
      <thead>
        <tr>
          <th>{t("audit.field")}</th>
          <th>{t("audit.before")}</th>
          <th>{t("audit.after")}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const isChanged = was.get(name) !== is.get(name);
          return (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td className={isChanged && was.has(name) ? "gone" : ""}>{was.get(name) ?? ""}</td>
              <td className={isChanged && is.has(name) ? "come" : ""}>{is.get(name) ?? ""}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
