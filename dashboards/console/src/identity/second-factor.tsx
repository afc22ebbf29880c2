import { Alert, Button, Form, Input, QRCode } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { meQuery } from "../api/identity-queries.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "./fault-text.ts";

type Stage =
  | { readonly name: "rest" }
  | { readonly name: "scan"; readonly uri: string; readonly secret: string }
  | { readonly name: "codes"; readonly codes: readonly string[] }
  | { readonly name: "remove" };

const REST: Stage = { name: "rest" };

interface SecondFactorProps {
  readonly isOn: boolean;
  readonly codesLeft: number;
}

/** Off → scanned → a code shown → on, with recovery codes that are shown this once. */
export function SecondFactor({ isOn, codesLeft }: SecondFactorProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [stage, setStage] = useState<Stage>(REST);
  const [fault, setFault] = useState<string>();
  const attempt = async (work: () => Promise<Stage>): Promise<void> => {
    setFault(undefined);
    try {
      setStage(await work());
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const rest = (): void => {
    setStage(REST);
  };
  const begin = () =>
    attempt(async () => ({
      name: "scan",
      ...(await answerOf(api.POST("/api/me/second-factor"))),
    }));
  const confirm = (code: string) =>
    attempt(async () => {
      const body = { code: code.trim() };
      const answer = await answerOf(api.POST("/api/me/second-factor/confirm", { body }));
      return { name: "codes", codes: answer.recoveryCodes };
    });
  const remove = (password: string) =>
    attempt(async () => {
      await doneOf(api.POST("/api/me/second-factor/remove", { body: { password } }));
      return REST;
    });
  return (
    <div>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      {stage.name === "rest" ? (
        <>
          <p>{isOn ? t("account.factor.on", { count: codesLeft }) : t("account.factor.off")}</p>
          <p style={{ marginTop: 10 }}>
            {isOn ? (
              <Button
                danger
                onClick={() => {
                  setStage({ name: "remove" });
                }}
              >
                {t("account.factor.remove")}
              </Button>
            ) : (
              <Button type="primary" onClick={() => void begin()}>
                {t("account.factor.add")}
              </Button>
            )}
          </p>
        </>
      ) : undefined}
      {stage.name === "scan" ? (
        <Scan uri={stage.uri} secret={stage.secret} confirm={confirm} cancel={rest} />
      ) : undefined}
      {stage.name === "codes" ? <Codes codes={stage.codes} done={rest} /> : undefined}
      {stage.name === "remove" ? <Remove remove={remove} cancel={rest} /> : undefined}
    </div>
  );
}

interface ScanProps {
  readonly uri: string;
  readonly secret: string;
  readonly confirm: (code: string) => Promise<void>;
  readonly cancel: () => void;
}

function Scan({ uri, secret, confirm, cancel }: ScanProps) {
  const { t } = useSpeech();
  return (
    <div className="enrol">
      <QRCode value={uri} size={168} color="#000" bgColor="#fff" />
      <div className="enrol-steps">
        <p>{t("account.factor.scan")}</p>
        <p className="soft">
          {t("account.factor.key")}:{" "}
          <span className="mono">{secret.match(/.{1,4}/g)?.join(" ") ?? secret}</span>
        </p>
        <Form<{ code: string }>
          layout="vertical"
          requiredMark={false}
          style={{ marginTop: 12 }}
          onFinish={({ code }) => void confirm(code)}
        >
          <Form.Item
            name="code"
            label={t("account.factor.code")}
            rules={[{ required: true, message: t("form.needed") }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} autoFocus />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {t("account.factor.confirm")}
          </Button>{" "}
          <Button onClick={cancel}>{t("form.cancel")}</Button>
        </Form>
      </div>
    </div>
  );
}

function Codes({ codes, done }: { readonly codes: readonly string[]; readonly done: () => void }) {
  const { t } = useSpeech();
  return (
    <>
      <h3>{t("account.factor.codes")}</h3>
      <p>{t("account.factor.codes.detail")}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button onClick={() => void navigator.clipboard.writeText(codes.join("\n"))}>
        {t("account.copy")}
      </Button>{" "}
      <Button type="primary" onClick={done}>
        {t("form.done")}
      </Button>
    </>
  );
}

interface RemoveProps {
  readonly remove: (password: string) => Promise<void>;
  readonly cancel: () => void;
}

function Remove({ remove, cancel }: RemoveProps) {
  const { t } = useSpeech();
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => void remove(password)}
    >
      <Form.Item
        name="password"
        label={t("account.password.present")}
        extra={t("account.factor.remove.detail")}
        rules={[{ required: true, message: t("form.needed") }]}
      >
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Button danger htmlType="submit">
        {t("account.factor.remove")}
      </Button>{" "}
      <Button onClick={cancel}>{t("form.cancel")}</Button>
    </Form>
  );
}
