import { Alert, Button, Checkbox, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMe } from "../identity/me.tsx";
import type { Shown } from "../identity/shown-once.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { SEVERITIES, type Severity, webhooksQuery } from "./notification-queries.ts";

interface Given {
  readonly name: string;
  readonly url: string;
  readonly customerId?: string;
  readonly severities: Severity[];
}

interface WebhookDrawerProps {
  readonly close: () => void;
  readonly show: (shown: Shown) => void;
}

export function WebhookDrawer({ close, show }: WebhookDrawerProps) {
  const speech = useSpeech();
  const { t } = speech;
  const me = useMe();
  const isPhone = useIsPhone();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const add = async ({ customerId, ...given }: Given): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const body = { ...given, customerId: me.customerId ?? (customerId?.trim() || null) };
      const made = await answerOf(api.POST("/api/webhooks", { body }));
      close();
      show({ name: given.name, secret: made.secret });
      await queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open onClose={close} title={t("webhooks.add")} size={isPhone ? "100%" : 480}>
      <Form<Given>
        layout="vertical"
        requiredMark={false}
        disabled={isBusy}
        initialValues={{ severities: ["critical", "major"] }}
        onFinish={(given) => void add(given)}
      >
        <WebhookFields isOperator={me.customerId === null} />
        {fault === undefined ? undefined : (
          <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
        )}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("webhooks.add")}
        </Button>
      </Form>
    </Drawer>
  );
}

function WebhookFields({ isOperator }: { readonly isOperator: boolean }) {
  const { t } = useSpeech();
  const needed = { required: true, whitespace: true, message: t("form.needed") };
  return (
    <>
      <Form.Item name="name" label={t("webhooks.name")} rules={[needed]}>
        <Input maxLength={100} autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item
        name="url"
        label={t("webhooks.url")}
        rules={[needed]}
        extra={t("webhooks.url.help")}
      >
        <Input maxLength={2000} type="url" autoComplete="off" placeholder="https://" />
      </Form.Item>
      {isOperator ? (
        <Form.Item name="customerId" label={t("user.customer")} extra={t("user.customer.help")}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
      ) : undefined}
      <Form.Item
        name="severities"
        label={t("prefs.severity")}
        rules={[{ required: true, message: t("webhooks.severities.needed") }]}
      >
        <Checkbox.Group
          options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        />
      </Form.Item>
    </>
  );
}
