import "./packets.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { type PacketFilter, packetsQuery } from "../api/queries.ts";
import type { PacketSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Failure, Loaded, Loading } from "../parts/states.tsx";
import { type PacketsSearch, validPacketsSearch } from "../search.ts";
import { useTitle } from "../shell/app-shell.tsx";
import { useNow } from "../time/use-now.ts";
import { PacketBar } from "./packet-bar.tsx";
import { PacketDrawer } from "./packet-drawer.tsx";
import type { ChangeSearch } from "./packet-filters.tsx";
import { PacketList } from "./packet-list.tsx";
import { LIVE_ROWS_MAX } from "./packet-rows.ts";
import { absoluteFrom } from "./range.ts";
import { useLivePackets } from "./use-live-packets.ts";

const TimeRange = lazy(() =>
  import("./time-range.tsx").then((module) => ({ default: module.TimeRange })),
);
const MINUTE_MS = 60_000;

export function PacketsPage() {
  const { t } = useSpeech();
  useTitle(t("nav.packets"));
  const search = useSearch({ from: "/packets" });
  const navigate = useNavigate();
  const change = useCallback<ChangeSearch>(
    (next) =>
      void navigate({
        to: "/packets",
        search: validPacketsSearch({ ...search, ...next }),
        replace: true,
      }),
    [navigate, search],
  );
  const open = useCallback(
    (packet: PacketSummary | undefined) => {
      change({ packet: packet?.id });
    },
    [change],
  );
  const { verdict, terminal, gateway, type } = search;
  const filter = useMemo(
    () => ({ verdict, terminal, gateway, type }),
    [verdict, terminal, gateway, type],
  );
  return (
    <div className="packets-page">
      <h1 className="visually-hidden">{t("packets.title")}</h1>
      {search.mode === "past" ? (
        <Past search={search} filter={filter} change={change} open={open} />
      ) : (
        <Live search={search} filter={filter} change={change} open={open} />
      )}
      <PacketDrawer
        id={search.packet}
        close={() => {
          open(undefined);
        }}
      />
    </div>
  );
}

interface LogProps {
  readonly search: PacketsSearch;
  readonly change: ChangeSearch;
  readonly filter: PacketFilter;
  readonly open: (packet: PacketSummary) => void;
}

function Live({ search, filter, change, open }: LogProps) {
  const { t, format } = useSpeech();
  const [isPaused, setPaused] = useState(false);
  const { rows, waiting, query } = useLivePackets(filter, isPaused);
  const sinceMs = useNow() - MINUTE_MS;
  const rate = rows.findIndex(({ receivedAt }) => Date.parse(receivedAt) < sinceMs);
  const count = format.number(rate === -1 ? rows.length : rate);
  useSpace(() => {
    setPaused((old) => !old);
  });
  return (
    <>
      <PacketBar search={search} change={change}>
        <span className="grow" />
        <span className="soft rate">{t("packets.rate", { count })}</span>
        <Button
          type={isPaused ? "primary" : "default"}
          aria-pressed={isPaused}
          icon={<Icon name={isPaused ? "play" : "pause"} size={15} />}
          onClick={() => {
            setPaused(!isPaused);
          }}
        >
          {t(isPaused ? "packets.resume" : "packets.pause")}
          {waiting > 0 ? (
            <b className="waiting">{t("packets.waiting", { count: format.number(waiting) })}</b>
          ) : undefined}
        </Button>
      </PacketBar>
      <Rows rows={rows} query={query}>
        <Empty title={t("packets.empty.live")} detail={t("packets.empty.live.detail")} />
        <PacketList
          packets={rows}
          onOpen={open}
          pinned
          footer={
            rows.length >= LIVE_ROWS_MAX ? (
              <p className="more">
                {t("packets.bounded", { count: format.number(LIVE_ROWS_MAX) })}
              </p>
            ) : undefined
          }
        />
      </Rows>
    </>
  );
}

interface RowsProps {
  readonly rows: readonly PacketSummary[];
  readonly query: ReturnType<typeof useLivePackets>["query"];
  readonly children: readonly [empty: ReactNode, list: ReactNode];
}

function Rows({ rows, query, children }: RowsProps) {
  if (rows.length > 0) return children[1];
  if (query.isPending) return <Loading rows={12} />;
  if (query.error !== null)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  return children[0];
}

function Past({ search, filter, change, open }: LogProps) {
  const { t, format } = useSpeech();
  const { from, to } = search;
  const asked = useMemo(() => ({ ...filter, from: absoluteFrom(from), to }), [filter, from, to]);
  const query = useInfiniteQuery(packetsQuery(asked));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return (
    <>
      <PacketBar search={search} change={change}>
        <Suspense>
          <TimeRange search={search} change={change} />
        </Suspense>
        <span className="grow" />
        <span className="soft" role="status">
          {t("packets.rows", {
            count: format.number(rows.length) + (query.hasNextPage ? "+" : ""),
          })}
        </span>
      </PacketBar>
      <Loaded query={query} rows={12}>
        {() =>
          rows.length === 0 ? (
            <Empty title={t("packets.empty.past")} detail={t("packets.empty.past.detail")} />
          ) : (
            <PacketList packets={rows} onOpen={open} footer={<LoadMore query={query} />} />
          )
        }
      </Loaded>
    </>
  );
}

/** The space bar, where it does not press or type something else. */
function useSpace(pressed: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const isFree =
        target instanceof HTMLElement && target.closest("button, input, a, label") === null;
      if (event.key !== " " || !isFree) return;
      event.preventDefault();
      pressed();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  });
}
