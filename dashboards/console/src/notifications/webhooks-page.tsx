import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { type Shown, ShownOnce } from "../identity/shown-once.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { type Webhook, webhooksQuery } from "./notification-queries.ts";
import "./notifications.css";
import { SeverityMark } from "./severity.tsx";
import { WebhookDrawer } from "./webhook-drawer.tsx";

interface Told {
  readonly type: "success" | "warning" | "error";
  readonly text: string;
}

export function WebhooksPage() {
  const { t } = useSpeech();
  useTitle(t("webhooks.title"));
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const query = useQuery(webhooksQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("webhooks.title")}</h1>
        <span className="soft">{t("webhooks.detail")}</span>
        <span className="grow" />
        {may("webhooks:write") ? (
          <Button
            type="primary"
            onClick={() => {
              setMaking(true);
            }}
          >
            {t("webhooks.add")}
          </Button>
        ) : undefined}
      </div>
      <Loaded query={query} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("webhooks.empty")} detail={t("webhooks.empty.detail")} />
          ) : (
            <WebhookTable items={items} show={setShown} />
          )
        }
      </Loaded>
      {isMaking ? (
        <WebhookDrawer
          close={() => {
            setMaking(false);
          }}
          show={setShown}
        />
      ) : undefined}
      <ShownOnce
        title={t("webhooks.secret.title", { name: shown?.name ?? "" })}
        detail={t("webhooks.secret.detail")}
        shown={shown}
        close={() => {
          setShown(undefined);
        }}
      />
    </div>
  );
}

interface WebhookTableProps {
  readonly items: readonly Webhook[];
  readonly show: (shown: Shown) => void;
}

function WebhookTable({ items, show }: WebhookTableProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [told, setTold] = useState<Told>();
  const attempt = async (work: () => Promise<Told | undefined>): Promise<void> => {
    setTold(undefined);
    try {
      setTold(await work());
    } catch (error) {
      setTold({ type: "error", text: faultText(speech, error) });
    }
    await queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  };
  return (
    <>
      {told === undefined ? undefined : (
        <Alert
          type={told.type}
          showIcon
          title={told.text}
          className="form-fault"
          role={told.type === "success" ? "status" : "alert"}
        />
      )}
      <div className="card">
        <table className="row-table">
          <thead>
            <tr>
              <th>{t("webhooks.name")}</th>
              <th>{t("user.customer")}</th>
              <th>{t("prefs.severity")}</th>
              <th>{t("webhooks.state")}</th>
              <th aria-label={t("log.open")} />
            </tr>
          </thead>
          <tbody>
            {items.map((webhook) => (
              <WebhookRow key={webhook.id} of={webhook} attempt={attempt} show={show} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface WebhookRowProps {
  readonly of: Webhook;
  readonly attempt: (work: () => Promise<Told | undefined>) => Promise<void>;
  readonly show: (shown: Shown) => void;
}

function WebhookRow({ of, attempt, show }: WebhookRowProps) {
  const { t } = useSpeech();
  const may = useMay();
  return (
    <tr>
      <td className="wide">
        <span className="two-lines">
          <strong>{of.name}</strong>
          <span className="mono soft">{of.url}</span>
        </span>
      </td>
      <td data-label={t("user.customer")}>{of.customerId ?? t("user.operator")}</td>
      <td data-label={t("prefs.severity")}>
        <span className="scope-list">
          {of.severities.map((severity) => (
            <SeverityMark key={severity} of={severity} />
          ))}
        </span>
      </td>
      <td data-label={t("webhooks.state")} className="wide">
        <WebhookState of={of} />
      </td>
      <td>
        {may("webhooks:write") ? (
          <WebhookActions of={of} attempt={attempt} show={show} />
        ) : undefined}
      </td>
    </tr>
  );
}

function WebhookState({ of }: { readonly of: Webhook }) {
  const { t, format } = useSpeech();
  if (of.disabledAt !== null)
    return (
      <span className="delivery-state-dead">
        {t("webhooks.disabled", { why: of.disabledWhy ?? "" })}
      </span>
    );
  return of.failures > 0
    ? t("webhooks.failing", { count: format.number(of.failures) })
    : t("webhooks.working");
}

function WebhookActions({ of, attempt, show }: WebhookRowProps) {
  const { t } = useSpeech();
  const params = { path: { id: of.id } };
  const test = async (): Promise<Told> => {
    const { ok, detail } = await answerOf(api.POST("/api/webhooks/{id}/test", { params }));
    return ok
      ? { type: "success", text: t("webhooks.test.ok", { name: of.name }) }
      : { type: "warning", text: t("webhooks.test.failed", { name: of.name, detail }) };
  };
  const enable = async (): Promise<undefined> => {
    await answerOf(api.PATCH("/api/webhooks/{id}", { params, body: { disabled: false } }));
  };
  const rotate = async (): Promise<undefined> => {
    const made = await answerOf(api.POST("/api/webhooks/{id}/rotate", { params, body: {} }));
    show({ name: of.name, secret: made.secret });
  };
  const remove = async (): Promise<undefined> => {
    await doneOf(api.DELETE("/api/webhooks/{id}", { params }));
  };
  return (
    <span className="row-actions">
      {of.disabledAt === null ? (
        <Button size="small" onClick={() => void attempt(test)}>
          {t("webhooks.test")}
        </Button>
      ) : (
        <Button size="small" onClick={() => void attempt(enable)}>
          {t("webhooks.enable")}
        </Button>
      )}
      <Confirmed
        title={t("webhooks.rotate")}
        detail={t("webhooks.rotate.detail")}
        go={() => void attempt(rotate)}
      />
      <Confirmed
        danger
        title={t("webhooks.remove")}
        detail={t("webhooks.remove.detail")}
        go={() => void attempt(remove)}
      />
    </span>
  );
}

interface ConfirmedProps {
  readonly title: string;
  readonly detail: string;
  readonly danger?: boolean;
  readonly go: () => void;
}

function Confirmed({ title, detail, danger = false, go }: ConfirmedProps) {
  return (
    <Popconfirm
      title={title}
      description={<span className="confirm-text">{detail}</span>}
      okButtonProps={{ danger }}
      onConfirm={go}
    >
      <Button size="small" danger={danger}>
        {title}
      </Button>
    </Popconfirm>
  );
}
