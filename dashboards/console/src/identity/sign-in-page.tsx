import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { ApiError, answerOf, api } from "../api/client.ts";
import { demoCardsQuery } from "../api/identity-queries.ts";
import { configQuery, queryClient } from "../api/queries.ts";
import type { Role, User } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Mark } from "../parts/icon.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";
import { useTitle } from "../shell/use-title.ts";

interface Given {
  readonly email: string;
  readonly password: string;
  readonly code?: string;
}

/** Who was here before must leave nothing behind: everything is asked for again. */
function useSignedIn(): (user?: User) => void {
  const { choose } = useSpeech();
  return (user) => {
    if (user !== undefined) choose(user.language);
    void queryClient.resetQueries();
  };
}

export function SignInPage() {
  const { t } = useSpeech();
  useTitle(t("signin.title"));
  const config = useQuery(configQuery).data;
  return (
    <main id="content" className="sign-in">
      <div className="sign-in-top">
        <span className="brand">
          <Mark />
          <span>Hopline</span>
        </span>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <div className="sign-in-body">
        {config?.demo === true ? <DemoCards /> : undefined}
        <SignInForm />
      </div>
    </main>
  );
}

function SignInForm() {
  const { t } = useSpeech();
  const [asksCode, setAsksCode] = useState(false);
  const [fault, setFault] = useState<TextKey>();
  const [isBusy, setBusy] = useState(false);
  const signedIn = useSignedIn();
  const send = async ({ email, password, code }: Given): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const body = { email, password, ...(asksCode && code ? { code } : {}) };
      signedIn((await answerOf(api.POST("/api/sign-in", { body }))).user);
    } catch (error) {
      if (error instanceof ApiError && error.code === "second_factor_required") setAsksCode(true);
      else setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card sign-in-card">
      <h1>{t("signin.title")}</h1>
      <Form<Given>
        layout="vertical"
        requiredMark={false}
        onFinish={(given) => void send(given)}
        disabled={isBusy}
      >
        <Form.Item
          name="email"
          label={t("user.email")}
          rules={[{ required: true, message: t("form.needed") }]}
        >
          <Input type="email" autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("signin.password")}
          rules={[{ required: true, message: t("form.needed") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {asksCode ? (
          <Form.Item
            name="code"
            label={t("signin.code")}
            extra={t("signin.code.help")}
            rules={[{ required: true, message: t("form.needed") }]}
          >
            <Input autoFocus autoComplete="one-time-code" maxLength={40} />
          </Form.Item>
        ) : undefined}
        {fault === undefined ? undefined : (
          <Alert type="error" showIcon title={t(fault)} className="form-fault" role="alert" />
        )}
        <Button type="primary" htmlType="submit" block loading={isBusy}>
          {t("signin.do")}
        </Button>
      </Form>
      <p className="soft">{t("signin.help")}</p>
    </section>
  );
}

function faultOf(error: unknown): TextKey {
  if (!(error instanceof ApiError) || error.away) return "error.away";
  return error.status === 429 ? "signin.toomany" : "signin.failed";
}

function DemoCards() {
  const { t } = useSpeech();
  const cards = useQuery(demoCardsQuery).data?.items;
  const [chosen, setChosen] = useState<Role>();
  const [hasFailed, setFailed] = useState(false);
  const signedIn = useSignedIn();
  if (cards === undefined) return undefined;
  const enter = async (role: Role): Promise<void> => {
    setChosen(role);
    setFailed(false);
    try {
      await answerOf(api.POST("/api/demo/sign-in", { body: { role } }));
      signedIn(); // whoever looks around keeps the language that they look around in
    } catch {
      setFailed(true); // the button is there to be pressed again
    } finally {
      setChosen(undefined);
    }
  };
  return (
    <section className="demo-cards" aria-labelledby="demo-title">
      <h1 id="demo-title">{t("signin.demo")}</h1>
      <p className="soft">{t("signin.demo.detail")}</p>
      {hasFailed ? <Alert type="error" showIcon title={t("error.away")} /> : undefined}
      <div className="demo-grid">
        {cards.map(({ role, name, ofCustomer }) => (
          <button
            key={role}
            type="button"
            className="card demo-card"
            disabled={chosen !== undefined}
            onClick={() => void enter(role)}
          >
            <strong>{t(`role.${role}`)}</strong>
            <span>{t(`role.${role}.does`)}</span>
            <span className="soft">
              {name} · {t(ofCustomer ? "signin.ofcustomer" : "signin.ofoperator")}
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
