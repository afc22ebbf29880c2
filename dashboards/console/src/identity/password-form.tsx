import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { api, doneOf } from "../api/client.ts";
import { meQuery, sessionsQuery } from "../api/identity-queries.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "./fault-text.ts";

interface Given {
  readonly present: string;
  readonly next: string;
  readonly again: string;
}

export function PasswordForm() {
  const speech = useSpeech();
  const { t } = speech;
  const [form] = Form.useForm<Given>();
  const [fault, setFault] = useState<string>();
  const [isDone, setDone] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const send = async ({ present, next }: Given): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    setDone(false);
    try {
      await doneOf(api.POST("/api/me/password", { body: { present, next } }));
      form.resetFields();
      setDone(true);
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Given>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={isBusy}
      onFinish={(given) => void send(given)}
    >
      <PasswordFields />
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      {isDone ? (
        <Alert
          type="success"
          showIcon
          title={t("account.password.done")}
          className="form-fault"
          role="status"
        />
      ) : undefined}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {t("account.password.do")}
      </Button>
    </Form>
  );
}

function PasswordFields() {
  const { t } = useSpeech();
  const needed = { required: true, message: t("form.needed") };
  return (
    <>
      <Form.Item name="present" label={t("account.password.present")} rules={[needed]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="next"
        label={t("account.password.next")}
        extra={t("account.password.rule")}
        rules={[needed, { min: 12, message: t("account.password.short") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("account.password.again")}
        dependencies={["next"]}
        rules={[
          needed,
          (form) => ({
            validator: async (_rule, value: unknown) => {
              if (value !== undefined && value !== form.getFieldValue("next"))
                throw new Error(t("account.password.differs"));
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
