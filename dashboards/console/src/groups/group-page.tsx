import "./groups.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { DeviceGroup } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { CalendarCard } from "./calendar-card.tsx";
import { groupQuery, outlookQuery, toldQuery } from "./group-queries.ts";
import { HistoryCard } from "./history-card.tsx";
import { KeysLine } from "./keys-line.tsx";
import { RollCard } from "./roll-card.tsx";
import { TellCard } from "./tell-card.tsx";

export function GroupPage() {
  const { t } = useSpeech();
  const id = Number(useParams({ from: "/groups/$id" }).id);
  const query = useQuery(groupQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={t("tell.missing")}>
          <Link to="/groups">{t("tell.all")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(group) => <Shown group={group} />}
    </Loaded>
  );
}

function Shown({ group }: { readonly group: DeviceGroup }) {
  const { t, format } = useSpeech();
  const { id, name, note, members } = group;
  useTitle(name);
  const outlook = useQuery(outlookQuery(id));
  const told = useQuery(toldQuery(id));
  useLiveEvent(useLive(), "group-command", (command) => {
    if (command.groupId !== id) return;
    void queryClient.invalidateQueries({ queryKey: ["group-commands", id] });
    void queryClient.invalidateQueries({ queryKey: ["group-command", command.id] });
    void queryClient.invalidateQueries({ queryKey: ["group-roll", command.id] });
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{name}</h1>
        <Link to="/stock" search={{ groupId: id }}>
          {t("groups.members.count", { count: format.number(members) })}
        </Link>
        {outlook.data === undefined ? undefined : <KeysLine outlook={outlook.data} />}
      </div>
      {note === "" ? undefined : <p className="soft">{note}</p>}
      <div className="card-columns group-columns">
        <div>
          <Loaded query={outlook} rows={5}>
            {(data) => <TellCard group={group} outlook={data} />}
          </Loaded>
          <Loaded query={outlook} rows={5}>
            {(data) => <CalendarCard group={group} outlook={data} />}
          </Loaded>
        </div>
        <div>
          <Loaded query={told} rows={6}>
            {({ items }) => <RollCard latest={items[0]} />}
          </Loaded>
          <Loaded query={told} rows={4}>
            {({ items }) => <HistoryCard items={items.slice(1)} />}
          </Loaded>
        </div>
      </div>
    </div>
  );
}
