import "./replay.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import type { Terminal, Trips } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { OrMissing, useTerminal } from "../terminals/terminal-panel.tsx";
import { nowMs } from "../time/clock.ts";
import { dayAfter, dayAt, isDay, rangeOfDay } from "../time/local-day.ts";
import { useMyZone } from "../time/use-my-zone.ts";
import { MomentCard } from "./moment-card.tsx";
import { Player } from "./player.tsx";
import { momentAt } from "./replay.ts";
import { ReplayMap } from "./replay-map.tsx";
import { StretchesCard } from "./stretches-card.tsx";

const FRESH_MS = 60_000;

const tripsQuery = (address: number, { fromMs, toMs }: { fromMs: number; toMs: number }) => ({
  queryKey: ["trips", address, fromMs],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const params = {
      path: { address },
      query: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
    };
    return answerOf(api.GET("/api/terminals/{address}/trips", { params, signal }));
  },
  refetchInterval: FRESH_MS,
});

/** A day of one terminal: where it was at each moment, and what nobody knows. */
export function ReplayPage() {
  const address = Number(useParams({ from: "/terminals/$address/replay" }).address);
  const query = useTerminal(address);
  return (
    <OrMissing address={address} error={query.error}>
      <Loaded query={query} rows={12}>
        {(terminal) => <Day key={address} terminal={terminal} />}
      </Loaded>
    </OrMissing>
  );
}

function Day({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useSpeech();
  const zone = useMyZone();
  const today = dayAt(nowMs(), zone);
  const { day = today } = useSearch({ from: "/terminals/$address/replay" });
  const query = useQuery(tripsQuery(terminal.address, rangeOfDay(day, zone)));
  useTitle(`${t("replay.title")}: ${terminal.name}`);
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {t("replay.title")}:{" "}
          <Link to="/terminals/$address" params={{ address: String(terminal.address) }}>
            {terminal.name}
          </Link>
        </h1>
        <span className="grow" />
        <DayChoice day={day} today={today} />
      </div>
      <Loaded query={query} rows={12}>
        {(trips) =>
          trips.fixes.length === 0 && trips.located.length === 0 ? (
            <Empty title={t("replay.empty")} detail={t("replay.empty.detail")} />
          ) : (
            <Replayed key={day} terminal={terminal} trips={trips} />
          )
        }
      </Loaded>
    </div>
  );
}

function DayChoice({ day, today }: { readonly day: string; readonly today: string }) {
  const { t } = useSpeech();
  const navigate = useNavigate({ from: "/terminals/$address/replay" });
  const go = (next: string): void => {
    if (isDay(next) && next <= today) void navigate({ search: { day: next }, replace: true });
  };
  return (
    <span className="replay-days">
      <Button
        aria-label={t("replay.day.before")}
        icon={<Icon name="left" size={15} />}
        onClick={() => {
          go(dayAfter(day, -1));
        }}
      />
      <input
        type="date"
        aria-label={t("replay.day")}
        value={day}
        max={today}
        required
        onChange={(event) => {
          go(event.target.value);
        }}
      />
      <Button
        aria-label={t("replay.day.after")}
        icon={<Icon name="right" size={15} />}
        disabled={day >= today}
        onClick={() => {
          go(dayAfter(day, 1));
        }}
      />
    </span>
  );
}

interface ReplayedProps {
  readonly terminal: Terminal;
  readonly trips: Trips;
}

function Replayed({ terminal, trips }: ReplayedProps) {
  const { t } = useSpeech();
  const [atMs, setAtMs] = useState(() =>
    Date.parse(trips.fixes[0]?.time ?? trips.located[0]?.time ?? trips.from),
  );
  const moment = momentAt(trips, atMs);
  return (
    <div className="replay-columns">
      <div className="card replay-stage">
        {trips.truncated ? <p className="small-empty">{t("replay.truncated")}</p> : undefined}
        <ReplayMap terminal={terminal} trips={trips} moment={moment} />
        <Player trips={trips} atMs={atMs} setAtMs={setAtMs} />
      </div>
      <div>
        <MomentCard moment={moment} atMs={atMs} />
        <StretchesCard trips={trips} atMs={atMs} setAtMs={setAtMs} />
      </div>
    </div>
  );
}
