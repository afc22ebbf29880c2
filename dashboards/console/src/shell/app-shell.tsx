import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Tooltip } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import { useLive, useLiveState } from "../api/use-live.tsx";
import type { TextKey } from "../i18n/en.ts";
import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { Icon, type IconName, Mark } from "../parts/icon.tsx";
import { useTheme } from "../theme/theme.tsx";
import { AwayBanner } from "./away-banner.tsx";
import { Page } from "./page.tsx";
import { Search } from "./search.tsx";
import { Shortcuts } from "./shortcuts.tsx";

const PLACES: readonly { to: string; icon: IconName; text: TextKey; keys: string }[] = [
  { to: "/", icon: "map", text: "nav.map", keys: "g m" },
  { to: "/terminals", icon: "terminals", text: "nav.terminals", keys: "g t" },
  { to: "/packets", icon: "packets", text: "nav.packets", keys: "g p" },
  { to: "/gateways", icon: "gateways", text: "nav.gateways", keys: "g g" },
];

/** The frame of every page: header, navigation, banner, and what the page puts into it. */
export function AppShell() {
  const { t } = useSpeech();
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
        <Places className="places" />
        <Search inputRef={search} />
        <LiveMark />
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <AwayBanner />
      <main id="content" className="content" tabIndex={-1}>
        <Page />
      </main>
      <Places className="places places-bottom" />
      <Shortcuts onSearch={focusSearch} />
    </div>
  );
}

function Places({ className }: { readonly className: string }) {
  const { t } = useSpeech();
  return (
    <nav className={className} aria-label={t("nav.label")}>
      {PLACES.map(({ to, icon, text, keys }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          title={keys}
        >
          <Icon name={icon} />
          <span>{t(text)}</span>
        </Link>
      ))}
    </nav>
  );
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

const SHORT = { en: "EN", "zh-CN": "中文" } as const;

function LanguageSwitch() {
  const { t, language, choose } = useSpeech();
  return (
    <div className="languages" role="group" aria-label={t("app.language")}>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => {
            choose(each);
          }}
        >
          {SHORT[each]}
        </button>
      ))}
    </div>
  );
}

function ThemeSwitch() {
  const { t } = useSpeech();
  const { name, choose } = useTheme();
  const other = name === "dark" ? "light" : "dark";
  const text = t(`app.theme.${other}`);
  return (
    <button
      type="button"
      className="plain"
      title={text}
      aria-label={text}
      onClick={() => {
        choose(other);
      }}
    >
      <Icon name={other === "dark" ? "moon" : "sun"} />
    </button>
  );
}

/** The page's name in the browser's tab, in the language of the moment. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} · Hopline`;
  }, [text]);
}
