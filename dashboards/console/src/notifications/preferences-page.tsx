import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { LANGUAGE_NAMES } from "../identity/account-page.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMe } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { minuteOfTime, timeOfMinute } from "./minutes.ts";
import {
  type MyPreferences,
  PERSON_CHANNELS,
  type PersonChannel,
  type Preferences,
  preferencesQuery,
  SEVERITIES,
} from "./notification-queries.ts";
import "./notifications.css";
import { PushCard } from "./push-card.tsx";
import { SeverityMark } from "./severity.tsx";

export function PreferencesPage() {
  const { t } = useSpeech();
  useTitle(t("prefs.title"));
  const query = useQuery(preferencesQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("prefs.title")}</h1>
      </div>
      <div className="account-grid">
        <section className="card account-card">
          <h2>{t("prefs.how")}</h2>
          <p className="soft">{t("prefs.how.detail")}</p>
          <Loaded query={query} rows={8}>
            {(mine) => <PreferencesForm mine={mine} />}
          </Loaded>
        </section>
        <PushCard />
      </div>
    </div>
  );
}

const QUIET_AT_FIRST = { fromMinute: 22 * 60, toMinute: 7 * 60 };

function PreferencesForm({ mine }: { readonly mine: MyPreferences }) {
  const speech = useSpeech();
  const { t } = speech;
  const [given, setGiven] = useState<Preferences>(mine.preferences);
  const [phone, setPhone] = useState(mine.phone ?? "");
  const [told, setTold] = useState<{ readonly isFault: boolean; readonly text: string }>();
  const attempt = async (text: string, work: () => Promise<unknown>): Promise<void> => {
    setTold(undefined);
    try {
      await work();
      setTold({ isFault: false, text });
    } catch (error) {
      setTold({ isFault: true, text: faultText(speech, error) });
    }
  };
  const save = async (): Promise<void> => {
    const body = { preferences: given, phone: phone.trim() === "" ? null : phone };
    const headers = { "If-Match": `"${mine.version}"` };
    const saved = await answerOf(api.PUT("/api/me/notification-preferences", { body, headers }));
    queryClient.setQueryData(preferencesQuery.queryKey, saved);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void attempt(t("form.saved"), save);
  };
  return (
    <form className="ant-form-vertical" onSubmit={submit}>
      <ChannelGrid given={given} setGiven={setGiven} setUp={mine.setUp} />
      <Labelled text={t("prefs.phone")} help={t("prefs.phone.help")} id="phone">
        <Input
          id="phone"
          value={phone}
          maxLength={40}
          type="tel"
          autoComplete="tel"
          onChange={(event) => {
            setPhone(event.target.value);
          }}
        />
      </Labelled>
      <Choices given={given} setGiven={setGiven} />
      <Quiet given={given} setGiven={setGiven} />
      {told === undefined ? undefined : (
        <Alert
          type={told.isFault ? "error" : "success"}
          showIcon
          title={told.text}
          className="form-fault"
          role={told.isFault ? "alert" : "status"}
        />
      )}
      <div className="form-buttons">
        <Button type="primary" htmlType="submit">
          {t("form.save")}
        </Button>
        <Button
          onClick={() => {
            void attempt(t("prefs.test.done"), () =>
              answerOf(api.POST("/api/me/notification-preferences/test")),
            );
          }}
        >
          {t("prefs.test")}
        </Button>
      </div>
    </form>
  );
}

interface FormProps {
  readonly given: Preferences;
  readonly setGiven: (given: Preferences) => void;
}

