import { Checkbox, Select } from "antd";
import { useId } from "react";
import { TerminalChoice } from "../assets/choices.tsx";
import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { LANGUAGE_NAMES } from "../identity/account-page.tsx";
import { minuteOfTime, timeOfMinute } from "./minutes.ts";
import {
  PERSON_CHANNELS,
  type PersonChannel,
  type Preferences,
  SEVERITIES,
} from "./notification-queries.ts";
import "./notifications.css";
import { SeverityMark } from "./severity.tsx";

const QUIET_AT_FIRST = { fromMinute: 22 * 60, toMinute: 7 * 60 };

interface PreferencesFieldsProps extends FormProps {
  /** Channels that the operator has set up. */
  readonly setUp: readonly PersonChannel[];
  /** By whose clock the quiet hours are. */
  readonly zone: string;
  /** What stands between the channels and the rest. */
  readonly children?: React.ReactNode;
}

/** By which channels somebody is told of what, and when not. */
export function PreferencesFields(props: PreferencesFieldsProps) {
  const { given, setGiven, setUp, zone, children } = props;
  return (
    <>
      <ChannelGrid given={given} setGiven={setGiven} setUp={setUp} />
      {children}
      <Display given={given} setGiven={setGiven} />
      <Choices given={given} setGiven={setGiven} />
      <Quiet given={given} setGiven={setGiven} zone={zone} />
    </>
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

function Display({ given, setGiven }: FormProps) {
  const { t } = useSpeech();
  const id = useId();
  const { display } = given;
  return (
    <Labelled text={t("prefs.display")} help={t("prefs.display.help")} id={id}>
      <TerminalChoice
        id={id}
        {...(typeof display === "number" ? { value: display } : {})}
        onChange={(address) => {
          setGiven({ ...given, display: address });
        }}
        onClear={() => {
          setGiven({ ...given, display: null });
        }}
      />
    </Labelled>
  );
}

function Choices({ given, setGiven }: FormProps) {
  const { t } = useSpeech();
  const id = useId(); // a page and a dialog over it may both have these fields
  return (
    <>
      <Labelled text={t("prefs.fallback")} id={`${id}-fallback`}>
        <Select<PersonChannel | "">
          id={`${id}-fallback`}
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
      <Labelled text={t("prefs.language")} id={`${id}-message-language`}>
        <Select<"en" | "zh-CN" | "">
          id={`${id}-message-language`}
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
      <p className="field-row">
        <Checkbox
          checked={given.tellDrills !== false}
          onChange={(event) => {
            setGiven({ ...given, tellDrills: event.target.checked });
          }}
        >
          {t("prefs.drills")}
        </Checkbox>
      </p>
    </>
  );
}

function Quiet({ given, setGiven, zone }: FormProps & { readonly zone: string }) {
  const { t } = useSpeech();
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

export function Labelled({ text, help, id, children }: LabelledProps) {
  return (
    <div className="field-row">
      <label htmlFor={id}>{text}</label>
      {children}
      {help === undefined ? undefined : <span className="soft">{help}</span>}
    </div>
  );
}
