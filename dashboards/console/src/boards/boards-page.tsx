import "../groups/groups.css";
import "./boards.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useEffect, useMemo } from "react";
import { queryClient } from "../api/queries.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { BOARDS, type Board } from "../groups/groups-search.ts";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { BoardGroups } from "./board-groups.tsx";
import { BoardList } from "./board-list.tsx";
import { BoardMap } from "./board-map.tsx";
import { type BoardCounts, boardDevicesQuery, boardQuery, countsOf } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import { type BoardsSearch, validBoardsSearch } from "./boards-search.ts";
import { ChosenGroup } from "./chosen-group.tsx";
import { ConditionChips } from "./condition-chips.tsx";

type Change = (next: BoardsSearch) => void;

/** Lights, sirens or billboards: where they stand, what they are in, and what a street of them is told. */
export function BoardsPage() {
  const { w } = useBoardWords();
  const search = useSearch({ from: "/boards" });
  const navigate = useNavigate();
  const { board = BOARDS[0] } = search;
  useTitle(w(`kind.${board}`));
  const change: Change = (next) =>
    void navigate({ to: "/boards", search: validBoardsSearch({ ...next }), replace: true });
  useLiveEvent(useLive(), "group-command", () => {
    const { queryKey } = boardQuery(board); // the devices are asked for by their own interval
    void queryClient.invalidateQueries({ queryKey, exact: true });
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("title")}</h1>
        <Segmented<Board>
          aria-label={w("kinds")}
          value={board}
          options={BOARDS.map((one) => ({ value: one, label: w(`kind.${one}`) }))}
          onChange={(next) => {
            change({ board: next });
          }}
        />
      </div>
      <Loaded query={useQuery(boardQuery(board))} rows={10}>
        {(counts) =>
          counts.devices === 0 ? (
            <Empty title={w("empty")} detail={w("empty.detail")}>
              <Link to="/stock" search={{ profile: board }}>
                {w("empty.link")}
              </Link>
            </Empty>
          ) : (
            <Shown key={board} board={board} counts={counts} search={search} change={change} />
          )
        }
      </Loaded>
    </div>
  );
}

interface ShownProps {
  readonly board: Board;
  readonly counts: BoardCounts;
  readonly search: BoardsSearch;
  readonly change: Change;
}

function Shown({ board, counts, search, change }: ShownProps) {
  const { w } = useBoardWords();
  const { group, condition } = search;
  const { query, devices, isWhole } = useDevices(board, search);
  const shown = query.isPlaceholderData ? undefined : `${group} ${condition}`;
  return (
    <>
      <ConditionChips
        of={countsOf(counts, group)}
        kinds={counts.conditions.map((one) => one.condition)}
        condition={condition}
        choose={(next) => {
          change({ ...search, condition: next });
        }}
      />
      <div className="board-top">
        <BoardGroups
          board={board}
          counts={counts}
          group={group}
          choose={(next) => {
            change({ board, condition, group: next });
          }}
        />
        <section className="card board-map-card" aria-label={w("map")}>
          {isWhole || (query.isError && devices.length > 0) ? (
            <BoardMap board={board} devices={devices} shown={shown} />
          ) : (
            <p className="small-empty" role="status">
              {w(query.isError ? "map.failed" : "map.loading")}
            </p>
          )}
        </section>
      </div>
      {group === undefined ? (
        <p className="soft board-choose">{w(`choose.${board}`)}</p>
      ) : (
        <ChosenGroup
          id={group}
          leave={() => {
            change({ board, condition });
          }}
        />
      )}
      <Loaded query={query} rows={8}>
        {() =>
          devices.length === 0 ? (
            <Nothing board={board} search={search} change={change} />
          ) : (
            <BoardList
              board={board}
              devices={devices}
              footer={isWhole || query.isError ? <LoadMore query={query} /> : undefined}
            />
          )
        }
      </Loaded>
    </>
  );
}

type NothingProps = Pick<ShownProps, "board" | "search" | "change">;

/** In this condition, or in the group at all. */
function Nothing({ board, search: { group, condition }, change }: NothingProps) {
  const { w } = useBoardWords();
  if (condition === undefined) return <Empty title={w("none.group")} />;
  return (
    <Empty title={w("none")}>
      <Button
        onClick={() => {
          change({ board, group });
        }}
      >
        {w("clear")}
      </Button>
    </Empty>
  );
}

/** So many are fetched by themselves, a page after the other: 20,000, as many as a group may have. */
const PAGES_MAX = 10;

function useDevices(board: Board, { group, condition }: BoardsSearch) {
  const query = useInfiniteQuery(boardDevicesQuery(board, { group, condition }));
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const pages = data?.pages;
  const isWhole = pages !== undefined && (!hasNextPage || pages.length >= PAGES_MAX);
  useEffect(() => {
    if (pages !== undefined && !isWhole && !isFetching && !isError) void fetchNextPage();
  }, [pages, isWhole, isFetching, isError, fetchNextPage]);
  const devices = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  return { query, devices, isWhole };
}
