import { Checkbox, Form, Input } from "antd";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { FormDrawer } from "../identity/form-drawer.tsx";
import { useMe } from "../identity/me.tsx";
import type { Shown } from "../identity/shown-once.tsx";
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
  const { t } = useSpeech();
  const me = useMe();
  const add = async ({ customerId, ...given }: Given): Promise<void> => {
    const body = { ...given, customerId: me.customerId ?? (customerId?.trim() || null) };
    const made = await answerOf(api.POST("/api/webhooks", { body }));
    close();
    show({ name: given.name, secret: made.secret });
    await queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  };
  return (
    <FormDrawer<Given>
      title={t("webhooks.add")}
      initial={{ severities: ["critical", "major"] }}
      send={add}
      close={close}
    >
      <WebhookFields isOperator={me.customerId === null} />
    </FormDrawer>
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
          <CustomerChoice nobody={t("user.operator")} />
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
