import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { type PushBrowsers, pushQuery } from "./notification-queries.ts";
import { canPush, presentEndpoint, signUp } from "./push.ts";

export function PushCard() {
  const { t } = useSpeech();
  const query = useQuery(pushQuery);
  return (
    <section className="card account-card">
      <h2>{t("push.title")}</h2>
      <p className="soft">{t("push.detail")}</p>
      <Loaded query={query} rows={2}>
        {(browsers) => <Browsers browsers={browsers} />}
      </Loaded>
    </section>
  );
}

function Browsers({ browsers }: { readonly browsers: PushBrowsers }) {
  const speech = useSpeech();
  const { t } = speech;
  const [present, setPresent] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    presentEndpoint().then(setPresent, () => {
      setPresent(undefined);
    });
  }, [browsers]);
  const change = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: pushQuery.queryKey });
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  const add = async (): Promise<void> => {
    const keys = await signUp(browsers.vapidPublicKey);
    if (typeof keys === "string") setFault(t(`push.${keys}`));
    else await answerOf(api.POST("/api/me/push-subscriptions", { body: keys }));
  };
  const remove = async (id: string): Promise<void> => {
    await doneOf(api.DELETE("/api/me/push-subscriptions/{id}", { params: { path: { id } } }));
  };
  const isHere = browsers.items.some(({ endpoint }) => endpoint === present);
  return (
    <>
      {browsers.items.length === 0 ? <p className="soft">{t("push.none")}</p> : undefined}
      <ul>
        {browsers.items.map(({ id, endpoint, userAgent, createdAt }) => (
          <li key={id} className="session">
            <div>
              <strong>{new URL(endpoint).host}</strong>{" "}
              {endpoint === present ? <span className="tag">{t("push.this")}</span> : undefined}
              <p className="soft cut">
                <Age at={createdAt} /> · {userAgent}
              </p>
            </div>
            <Button size="small" disabled={isBusy} onClick={() => void change(() => remove(id))}>
              {t("push.remove")}
            </Button>
          </li>
        ))}
      </ul>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      {isHere ? undefined : canPush() ? (
        <Button loading={isBusy} onClick={() => void change(add)}>
          {t("push.add")}
        </Button>
      ) : (
        <p className="soft">{t("push.unable")}</p>
      )}
    </>
  );
}
