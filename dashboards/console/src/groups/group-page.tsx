import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError } from "../api/client.ts";
import type { DeviceGroup } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { GroupCards } from "./group-cards.tsx";
import { groupQuery, outlookQuery } from "./group-queries.ts";
import { KeysLine } from "./keys-line.tsx";

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
  const outlook = useQuery(outlookQuery(id)).data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{name}</h1>
        <Link to="/stock" search={{ groupId: id }}>
          {t("groups.members.count", { count: format.number(members) })}
        </Link>
        {outlook === undefined ? undefined : <KeysLine outlook={outlook} />}
      </div>
      {note === "" ? undefined : <p className="soft">{note}</p>}
      <GroupCards group={group} />
    </div>
  );
}
