import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Switch } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import type { CustomerPart } from "./contacts-card.tsx";
import { type Channel, type Consent, consentsQuery, customerChanged } from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

const CHANNELS: readonly Channel[] = ["email", "sms", "push", "phone", "post"];

/** By which ways the customer may be written to; never asked is no. */
export function ConsentsCard({ customer, mayChange }: CustomerPart) {
  const { t } = useSpeech();
  const query = useQuery(consentsQuery(customer.id));
  const [asked, setAsked] = useState<{ channel: Channel; granted: boolean }>();
  return (
    <section className="card">
      <h2>{t("customers.consents")}</h2>
      <Loaded query={query} rows={3}>
        {({ holding, history }) => (
          <>
            <ul className="rows">
              {CHANNELS.map((channel) => {
                const held = holding.find(
                  (one) => one.channel === channel && one.contactId === null,
                );
                return (
                  <li key={channel}>
                    <span className="consent-channel">{t(`customers.channel.${channel}`)}</span>
                    <Held held={held} />
                    <Switch
                      className="end"
                      size="small"
                      aria-label={t(`customers.channel.${channel}`)}
                      checked={held?.granted === true}
                      disabled={!mayChange}
                      onChange={(granted) => {
                        setAsked({ channel, granted });
                      }}
                    />
                  </li>
                );
              })}
            </ul>
            <History history={history} />
          </>
        )}
      </Loaded>
      {asked === undefined ? undefined : (
        <ConsentDialog
          customerId={customer.id}
          {...asked}
          onDone={() => {
            setAsked(undefined);
          }}
        />
      )}
    </section>
  );
}

function Held({ held }: { readonly held: Consent | undefined }) {
  const { t } = useSpeech();
  if (held === undefined)
    return <span className="soft cut">{t("customers.consents.unasked")}</span>;
  return (
    <span className="soft cut" title={held.source}>
      <Time at={held.at} /> · {held.source}
    </span>
  );
}

function History({ history }: { readonly history: readonly Consent[] }) {
  const { t } = useSpeech();
  if (history.length < 2) return undefined;
  return (
    <details className="consent-history">
      <summary className="soft">
        {t("customers.consents.history", { count: history.length })}
      </summary>
      <ol>
        {history.map((one) => (
          <li key={one.id}>
            <Time at={one.at} /> · {t(`customers.channel.${one.channel}`)} ·{" "}
            {t(one.granted ? "customers.consents.granted" : "customers.consents.withdrawn")} ·{" "}
            {one.source} · {one.byName}
          </li>
        ))}
      </ol>
    </details>
  );
}

interface ConsentDialogProps {
  readonly customerId: string;
  readonly channel: Channel;
  readonly granted: boolean;
  readonly onDone: () => void;
}

/** A consent without its source proves nothing: it is asked for each time. */
function ConsentDialog({ customerId, channel, granted, onDone }: ConsentDialogProps) {
  const { t } = useSpeech();
  const [source, setSource] = useState("");
  const doing = useDoing();
  const save = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await answerOf(
        api.POST("/api/customers/{id}/consents", {
          params: { path: { id: customerId } },
          body: { channel, granted, source },
        }),
      );
      await customerChanged(customerId);
    });
    if (isDone) onDone();
  };
  const way = t(`customers.channel.${channel}`);
  return (
    <Modal
      open
      title={t(granted ? "customers.consents.grant" : "customers.consents.withdraw", { way })}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: source.trim() === "" }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={onDone}
    >
      <div className="form">
        <Field
          label={t("customers.consents.source")}
          hint={t("customers.consents.source.hint")}
          wide
        >
          <Input
            autoFocus
            maxLength={200}
            value={source}
            onChange={(event) => {
              setSource(event.target.value);
            }}
            onPressEnter={() => void save()}
          />
        </Field>
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}
