import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { configQuery, trackQuery } from "../api/queries.ts";
import type { Terminal } from "../api/types.ts";
import { AssignmentRibbon } from "../assets/timeline.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Loaded, Loading } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/app-shell.tsx";
import { nowMs } from "../time/clock.ts";
import { History } from "./history.tsx";
import { OrMissing, TerminalHead, useTerminal, WindowChoice } from "./terminal-panel.tsx";
import { Facts, LastPackets, Receptions, Values } from "./terminal-sections.tsx";
import { WINDOWS, type Window } from "./windows.ts";

const TrackMap = lazy(() =>
  import("../map/track-map.tsx").then((module) => ({ default: module.TrackMap })),
);

const CommandsCard = lazy(() =>
  import("../commands/commands-card.tsx").then((module) => ({ default: module.CommandsCard })),
);

const MarkStolen = lazy(() =>
  import("../recovery/mark-stolen.tsx").then((module) => ({ default: module.MarkStolen })),
);

const SimulatedCard = lazy(() =>
  import("./simulated-card.tsx").then((module) => ({ default: module.SimulatedCard })),
);

const ServiceProofCard = lazy(() =>
  import("../billing/service-proof-card.tsx").then((module) => ({
    default: module.ServiceProofCard,
  })),
);

const TerminalWhyNot = lazy(() =>
  import("../alerting-rules/why-not.tsx").then((module) => ({ default: module.TerminalWhyNot })),
);

export function TerminalPage() {
  const address = Number(useParams({ from: "/terminals/$address" }).address);
  const query = useTerminal(address);
  return (
    <OrMissing address={address} error={query.error}>
      <Loaded query={query} rows={12}>
        {(terminal) => <WholeTerminal key={address} terminal={terminal} />}
      </Loaded>
    </OrMissing>
  );
}

function WholeTerminal({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useSpeech();
  const may = useMay();
  const profile = useProfiles().find(terminal.profile);
  const [window, choose] = useState<Window>(WINDOWS[0]);
  useTitle(terminal.name);
  return (
    <div className="page terminal-page">
      <div className="page-head">
        <TerminalHead terminal={terminal} />
        <span className="grow" />
        {may("recovery:read") ? (
          <Suspense>
            <MarkStolen terminal={terminal} />
          </Suspense>
        ) : undefined}
      </div>
      <div className="terminal-columns">
        <div>
          <div className="card">
            <Values terminal={terminal} />
          </div>
          <Simulated address={terminal.address} />
          {may("commands:read") ? (
            <Suspense fallback={<Loading rows={2} />}>
              <CommandsCard terminal={terminal} />
            </Suspense>
          ) : undefined}
          {may("gateways:read") ? (
            <div className="card">
              <Receptions terminal={terminal} />
            </div>
          ) : undefined}
          <div className="card">
            <LastPackets terminal={terminal} />
          </div>
          <div className="card">
            <AssignmentRibbon address={terminal.address} />
          </div>
          <Suspense fallback={<Loading rows={4} />}>
            <ServiceProofCard address={terminal.address} />
          </Suspense>
          <WhyNot terminal={terminal} />
          <div className="card facts">
            <Facts terminal={terminal} />
          </div>
        </div>
        <div>
          <div className="window-choice">
            <h2>{t("terminal.history")}</h2>
            <WindowChoice window={window} choose={choose} />
          </div>
          <div className="card">
            <Track terminal={terminal} window={window} />
          </div>
          <div className="card">
            {profile ? (
              <History terminal={terminal} profile={profile} window={window} />
            ) : (
              <Loading />
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Where terminals are simulated, for those who would stand beside them. */
function Simulated({ address }: { readonly address: number }) {
  const isHere = useQuery(configQuery).data?.simulated === true;
  if (!useMay()("jobs:write") || !isHere) return undefined;
  return (
    <Suspense>
      <SimulatedCard address={address} />
    </Suspense>
  );
}

/** Why none of its rules has told of anything. */
function WhyNot({ terminal: { address, profile } }: { readonly terminal: Terminal }) {
  return useMay()("rules:read") ? (
    <div className="card">
      <Suspense fallback={<Loading rows={2} />}>
        <TerminalWhyNot terminal={address} profile={profile} />
      </Suspense>
    </div>
  ) : undefined;
}

function Track({ terminal, window }: { readonly terminal: Terminal; readonly window: Window }) {
  const { t } = useSpeech();
  const track = useQuery(trackQuery(terminal.address, window.ms, nowMs));
  const isFixed = terminal.positionSource === "installed";
  const isPlaced = terminal.latitude !== null && terminal.longitude !== null;
  return (
    <section className="section">
      <h2>
        {t(isFixed ? "terminal.place" : "terminal.track")}
        {isFixed ? undefined : (
          <Link
            className="end"
            to="/terminals/$address/replay"
            params={{ address: String(terminal.address) }}
          >
            {t("replay.open")}
          </Link>
        )}
      </h2>
      {isPlaced || (track.data?.points.length ?? 0) > 0 ? (
        <Suspense fallback={<Loading rows={5} />}>
          <TrackMap terminal={terminal} points={track.data?.points ?? []} />
        </Suspense>
      ) : (
        <p className="small-empty">{t("terminal.track.empty")}</p>
      )}
    </section>
  );
}
