import { useQuery } from "@tanstack/react-query";
import type { GroupCommand } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { outlookQuery } from "./group-queries.ts";
import { ToldState } from "./told-state.tsx";
import { useToldWords } from "./told-words.ts";

/** What the group was told before. */
export function HistoryCard({ items }: { readonly items: readonly GroupCommand[] }) {
  const { t } = useSpeech();
  const groupId = items[0]?.groupId ?? null;
  const outlook = useQuery({ ...outlookQuery(groupId ?? 0), enabled: groupId !== null });
  const words = useToldWords(outlook.data?.commands);
  if (items.length === 0) return undefined;
  return (
    <section className="card" aria-label={t("tell.history")}>
      <h2>{t("tell.history")}</h2>
      <ul className="told-list">
        {items.map((command) => (
          <li key={command.id}>
            <strong>{words.commandName(command.name)}</strong>{" "}
            <span>{words.argumentsOf(command.name, command.arguments)}</span>
            <p>
              <ToldState command={command} />{" "}
              <span className="soft">
                <Time at={command.createdAt} /> {t("tell.by", { name: command.createdByName })}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