function ChannelGrid({
  given,
  setGiven,
  setUp,
}: FormProps & { readonly setUp: readonly PersonChannel[] }) {
  const { t } = useSpeech();
  const turn = (severity: (typeof SEVERITIES)[number], channel: PersonChannel): void => {
    const before = given.channels[severity];
    const after = before.includes(channel)
      ? before.filter((each) => each !== channel)
      : [...before, channel];
    setGiven({ ...given, channels: { ...given.channels, [severity]: after } });
  };
  return (
    <table className="channel-grid">
      <thead>
        <tr>
          <th>{t("prefs.severity")}</th>
          {PERSON_CHANNELS.map((channel) => (
            <th key={channel}>
              {t(`channel.${channel}`)}
              {setUp.includes(channel) ? undefined : <small>{t("prefs.missing")}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SEVERITIES.map((severity) => (
          <tr key={severity}>
            <th>
              <SeverityMark of={severity} />
            </th>
            {PERSON_CHANNELS.map((channel) => (
              <td key={channel}>
                <Checkbox
                  aria-label={`${t(`severity.${severity}`)}, ${t(`channel.${channel}`)}`}
                  checked={given.channels[severity].includes(channel)}
                  onChange={() => {
                    turn(severity, channel);
                  }}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Choices({ given, setGiven }: FormProps) {
  const { t } = useSpeech();
  return (
    <>
      <Labelled text={t("prefs.fallback")} id="fallback">
        <Select<PersonChannel | "">
          id="fallback"
          className="full"
          value={given.fallback ?? ""}
          onChange={(value) => {
            setGiven({ ...given, fallback: value === "" ? null : value });
          }}
          options={[
            { value: "", label: t("prefs.fallback.none") },
            ...PERSON_CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) })),
          ]}
        />
      </Labelled>
      <Labelled text={t("prefs.language")} id="message-language">
        <Select<"en" | "zh-CN" | "">
          id="message-language"
          className="full"
          value={given.language ?? ""}
          onChange={(value) => {
            setGiven({ ...given, language: value === "" ? null : value });
          }}
          options={[
            { value: "", label: t("prefs.language.account") },
            ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
          ]}
        />
      </Labelled>
      <p className="field-row">
        <Checkbox
          checked={given.tellCleared}
          onChange={(event) => {
            setGiven({ ...given, tellCleared: event.target.checked });
          }}
        >
          {t("prefs.cleared")}
        </Checkbox>
      </p>
    </>
  );
}

function Quiet({ given, setGiven }: FormProps) {
  const { t } = useSpeech();
  const zone = useMe().user?.timeZone ?? "UTC";
  const { quiet } = given;
  const set = (name: "fromMinute" | "toMinute", text: string): void => {
    const minute = minuteOfTime(text);
    if (quiet !== null && minute !== undefined)
      setGiven({ ...given, quiet: { ...quiet, [name]: minute } });
  };
  return (
    <fieldset className="plain-set">
      <legend>{t("prefs.quiet")}</legend>
      <Checkbox
        checked={quiet !== null}
        onChange={(event) => {
          setGiven({ ...given, quiet: event.target.checked ? QUIET_AT_FIRST : null });
        }}
      >
        {t("prefs.quiet.on")}
      </Checkbox>
      {quiet === null ? undefined : (
        <p className="quiet-times">
          {(["from", "to"] as const).map((end) => (
            <label key={end}>
              {t(`prefs.quiet.${end}`)}{" "}
              <input
                type="time"
                required
                value={timeOfMinute(quiet[`${end}Minute`])}
                onChange={(event) => {
                  set(`${end}Minute`, event.target.value);
                }}
              />
            </label>
          ))}
          <span className="soft">{t("prefs.quiet.zone", { zone: zone.replaceAll("_", " ") })}</span>
        </p>
      )}
    </fieldset>
  );
}

interface LabelledProps {
  readonly text: string;
  readonly help?: string;
  readonly id: string;
  readonly children: React.ReactNode;
}

function Labelled({ text, help, id, children }: LabelledProps) {
  return (
    <div className="field-row">
      <label htmlFor={id}>{text}</label>
      {children}
      {help === undefined ? undefined : <span className="soft">{help}</span>}
    </div>
  );
}
