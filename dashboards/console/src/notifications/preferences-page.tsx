import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { lazy, Suspense, type SyntheticEvent, useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";
import { Loaded, Loading } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { type MyPreferences, type Preferences, preferencesQuery } from "./notification-queries.ts";
import "./notifications.css";
import { Labelled, PreferencesFields } from "./preferences-fields.tsx";
import { PushCard } from "./push-card.tsx";
import { useAttempt } from "./use-attempt.tsx";

// only a customer's people have these
const OfCustomer = lazy(async () => ({
  default: (await import("../portal/told-cards.tsx")).ToldCards,
}));

export function PreferencesPage() {
  const { t } = useSpeech();
  const { customerId } = useMe();
  const title = t(customerId === null ? "prefs.title" : "portal.preferences");
  useTitle(title);
  const query = useQuery(preferencesQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
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
        {customerId === null ? undefined : (
          <Suspense fallback={<Loading rows={4} />}>
            <OfCustomer customerId={customerId} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function PreferencesForm({ mine }: { readonly mine: MyPreferences }) {
  const { t } = useSpeech();
  const zone = useMe().user?.timeZone ?? "UTC";
  const [given, setGiven] = useState<Preferences>(mine.preferences);
  const [phone, setPhone] = useState(mine.phone ?? "");
  const { attempt, told } = useAttempt();
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
      <PreferencesFields given={given} setGiven={setGiven} setUp={mine.setUp} zone={zone}>
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
      </PreferencesFields>
      {told}
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
