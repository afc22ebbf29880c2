import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { meQuery, sessionsQuery } from "../api/identity-queries.ts";
import { queryClient } from "../api/queries.ts";
import type { Session, User } from "../api/types.ts";
import { LANGUAGES, type Language, useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { faultText } from "./fault-text.ts";
import { useMe } from "./me.tsx";
import { PasswordForm } from "./password-form.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { TIME_ZONES } from "./time-zones.ts";

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  "zh-CN": "简体中文",
};

export function AccountPage() {
  const { t } = useSpeech();
  const me = useMe();
  useTitle(t("account.title"));
  const { user } = me;
  if (user === null) return undefined; // a key has no browser
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("account.title")}</h1>
        <span className="soft">
          {user.email} · {t(`role.${user.role}`)}
        </span>
      </div>
      <div className="account-grid">
        <div className="account-stack">
          <section className="card account-card">
            <h2>{t("account.profile")}</h2>
            <ProfileForm user={user} />
          </section>
          <section className="card account-card">
            <h2>{t("account.password")}</h2>
            {me.demo ? <p className="soft">{t("account.demo")}</p> : undefined}
            <PasswordForm />
          </section>
        </div>
        <div className="account-stack">
          <section className="card account-card">
            <h2>{t("account.factor")}</h2>
            <SecondFactor isOn={user.secondFactor} codesLeft={user.recoveryCodesLeft} />
          </section>
          <section className="card account-card">
            <h2>{t("account.sessions")}</h2>
            <Sessions />
          </section>
        </div>
      </div>
    </div>
  );
}

type Profile = Pick<User, "name" | "language" | "timeZone">;

function ProfileForm({ user }: { readonly user: User }) {
  const speech = useSpeech();
  const { t, choose } = speech;
  const [fault, setFault] = useState<string>();
  const [isDone, setDone] = useState(false);
  const save = async (body: Profile): Promise<void> => {
    setFault(undefined);
    setDone(false);
    try {
      const headers = { "If-Match": `"${user.version}"` };
      await answerOf(api.PATCH("/api/me", { body, headers }));
      choose(body.language);
      setDone(true);
    } catch (error) {
      setFault(faultText(speech, error));
    }
    await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  return (
    <Form<Profile>
      layout="vertical"
      requiredMark={false}
      initialValues={{ name: user.name, language: user.language, timeZone: user.timeZone }}
      onFinish={(given) => void save(given)}
    >
      <Form.Item
        name="name"
        label={t("user.name")}
        rules={[{ required: true, whitespace: true, message: t("form.needed") }]}
      >
        <Input maxLength={100} autoComplete="name" />
      </Form.Item>
      <Form.Item name="language" label={t("user.language")}>
        <Select
          options={LANGUAGES.map((language) => ({
            value: language,
            label: LANGUAGE_NAMES[language],
          }))}
        />
      </Form.Item>
      <Form.Item name="timeZone" label={t("user.timezone")}>
        <Select showSearch options={TIME_ZONES} />
      </Form.Item>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      {isDone ? (
        <Alert
          type="success"
          showIcon
          title={t("form.saved")}
          className="form-fault"
          role="status"
        />
      ) : undefined}
      <Button type="primary" htmlType="submit">
        {t("form.save")}
      </Button>
    </Form>
  );
}

function Sessions() {
  const query = useQuery(sessionsQuery);
  return (
    <Loaded query={query} rows={3}>
      {({ items }) => (
        <ul>
          {items.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function SessionRow({ session }: { readonly session: Session }) {
  const { t, format } = useSpeech();
  const now = useNow();
  const [isEnding, setEnding] = useState(false);
  const end = async (): Promise<void> => {
    setEnding(true);
    try {
      await doneOf(api.DELETE("/api/me/sessions/{id}", { params: { path: { id: session.id } } }));
    } finally {
      setEnding(false);
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    }
  };
  return (
    <li className="session">
      <div>
        <strong>{browserOf(session.userAgent)}</strong> <span className="soft">{session.ip}</span>
        <p className="soft">
          {t("account.sessions.since", { time: format.time(session.createdAt, now) })} ·{" "}
          {t("user.seen")} <Age at={session.lastSeenAt} />
        </p>
      </div>
      {session.current ? (
        <span className="tag">{t("account.sessions.this")}</span>
      ) : (
        <Button size="small" loading={isEnding} onClick={() => void end()}>
          {t("account.sessions.end")}
        </Button>
      )}
    </li>
  );
}

const BROWSERS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;
const SYSTEMS = ["Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux"] as const;

/** Two words that somebody recognises their browser by; the whole where there are none. */
function browserOf(userAgent: string): string {
  const browser = BROWSERS.find(([mark]) => userAgent.includes(mark))?.[1];
  const system = SYSTEMS.find((name) => userAgent.includes(name));
  const words = [browser, system].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(", ") : userAgent || "?";
}
