import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ApiError } from "../api/client.ts";
import { GroupCards } from "../groups/group-cards.tsx";
import { groupQuery, outlookQuery } from "../groups/group-queries.ts";
import { KeysLine } from "../groups/keys-line.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useBoardWords } from "./board-words.ts";

interface ChosenGroupProps {
  readonly id: number;
  readonly leave: () => void;
}

/** The street or district that is chosen: what it may be told, its calendar, its roll call. */
export function ChosenGroup({ id, leave }: ChosenGroupProps) {
  const { w } = useBoardWords();
  const query = useQuery(groupQuery(id));
  const outlook = useQuery(outlookQuery(id)).data;
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <Empty title={w("group.missing")}>
        <Button onClick={leave}>{w("group.back")}</Button>
      </Empty>
    );
  return (
    <Loaded query={query} rows={8}>
      {(group) => (
        <>
          <div className="page-head board-chosen">
            <h2>{group.name}</h2>
            {outlook === undefined ? undefined : <KeysLine outlook={outlook} />}
            <Link to="/groups/$id" params={{ id: String(id) }}>
              {w("group.page")}
            </Link>
          </div>
          <GroupCards key={id} group={group} />
        </>
      )}
    </Loaded>
  );
}
