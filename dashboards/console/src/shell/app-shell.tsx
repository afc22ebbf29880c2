import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useRouterState } from "@tanstack/react-router";
import { Tooltip } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import { useLive, useLiveState } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Gate } from "../identity/gate.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { Mark } from "../parts/icon.tsx";
import { AwayBanner } from "./away-banner.tsx";
import { BottomBar, Sidebar, usePlaces } from "./navigation.tsx";
import { Page } from "./page.tsx";
import { Search } from "./search.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";
import { UserMenu } from "./user-menu.tsx";

export { useTitle } from "./use-title.ts";

/** Who is not signed in sees the gate; everybody else the frame of their pages. */
export function AppShell() {
  return (
    <Gate>
      <Frame />
    </Gate>
  );
}

/** A customer's people begin with their devices; a link to anything else leads there. */
function useLanding(): void {
  const navigate = useNavigate();
  const isHome = useRouterState({
    select: ({ location }) => location.pathname === "/" && location.searchStr === "",
  });
  const isLanding = useRef(useMe().customerId !== null && isHome);
  useEffect(() => {
    if (!isLanding.current) return;
    isLanding.current = false;
    void navigate({ to: "/devices", replace: true });
  }, [navigate]);
}

/** The frame of every page: header, navigation, banner, and what the page puts into it. */
function Frame() {
  const { t } = useSpeech();
  const may = useMay();
  useLanding();
  const search = useRef<HTMLInputElement>(null);
  const focusSearch = useCallback(() => {
    search.current?.focus();
    search.current?.select();
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <header className="header">
        <Link to="/" className="brand" aria-label="Hopline">
          <Mark />
          <span>Hopline</span>
        </Link>
        <DemoMark />
        {may("terminals:read") ? <Search inputRef={search} /> : <span className="no-search" />}
        {may("live:read") ? <LiveMark /> : undefined}
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu />
      </header>
      <AwayBanner />
      <Sidebar />
      <main id="content" className="content" tabIndex={-1}>
        <Content />
      </main>
      <BottomBar />
      <Shortcuts onSearch={focusSearch} />
    </div>
  );
}

/** The page, or at `/` the first one that somebody who may not see the map may see. */
function Content() {
  const may = useMay();
  const [first] = usePlaces();
  const isHome = useRouterState({ select: (state) => state.location.pathname === "/" });
  if (isHome && !may("positions:read") && first !== undefined)
    return <Navigate to={first.to} replace />;
  return <Page />;
}

function DemoMark() {
  const { t } = useSpeech();
  const config = useQuery(configQuery).data;
  if (config?.demo !== true) return undefined;
  return (
    <Tooltip title={t("app.demo.explained")}>
      <span className="demo">{t("app.demo")}</span>
    </Tooltip>
  );
}

function LiveMark() {
  const { t } = useSpeech();
  const state = useLiveState(useLive());
  return (
    <Tooltip title={t(`live.${state}.explained`)}>
      <span className={`live live-${state}`} role="status">
        <i />
        <span>{t(`live.${state}`)}</span>
      </span>
    </Tooltip>
  );
}
