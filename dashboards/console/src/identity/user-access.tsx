import { Alert, Button, Checkbox, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { User } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "./fault-text.ts";
import type { Shown } from "./shown-once.tsx";

interface UserAccessProps {
  readonly user: User;
  readonly close: () => void;
  readonly show: (shown: Shown) => void;
}

/** What is done to somebody's way in: each asks once more. */
export function UserAccess({ user, close, show }: UserAccessProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [fault, setFault] = useState<string>();
  const [reset, setReset] = useState({ password: true, secondFactor: false });
  const params = { path: { id: user.id } };
  const headers = { "If-Match": `"${user.version}"` };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setFault(undefined);
    try {
      await work();
      close();
      await queryClient.invalidateQueries({ queryKey: ["users"] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const doReset = () =>
    attempt(async () => {
      const answer = await answerOf(api.POST("/api/users/{id}/reset", { params, body: reset }));
      if (answer.password !== null)
        show({ name: user.name, secret: answer.password, role: user.role, email: user.email });
    });
  const doDisable = () =>
    attempt(() =>
      answerOf(
        api.PATCH("/api/users/{id}", { params, headers, body: { disabled: !user.disabled } }),
      ),
    );
  const doRemove = () =>
    attempt(() => doneOf(api.DELETE("/api/users/{id}", { params: { ...params }, headers })));
  const disable = t(user.disabled ? "users.enable" : "users.disable");
  return (
    <section className="user-access">
      <h3>{t("users.reset")}</h3>
      <p className="soft">{t("users.reset.detail")}</p>
      <ResetChoices of={user} reset={reset} setReset={setReset} />
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
      <div className="user-access-buttons">
        <Popconfirm
          title={t("users.reset")}
          description={t("users.reset.detail")}
          onConfirm={() => void doReset()}
        >
          <Button>{t("users.reset")}</Button>
        </Popconfirm>
        <Popconfirm
          title={disable}
          description={user.disabled ? undefined : t("users.disable.detail")}
          onConfirm={() => void doDisable()}
        >
          <Button danger={!user.disabled}>{disable}</Button>
        </Popconfirm>
        <Popconfirm
          title={t("users.remove")}
          description={<span className="confirm-text">{t("users.remove.detail")}</span>}
          okButtonProps={{ danger: true }}
          onConfirm={() => void doRemove()}
        >
          <Button danger>{t("users.remove")}</Button>
        </Popconfirm>
      </div>
    </section>
  );
}

interface Reset {
  readonly password: boolean;
  readonly secondFactor: boolean;
}

interface ResetChoicesProps {
  readonly of: User;
  readonly reset: Reset;
  readonly setReset: (reset: Reset) => void;
}

function ResetChoices({ of, reset, setReset }: ResetChoicesProps) {
  const { t } = useSpeech();
  return (
    <>
      <Checkbox
        checked={reset.password}
        onChange={(event) => {
          setReset({ ...reset, password: event.target.checked });
        }}
      >
        {t("users.reset.password")}
      </Checkbox>
      <Checkbox
        checked={reset.secondFactor}
        disabled={!of.secondFactor}
        onChange={(event) => {
          setReset({ ...reset, secondFactor: event.target.checked });
        }}
      >
        {t("users.reset.secondfactor")}
      </Checkbox>
    </>
  );
}
