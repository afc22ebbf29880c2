import "./commands.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Age } from "../parts/age.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { CommandDialog } from "./command-dialog.tsx";
import { commandName, StateMark } from "./command-marks.tsx";
import { lastCommandsQuery } from "./command-queries.ts";
import { useCommandWords } from "./command-words.ts";
import type { CommandTarget } from "./draft.ts";
import { useCommandSteps } from "./use-commands.ts";

interface CommandsCardProps {
  readonly terminal: CommandTarget;
  /** Where several stand on one page. */
  readonly isNamed?: boolean;
}

/** On a terminal's page and on that of what it is fixed to: its last commands, and the way to a new one. */
export function CommandsCard({ terminal, isNamed = false }: CommandsCardProps) {
  const words = useCommandWords();
  const { w } = words;
  const may = useMay();
  const profiles = useProfiles();
  const [isOpen, setOpen] = useState(false);
  const { address, profile, name } = terminal;
  const items = useQuery(lastCommandsQuery(address)).data?.items ?? [];
  useCommandSteps();
  const takesAny = (profiles.find(profile)?.commands.length ?? 0) > 0;
  if (!takesAny && items.length === 0) return undefined;
  return (
    <section className="card section" aria-label={w("title")}>
      <h2>
        {isNamed ? `${w("title")}: ${name}` : w("title")}
        <Link className="end" to="/commands" search={{ terminal: address }}>
          {w("more")}
        </Link>
      </h2>
      <ul className="last-commands">
        {items.map((command) => (
          <li key={command.id}>
            <Link to="/commands" search={{ terminal: address, command: command.id }}>
              {commandName(profiles, words, command)}
            </Link>
            <StateMark of={command.state} />
            <span className="soft">
              <Age at={command.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {takesAny && may("commands:send") ? (
        <div className="command-work">
          <Button
            type="primary"
            onClick={() => {
              setOpen(true);
            }}
          >
            {w("send.open")}
          </Button>
        </div>
      ) : undefined}
      {isOpen ? (
        <CommandDialog
          terminal={terminal}
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </section>
  );
}
