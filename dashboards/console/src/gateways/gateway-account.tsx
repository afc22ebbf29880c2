import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Input, InputNumber, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { gatewaysQuery, queryClient } from "../api/queries.ts";
import { gatewayAccountQuery } from "../api/stock-queries.ts";
import type { GatewayAccount as Account, GatewaySecret } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { SecretText } from "../identity/secret-text.tsx";
import { Loaded } from "../parts/states.tsx";

interface GatewayAccountProps {
  /** undefined: a new one. */
  readonly id: string | undefined;
  readonly close: () => void;
}

/** What the operator keeps of a gateway: name, place, and the secret with which it comes in. */
export function GatewayAccount({ id: given, close }: GatewayAccountProps) {
  const { t } = useSpeech();
  const [made, setMade] = useState<string>();
  const id = given ?? made; // a new one stays open: its credentials come next
  return (
    <Drawer open title={id ?? t("gateway.new")} onClose={close} size={460}>
      {id === undefined ? (
        <AccountForm account={undefined} done={setMade} />
      ) : (
        <Known id={id} close={close} />
      )}
    </Drawer>
  );
}

function Known({ id, close }: { readonly id: string; readonly close: () => void }) {
  const query = useQuery(gatewayAccountQuery(id));
  return (
    <Loaded query={query} rows={6}>
      {(account) => (
        <>
          <AccountForm key={account.version} account={account} done={() => undefined} />
          <Secret account={account} />
          <Retirement account={account} close={close} />
        </>
      )}
    </Loaded>
  );
}

/** Runs a change, shows what went wrong, and brings what is shown up to date. */
function useAttempt() {
  const speech = useSpeech();
  const [fault, setFault] = useState<string>();
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setFault(undefined);
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: ["gateway-account"] });
      await queryClient.invalidateQueries({ queryKey: gatewaysQuery.queryKey });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const alert =
    fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />;
  return { attempt, alert };
}

const requestOf = ({ id, version }: Account) => ({
  params: { path: { id } },
  headers: { "If-Match": `"${version}"` },
});

interface AccountFormProps {
  readonly account: Account | undefined;
  readonly done: (id: string) => void;
}

function AccountForm({ account, done }: AccountFormProps) {
  const { t } = useSpeech();
  const { attempt, alert } = useAttempt();
  const [id, setId] = useState("");
  const [name, setName] = useState(account?.name ?? "");
  const [latitude, setLatitude] = useState(account?.latitude ?? null);
  const [longitude, setLongitude] = useState(account?.longitude ?? null);
  const body = { name: name.trim(), latitude, longitude };
  const save = (): Promise<void> =>
    attempt(async () => {
      if (account === undefined)
        await answerOf(api.POST("/api/gateways", { body: { id, ...body } }));
      else await answerOf(api.PATCH("/api/gateways/{id}", { ...requestOf(account), body }));
      done(account?.id ?? id);
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {account === undefined ? (
        <label className="form-field">
          {t("gateway.id")}
          <Input
            autoFocus
            value={id}
            maxLength={32}
            onChange={(event) => {
              setId(event.target.value.toLowerCase());
            }}
          />
          <span className="soft">{t("gateway.id.help")}</span>
        </label>
      ) : undefined}
      <label className="form-field">
        {t("gateway.name")}
        <Input
          value={name}
          maxLength={200}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <div className="place-fields">
        <label className="form-field">
          {t("gateway.latitude")}
          <InputNumber min={-90} max={90} value={latitude} onChange={setLatitude} />
        </label>
        <label className="form-field">
          {t("gateway.longitude")}
          <InputNumber min={-180} max={180} value={longitude} onChange={setLongitude} />
        </label>
      </div>
      {alert}
      <Button
        type="primary"
        htmlType="submit"
        disabled={body.name === "" || (account === undefined && !/^[a-z0-9-]{1,32}$/.test(id))}
      >
        {t("form.save")}
      </Button>
    </form>
  );
}

const settingsOf = ({ username, secret, brokerUrl }: GatewaySecret): string =>
  [
    `GATEWAY_ID=${username}`,
    `MQTT_URL=${brokerUrl}`,
    `MQTT_USERNAME=${username}`,
    `MQTT_PASSWORD=${secret}`,
    "MODEMS=serial:///dev/ttyUSB0?baud=921600",
  ].join("\n");

function Secret({ account }: { readonly account: Account }) {
  const { t, format } = useSpeech();
  const { attempt, alert } = useAttempt();
  const [settings, setSettings] = useState<string>();
  const { secretMadeAt } = account;
  const issue = (): Promise<void> =>
    attempt(async () => {
      const answer = await answerOf(
        api.POST("/api/gateways/{id}/secret", { ...requestOf(account), body: {} }),
      );
      setSettings(settingsOf(answer));
    });
  const revoke = (): Promise<void> =>
    attempt(async () => {
      setSettings(undefined);
      await answerOf(
        api.POST("/api/gateways/{id}/secret/revocation", { ...requestOf(account), body: {} }),
      );
    });
  return (
    <section className="gateway-secret" aria-label={t("gateway.secret")}>
      <h3>{t("gateway.secret")}</h3>
      <p className="soft">
        {secretMadeAt === null
          ? t("gateway.secret.none")
          : t("gateway.secret.since", { time: format.fullTime(secretMadeAt) })}
      </p>
      {settings === undefined ? undefined : (
        <div role="status">
          <p>{t("gateway.secret.once")}</p>
          <SecretText text={settings} />
        </div>
      )}
      {alert}
      <div className="gateway-secret-buttons">
        {secretMadeAt === null ? (
          <Button onClick={() => void issue()}>{t("gateway.secret.issue")}</Button>
        ) : (
          <>
            <Popconfirm
              title={t("gateway.secret.rotate")}
              description={t("gateway.secret.rotate.ask")}
              onConfirm={() => void issue()}
            >
              <Button>{t("gateway.secret.rotate")}</Button>
            </Popconfirm>
            <Popconfirm
              title={t("gateway.secret.revoke")}
              description={t("gateway.secret.revoke.ask")}
              okButtonProps={{ danger: true }}
              onConfirm={() => void revoke()}
            >
              <Button danger>{t("gateway.secret.revoke")}</Button>
            </Popconfirm>
          </>
        )}
      </div>
    </section>
  );
}

function Retirement({ account, close }: { readonly account: Account; readonly close: () => void }) {
  const { t } = useSpeech();
  const { attempt, alert } = useAttempt();
  const retire = (): Promise<void> =>
    attempt(async () => {
      await answerOf(
        api.POST("/api/gateways/{id}/retirement", { ...requestOf(account), body: {} }),
      );
      close();
    });
  return (
    <section className="gateway-secret">
      {alert}
      <Popconfirm
        title={t("gateway.retire")}
        description={t("gateway.retire.ask")}
        okButtonProps={{ danger: true }}
        onConfirm={() => void retire()}
      >
        <Button danger>{t("gateway.retire")}</Button>
      </Popconfirm>
    </section>
  );
}
