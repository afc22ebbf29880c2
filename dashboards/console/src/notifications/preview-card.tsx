import { useQuery } from "@tanstack/react-query";
import { Checkbox, Select } from "antd";
import { useState } from "react";
import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { LANGUAGE_NAMES } from "../identity/account-page.tsx";
import { Loaded } from "../parts/states.tsx";
import { PREVIEW_KINDS, type PreviewAsked, previewQuery } from "./notification-queries.ts";

/** How a message reads, without sending one. */
export function PreviewCard() {
  const { t, language } = useSpeech();
  const [asked, setAsked] = useState<PreviewAsked>({ kind: "raised", language, drill: false });
  const query = useQuery(previewQuery(asked));
  return (
    <section className="card account-card preview-card">
      <h2>{t("preview.title")}</h2>
      <p className="soft">{t("preview.detail")}</p>
      <div className="preview-choices">
        <Select
          aria-label={t("log.about")}
          className="log-filter"
          value={asked.kind}
          onChange={(kind) => {
            setAsked({ ...asked, kind });
          }}
          options={PREVIEW_KINDS.map((value) => ({
            value,
            label: t(`alarms.transition.${value}`),
          }))}
        />
        <Select
          aria-label={t("prefs.language")}
          className="log-filter"
          value={asked.language}
          onChange={(value) => {
            setAsked({ ...asked, language: value });
          }}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
        <Checkbox
          checked={asked.drill}
          onChange={(event) => {
            setAsked({ ...asked, drill: event.target.checked });
          }}
        >
          {t("preview.drill")}
        </Checkbox>
      </div>
      <Loaded query={query} rows={4}>
        {({ subject, text, short }) => (
          <dl className="preview-texts" lang={asked.language}>
            <dt>{t("channel.email")}</dt>
            <dd>
              <strong>{subject}</strong>
              <pre>{text}</pre>
            </dd>
            <dt>
              {t("channel.sms")}, {t("channel.push")}
            </dt>
            <dd>
              <pre>{short}</pre>
            </dd>
          </dl>
        )}
      </Loaded>
    </section>
  );
}
