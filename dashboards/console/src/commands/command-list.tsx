import type { ReactNode } from "react";
import type { Command } from "../api/types.ts";
import { Age } from "../parts/age.tsx";
import { Glyph } from "../parts/icon.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { whoText } from "../parts/who.ts";
import { argumentTexts, ClassMark, commandName, StateMark } from "./command-marks.tsx";
import { useCommandWords } from "./command-words.ts";

const ROW_HEIGHT = 40;
const CARD_HEIGHT = 84;
const keyOf = ({ id }: Command): string => id;

interface CommandListProps {
  readonly rows: readonly Command[];
  readonly open: (command: Command) => void;
  readonly footer: ReactNode;
}

export function CommandList({ rows, open, footer }: CommandListProps) {
  const { w } = useCommandWords();
  const isPhone = useIsPhone();
  return (
    <div className="alarm-list card">
      <div className="command-row alarm-head" aria-hidden="true">
        <span>{w("column.command")}</span>
        <span>{w("column.terminal")}</span>
        <span>{w("column.state")}</span>
        <span>{w("column.who")}</span>
        <span>{w("column.when")}</span>
      </div>
      <VirtualList
        items={rows}
        rowHeight={isPhone ? CARD_HEIGHT : ROW_HEIGHT}
        label={w("list")}
        keyOf={keyOf}
        row={(command) => <CommandRow command={command} />}
        onOpen={open}
        pinned
        footer={footer}
      />
    </div>
  );
}

function CommandRow({ command }: { readonly command: Command }) {
  const words = useCommandWords();
  const profiles = useProfiles();
  const { terminalName, address, createdByName, approvedByName, safetyClass } = command;
  const given = argumentTexts(profiles, words, command).join(", ");
  const people = [createdByName, approvedByName]
    .filter((name) => name !== null)
    .map((name) => whoText(words, name, name));
  return (
    <div className="command-row">
      <span className="cut command-what">
        <strong>{commandName(profiles, words, command)}</strong>{" "}
        <span className="soft">{given}</span> <ClassMark of={safetyClass} />
        {command.isDrill ? (
          <span className="tag tag-drill">{words.w("detail.drill")}</span>
        ) : undefined}
      </span>
      <span className="cut command-where">
        <Glyph name={profiles.glyph(command.profile)} size={16} /> {terminalName ?? address}
      </span>
      <span className="cut command-how">
        <StateMark of={command.state} />
      </span>
      <span className="cut soft command-who">{people.join(", ")}</span>
      <span className="soft command-when">
        <Age at={command.createdAt} />
      </span>
    </div>
  );
}
