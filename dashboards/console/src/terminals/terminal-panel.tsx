import "./terminals.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { ApiError } from "../api/client.ts";
import { terminalQuery } from "../api/queries.ts";
import type { Terminal } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Age } from "../parts/age.tsx";
import { BadTags } from "../parts/bad-tags.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph, Icon } from "../parts/icon.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";
import { History } from "./history.tsx";
import { Facts, LastPackets, Receptions, Values } from "./terminal-sections.tsx";
import { WINDOWS, type Window, windowText } from "./windows.ts";

/** A terminal's state, asked again when a packet of its own arrives. */
export function useTerminal(address: number) {
  const query = useQuery(terminalQuery(address));
  useLiveEvent(useLive(), "packet", (packet) => {
    if (packet.address === address) void query.refetch();
  });
  return query;
}

interface TerminalPanelProps {
  readonly address: number;
  readonly close: () => void;
}

/** A terminal in short, beside the map. */
export function TerminalPanel({ address, close }: TerminalPanelProps) {
  const { t } = useSpeech();
  const may = useMay();
  const query = useTerminal(address);
  return (
    <div className="terminal-panel">
      <button
        type="button"
        className="plain panel-close"
        aria-label={t("app.close")}
        onClick={close}
      >
        <Icon name="close" />
      </button>
      <OrMissing address={address} error={query.error}>
        <Loaded query={query} rows={10}>
          {(terminal) => (
            <>
              <TerminalHead terminal={terminal} isLinked />
              <Values terminal={terminal} />
              {may("gateways:read") ? <Receptions terminal={terminal} /> : undefined}
              <LastPackets terminal={terminal} />
              <HistorySection terminal={terminal} />
              <section className="section">
                <Facts terminal={terminal} />
              </section>
            </>
          )}
        </Loaded>
      </OrMissing>
    </div>
  );
}

interface OrMissingProps {
  readonly address: number | string;
  readonly error: unknown;
  readonly children: ReactNode;
}

export function OrMissing({ address, error, children }: OrMissingProps) {
  const { t } = useSpeech();
  if (!(error instanceof ApiError) || error.away || error.status === 429) return children;
  return (
    <Empty title={t("terminal.missing", { address })} detail={t("terminal.missing.detail")}>
      <Link to="/terminals">{t("nav.terminals")}</Link>
    </Empty>
  );
}

interface HeadProps {
  readonly terminal: Terminal;
  readonly isLinked?: boolean;
}

export function TerminalHead({ terminal, isLinked = false }: HeadProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  const { name, profile, receivedAt, address } = terminal;
  const state = freshnessOf(profile, receivedAt, useNow());
  return (
    <header className="terminal-head">
      <span className={`terminal-glyph glyph-${state}`}>
        <Glyph name={profiles.glyph(profile)} size={24} />
      </span>
      <div>
        <h1>{name}</h1>
        <p className="soft">
          {profiles.label(profile)} ·{" "}
          <span className={`state-${state}`}>{t(`state.${state}`)}</span>{" "}
          {receivedAt === null ? t("terminals.never") : <Age at={receivedAt} />}{" "}
          <BadTags count={terminal.badTags} address={address} />
        </p>
        {isLinked ? (
          <Link to="/terminals/$address" params={{ address: String(address) }}>
            {t("terminal.open")}
          </Link>
        ) : (
          <Link to="/" search={{ terminal: address }}>
            {t("terminal.onmap")}
          </Link>
        )}
      </div>
    </header>
  );
}

interface WindowChoiceProps {
  readonly window: Window;
  readonly choose: (window: Window) => void;
}

export function WindowChoice({ window, choose }: WindowChoiceProps) {
  const { t } = useSpeech();
  return (
    <Segmented
      size="small"
      aria-label={t("terminal.window")}
      value={window.name}
      options={WINDOWS.map((each) => ({ value: each.name, label: t(windowText(each)) }))}
      onChange={(name) => {
        choose(WINDOWS.find((each) => each.name === name) ?? WINDOWS[0]);
      }}
    />
  );
}

export function HistorySection({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useSpeech();
  const profile = useProfiles().find(terminal.profile);
  const [window, choose] = useState<Window>(WINDOWS[0]);
  return (
    <section className="section">
      <h2>
        {t("terminal.history")}
        <span className="end">
          <WindowChoice window={window} choose={choose} />
        </span>
      </h2>
      {profile ? <History terminal={terminal} profile={profile} window={window} /> : undefined}
    </section>
  );
}
