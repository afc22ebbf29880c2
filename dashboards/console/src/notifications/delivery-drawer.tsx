import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { whoText } from "../parts/who.ts";
import { useNow } from "../time/use-now.ts";
import { reasonText, titleOf } from "./delivery-row.tsx";
import { type Delivery, deliveryQuery } from "./notification-queries.ts";

const MICROS = 1_000_000;
const COST_DIGITS = 4;

interface DeliveryDrawerProps {
  readonly id: string;
  readonly close: () => void;
}

/** One message: what, to whom, every attempt, and for a dead letter the way to send it again. */
export function DeliveryDrawer({ id, close }: DeliveryDrawerProps) {
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  const query = useQuery(deliveryQuery(id));
  return (
    <Drawer open onClose={close} title={t("log.detail", { id })} size={isPhone ? "100%" : 520}>
      <Loaded query={query} rows={8}>
        {(found) => (
          <>
            <Facts of={found} />
            {found.state === "dead" ? <Replay id={id} /> : undefined}
            <h3 className="attempts-head">{t("log.attempts")}</h3>
            <Attempts history={found.history} />
          </>
        )}
      </Loaded>
    </Drawer>
  );
}

function Facts({ of }: { readonly of: Delivery }) {
  const speech = useSpeech();
  const { t, format, language } = speech;
  const now = useNow();
  const cost = format.decimal(of.costMicros / MICROS, COST_DIGITS);
  const rows: readonly (readonly [string, string])[] = [
    [t("log.about"), titleOf(of, language)],
    [
      t("log.recipient"),
      `${whoText(speech, of.recipientId, of.recipientName) ?? ""} ${of.channel === "push" ? "" : of.target}`,
    ],
    [t("log.channel"), t(`channel.${of.channel}`)],
    [t("log.state"), `${t(`delivery.${of.state}`)} ${reasonText(speech, of)}`],
    ...(of.state === "waiting" ? [[t("log.next"), format.time(of.nextAt, now)] as const] : []),
    ...(of.units > 0
      ? [[t("delivery.sent"), t("log.cost", { units: format.number(of.units), cost })] as const]
      : []),
  ];
  return (
    <>
      <dl className="facts-list">
        {rows.map(([name, value]) => [
          <dt key={`${name} name`}>{name}</dt>,
          <dd key={name}>{value}</dd>,
        ])}
      </dl>
      {of.fallbackOf === null ? undefined : <p className="soft">{t("log.fallback")}</p>}
    </>
  );
}

function Replay({ id }: { readonly id: string }) {
  const speech = useSpeech();
  const { t } = speech;
  const may = useMay();
  const [fault, setFault] = useState<string>();
  if (!may("notifications:write")) return undefined;
  const replay = async (): Promise<void> => {
    setFault(undefined);
    try {
      const params = { path: { id } };
      await answerOf(api.POST("/api/notifications/{id}/replay", { params }));
    } catch (error) {
      setFault(faultText(speech, error));
    }
    await queryClient.invalidateQueries({ queryKey: ["notification", id] });
    await queryClient.invalidateQueries({ queryKey: ["notifications"] });
  };
  return (
    <>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      <Button type="primary" onClick={() => void replay()}>
        {t("log.replay")}
      </Button>
    </>
  );
}

interface Attempt {
  readonly number: number;
  readonly at: string;
  readonly outcome: string;
  readonly detail: string;
}

function Attempts({ history }: { readonly history: readonly Attempt[] }) {
  const { t, format, named } = useSpeech();
  const now = useNow();
  if (history.length === 0) return <p className="soft">{t("log.attempts.none")}</p>;
  return (
    <ol className="attempts">
      {history.map(({ number, at, outcome, detail }) => (
        <li key={`${number} ${at}`}>
          <strong>{t("log.attempt", { number, outcome: named("log.outcome", outcome) })}</strong>{" "}
          <span className="soft">{format.time(at, now)}</span>
          <div className="mono">{detail}</div>
        </li>
      ))}
    </ol>
  );
}
