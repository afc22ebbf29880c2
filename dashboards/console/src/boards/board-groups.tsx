import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import type { Board } from "../groups/groups-search.ts";
import { useIsPhone } from "../parts/use-is-phone.ts";
import type { BoardCounts, BoardGroup } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import { ConditionBar, TONES } from "./condition.tsx";

interface BoardGroupsProps {
  readonly board: Board;
  readonly counts: BoardCounts;
  readonly group: number | undefined;
  readonly choose: (group: number | undefined) => void;
}

/** Streets, districts: each with what its devices are in. */
export function BoardGroups(props: BoardGroupsProps) {
  const { board, counts } = props;
  const { w, format } = useBoardWords();
  const isPhone = useIsPhone();
  return (
    <section className="card board-groups" aria-label={w(`groups.${board}`)}>
      <h2>{w(`groups.${board}`)}</h2>
      {isPhone ? <GroupChoice {...props} /> : <GroupList {...props} />}
      <p className="small-empty">
        {counts.groups.length === 0 ? (
          <>
            {w("groups.none")} <Link to="/groups">{w("groups.manage")}</Link>
          </>
        ) : counts.ungrouped > 0 ? (
          w("ungrouped", { count: format.number(counts.ungrouped) })
        ) : undefined}
        {counts.moreGroups
          ? ` ${w("groups.more", { count: format.number(counts.groups.length) })}`
          : ""}
      </p>
    </section>
  );
}

const ALL = -1;

function GroupChoice({ board, counts, group, choose }: BoardGroupsProps) {
  const { w, format } = useBoardWords();
  return (
    <Select<number>
      className="board-choice"
      aria-label={w(`groups.${board}`)}
      showSearch={{ optionFilterProp: "label" }}
      value={group ?? ALL}
      options={[
        { value: ALL, label: w(`all.${board}`) },
        ...counts.groups.map(({ id, name, devices }) => ({
          value: id,
          label: `${name} · ${format.number(devices)}`,
        })),
      ]}
      onChange={(next) => {
        choose(next === ALL ? undefined : next);
      }}
    />
  );
}

function GroupList({ board, counts, group, choose }: BoardGroupsProps) {
  const { w } = useBoardWords();
  return (
    <ul>
      <GroupLine
        name={w(`all.${board}`)}
        of={counts}
        isChosen={group === undefined}
        choose={() => {
          choose(undefined);
        }}
      />
      {counts.groups.map((one) => (
        <GroupLine
          key={one.id}
          name={one.name}
          of={one}
          isChosen={group === one.id}
          choose={() => {
            choose(one.id);
          }}
        />
      ))}
    </ul>
  );
}

interface GroupLineProps {
  readonly name: string;
  readonly of: Pick<BoardGroup, "conditions" | "devices">;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function GroupLine({ name, of: { conditions, devices }, isChosen, choose }: GroupLineProps) {
  const { w, format } = useBoardWords();
  const told = conditions.filter(
    (one) => one.devices > 0 && ["alert", "silent"].includes(TONES[one.condition]),
  );
  return (
    <li>
      <button type="button" className="board-group" aria-pressed={isChosen} onClick={choose}>
        <span className="cut">{name}</span>
        <b>{format.number(devices)}</b>
        <ConditionBar conditions={conditions} />
        {told.length === 0 ? undefined : (
          <small className="soft">
            {told
              .map((one) => `${w(`condition.${one.condition}`)} ${format.number(one.devices)}`)
              .join(" · ")}
          </small>
        )}
      </button>
    </li>
  );
}
