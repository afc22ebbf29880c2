import { theme as antdTheme, ConfigProvider } from "antd";
import enUs from "antd/locale/en_US";
import zhCn from "antd/locale/zh_CN";
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { firstTheme, STORED_AS } from "./first-theme.ts";
import { PALETTES, type Palette, type ThemeName } from "./palette.ts";

interface Theme {
  readonly name: ThemeName;
  readonly palette: Palette;
  readonly choose: (name: ThemeName) => void;
}

const ThemeContext = createContext<Theme | undefined>(undefined);

const FONT =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

const antdThemeOf = (name: ThemeName, palette: Palette) => ({
  algorithm: name === "dark" ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
  token: {
    colorPrimary: palette.accent,
    colorInfo: palette.accent,
    colorSuccess: palette.fresh,
    colorWarning: palette.stale,
    colorError: palette.alert,
    colorBgBase: palette.surface,
    colorTextBase: palette.text,
    colorBgContainer: palette.surface,
    colorBgElevated: palette.surface,
    colorTextPlaceholder: palette.textSoft,
    colorBorder: palette.line,
    colorBorderSecondary: palette.line,
    fontFamily: FONT,
    fontSize: 14,
    borderRadius: 6,
    wireframe: false,
    motion: !CALM.matches,
  },
});

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const { language } = useSpeech();
  const [name, choose] = useState(firstTheme);
  const palette = PALETTES[name];
  useEffect(() => {
    window.localStorage.setItem(STORED_AS, name);
    document.documentElement.dataset["theme"] = name;
  }, [name]);
  const theme = useMemo(() => ({ name, palette, choose }), [name, palette]);
  const forAntd = useMemo(() => antdThemeOf(name, palette), [name, palette]);
  return (
    <ThemeContext value={theme}>
      <ConfigProvider
        locale={language === "zh-CN" ? zhCn : enUs}
        theme={forAntd}
        button={{ autoInsertSpace: false }}
      >
        {children}
      </ConfigProvider>
    </ThemeContext>
  );
}

export function useTheme(): Theme {
  const theme = use(ThemeContext);
  if (!theme) throw new Error("useTheme is called outside of ThemeProvider");
  return theme;
}
