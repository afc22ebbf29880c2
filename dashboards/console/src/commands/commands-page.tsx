import "../alarms/alarms.css";
import "./commands.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo } from "react";
import type { Command } from "../api/types.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { CommandDrawer } from "./command-drawer.tsx";
import { type ChangeCommands, CommandFilters } from "./command-filters.tsx";
import { CommandList } from "./command-list.tsx";
import { argumentTexts, ClassMark, commandName } from "./command-marks.tsx";
import { draftsQuery } from "./command-queries.ts";
import { approvableBy } from "./command-rows.ts";
import { useCommandWords } from "./command-words.ts";
import { validCommandsSearch } from "./commands-search.ts";
import { useCommands } from "./use-commands.ts";

/** What terminals were told: first what waits for whoever looks, then everything, live. */
export function CommandsPage() {
  const { w } = useCommandWords();
  useTitle(w("title"));
  const { command: openId, ...search } = useSearch({ from: "/commands" });
  const navigate = useNavigate();
  const change: ChangeCommands = (next) =>
    void navigate({
      to: "/commands",
      search: validCommandsSearch({ ...search, command: openId, ...next }),
      replace: true,
    });
  const { show, safetyClass, terminal, who } = search;
  const filter = useMemo(
    () => validCommandsSearch({ show, safetyClass, terminal, who }),
    [show, safetyClass, terminal, who],
  );
  const { query, rows } = useCommands(filter);
  const open = ({ id }: Command): void => {
    change({ command: id });
  };
  return (
    <div className="alarms-page">
      <div className="alarm-bar">
        <h1>{w("title")}</h1>
        <span className="grow" />
        <CommandFilters filter={filter} change={change} />
      </div>
      <Waiting open={open} />
      <Loaded query={query} rows={12}>
        {() =>
          rows.length === 0 ? (
            <Nothing isFiltered={Object.keys(filter).length > 0} change={change} />
          ) : (
            <CommandList rows={rows} open={open} footer={<LoadMore query={query} />} />
          )
        }
      </Loaded>
      {openId === undefined ? undefined : (
        <CommandDrawer
          id={openId}
          close={() => {
            change({ command: undefined });
          }}
        />
      )}
    </div>
  );
}

/** What nobody but somebody like me can let go. */
function Waiting({ open }: { readonly open: (command: Command) => void }) {
  const { w, format } = useCommandWords();
  const mayApprove = useMay()("commands:approve");
  const { id: myId } = useMe();
  const drafts = useQuery({ ...draftsQuery, enabled: mayApprove }).data?.items ?? [];
  const mine = approvableBy(drafts, myId);
  if (mine.length === 0) return undefined;
  return (
    <section className="card approvals" aria-label={w("waiting.title")}>
      <h2>
        {w("waiting.title")} <span className="soft">{format.number(mine.length)}</span>
      </h2>
      <ul>
        {mine.map((command) => (
          <WaitingOne key={command.id} command={command} open={open} />
        ))}
      </ul>
    </section>
  );
}

interface WaitingOneProps {
  readonly command: Command;
  readonly open: (command: Command) => void;
}

function WaitingOne({ command, open }: WaitingOneProps) {
  const words = useCommandWords();
  const { w, format } = words;
  const profiles = useProfiles();
  const given = argumentTexts(profiles, words, command).join(", ");
  const now = useNow();
  return (
    <li>
      <span className="approval-what">
        <strong>{commandName(profiles, words, command)}</strong> {given}{" "}
        <ClassMark of={command.safetyClass} />
        <span className="soft">
          {command.terminalName ?? command.address} ·{" "}
          {w("waiting.asked", { who: command.createdByName })} ·{" "}
          {w("waiting.until", { time: format.time(command.approveBy, now) })}
          {command.note === "" ? "" : ` · ${command.note}`}
        </span>
      </span>
      <Button
        type="primary"
        onClick={() => {
          open(command);
        }}
      >
        {w("waiting.look")}
      </Button>
    </li>
  );
}

interface NothingProps {
  readonly isFiltered: boolean;
  readonly change: ChangeCommands;
}

function Nothing({ isFiltered, change }: NothingProps) {
  const { w } = useCommandWords();
  if (!isFiltered) return <Empty title={w("empty")} detail={w("empty.detail")} />;
  return (
    <Empty title={w("none")} detail={w("none.detail")}>
      <Button
        onClick={() => {
          change({ show: undefined, safetyClass: undefined, terminal: undefined, who: undefined });
        }}
      >
        {w("filter.clear")}
      </Button>
    </Empty>
  );
}
