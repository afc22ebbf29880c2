import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import { useTheme } from "../theme/theme.tsx";

const SHORT = { en: "EN", "zh-CN": "中文" } as const;

export function LanguageSwitch() {
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

export function ThemeSwitch() {
  const { t } = useSpeech();
  const { name, choose } = useTheme();
  const other = name === "dark" ? "light" : "dark";
  const text = t(`app.theme.${other}`);
  return (
    <button
      type="button"
      className="plain theme-switch"
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
