import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { commandName, StateMark } from "../commands/command-marks.tsx";
import { useCommandWords } from "../commands/command-words.ts";
import { Time } from "../parts/age.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { whoText } from "../parts/who.ts";
import type { RecoveryDetail } from "./recovery-queries.ts";
import { type RecoveryWords, useWords } from "./recovery-words.ts";

interface Happened {
  readonly at: string;
  readonly key: string;
  readonly what: ReactNode;
  readonly who: string | null;
  readonly text: string;
}

/** Everything that was done and told, and who looked, the newest first. */
export function Timeline({ one }: { readonly one: RecoveryDetail }) {
  const words = useWords();
  const commands = useHappenedCommands(one);
  const happened = [...entriesOf(one, words), ...readingsOf(one, words), ...commands];
  return (
    <section className="card" aria-label={words.w("timeline")}>
      <h2>{words.w("timeline")}</h2>
      <ol className="steps">
        {happened
          .toSorted((a, b) => b.at.localeCompare(a.at))
          .map(({ at, key, what, who, text }) => (
            <li key={key}>
              <strong>{what}</strong>{" "}
              <span className="soft">
                <Time at={at} /> {who}
              </span>
              {text === "" ? undefined : <p className="lines">{text}</p>}
            </li>
          ))}
      </ol>
    </section>
  );
}

/** What these say stands in their title already. */
const TITLED: ReadonlySet<string> = new Set([
  ...["interval", "link-made", "link-revoked", "pack-made"],
]);

const entriesOf = ({ entries }: RecoveryDetail, words: RecoveryWords): readonly Happened[] =>
  entries.map(({ at, kind, who, whoName, text }, place) => ({
    at,
    key: `entry ${place}`, // append-only: an entry's place never changes
    what: words.w(`entry.${kind}`, { text }),
    who: whoText(words, who, whoName),
    text: TITLED.has(kind) ? "" : text,
  }));

const readingsOf = ({ links }: RecoveryDetail, { w }: RecoveryWords): readonly Happened[] =>
  links.flatMap(({ id, label, readings }) =>
    readings.map(({ ip, firstAt }) => ({
      ...{ at: firstAt, key: `reading ${id} ${ip} ${firstAt}`, who: null, text: "" },
      what: w("entry.reading", { label, ip }),
    })),
  );

function useHappenedCommands({ commands, address }: RecoveryDetail): readonly Happened[] {
  const { w } = useWords();
  const words = useCommandWords();
  const profiles = useProfiles();
  return commands.map((command) => ({
    ...{ at: command.createdAt, key: `command ${command.id}`, text: command.note },
    what: (
      <>
        <Link to="/commands" search={{ terminal: address, command: command.id }}>
          {w("entry.command", { name: commandName(profiles, words, command) })}
        </Link>{" "}
        <StateMark of={command.state} />
      </>
    ),
    who: [command.createdByName, command.approvedByName]
      .map((name) => whoText(words, name, name))
      .filter((name) => name !== null)
      .join(", "),
  }));
}
