import { Alert, Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Role, User } from "../api/types.ts";
import { browsersTimeZone, LANGUAGES, type Language, useSpeech } from "../i18n/language.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { LANGUAGE_NAMES } from "./account-page.tsx";
import { faultText } from "./fault-text.ts";
import { useMay, useMe } from "./me.tsx";
import { mayHaveCustomer, needsCustomer, ROLE_NAMES, rolesFor } from "./role-names.ts";
import type { NewPassword } from "./shown-once.ts";
import { TIME_ZONES } from "./time-zones.ts";
import { UserAccess } from "./user-access.tsx";

interface UserDrawerProps {
  readonly user: User | "new";
  readonly close: () => void;
  readonly show: (shown: NewPassword) => void;
}

interface Given {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly customerId?: string;
  readonly language: Language;
  readonly timeZone: string;
  readonly reason?: string;
}

export function UserDrawer({ user, close, show }: UserDrawerProps) {
  const { t } = useSpeech();
  const me = useMe();
  const may = useMay();
  const isPhone = useIsPhone();
  const isSelf = user !== "new" && user.id === me.id;
  return (
    <Drawer
      open
      onClose={close}
      title={user === "new" ? t("users.add") : t("users.edit", { name: user.name })}
      size={isPhone ? "100%" : 460}
    >
      {isSelf ? <Alert type="info" showIcon title={t("users.self")} /> : undefined}
      <UserForm user={user} isSelf={isSelf} close={close} show={show} />
      {user !== "new" && !isSelf && may("users:write") ? (
        <UserAccess user={user} close={close} show={show} />
      ) : undefined}
    </Drawer>
  );
}

function useSave({ user, close, show }: UserDrawerProps, isSelf: boolean) {
  const speech = useSpeech();
  const me = useMe();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const save = async ({ reason, customerId, ...given }: Given): Promise<void> => {
    const customer = me.customerId ?? (mayHaveCustomer(given.role) ? customerId || null : null);
    const body = { ...given, customerId: customer, ...(reason ? { reason } : {}) };
    setBusy(true);
    setFault(undefined);
    try {
      if (user === "new") {
        const made = await answerOf(api.POST("/api/users", { body }));
        show({ name: made.user.name, password: made.password ?? "" });
      } else {
        const { role, customerId: _customer, ...own } = body;
        const headers = { "If-Match": `"${user.version}"` };
        const params = { path: { id: user.id } };
        await answerOf(
          api.PATCH("/api/users/{id}", { params, headers, body: isSelf ? own : body }),
        );
      }
      close();
      await queryClient.invalidateQueries({ queryKey: ["users"] });
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return { save, fault, isBusy };
}

function UserForm(props: UserDrawerProps & { readonly isSelf: boolean }) {
  const { user, isSelf } = props;
  const { t, language } = useSpeech();
  const me = useMe();
  const may = useMay();
  const { save, fault, isBusy } = useSave(props, isSelf);
  const [form] = Form.useForm<Given>();
  const first = user === "new" ? undefined : user;
  const role = Form.useWatch("role", form) ?? first?.role;
  const needed = { required: true, whitespace: true, message: t("form.needed") };
  return (
    <Form<Given>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={isBusy || !may("users:write")}
      initialValues={{
        email: first?.email,
        name: first?.name,
        role: first?.role ?? (me.customerId === null ? "operator" : "member"),
        customerId: first?.customerId ?? undefined,
        language: first?.language ?? language,
        timeZone: first?.timeZone ?? browsersTimeZone(),
      }}
      onFinish={(given) => void save(given)}
    >
      <Form.Item name="name" label={t("user.name")} rules={[needed]}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="email" label={t("user.email")} rules={[needed]}>
        <Input type="email" maxLength={254} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="role"
        label={t("user.role")}
        extra={role === undefined ? undefined : t(`role.${role}.does`)}
      >
        <Select
          disabled={isSelf}
          options={rolesFor(me.customerId).map((each) => ({
            value: each,
            label: t(ROLE_NAMES[each]),
          }))}
        />
      </Form.Item>
      {me.customerId === null && role !== undefined && mayHaveCustomer(role) ? (
        <Form.Item
          name="customerId"
          label={t("user.customer")}
          extra={t("user.customer.help")}
          rules={needsCustomer(role) ? [needed] : []}
        >
          <Input maxLength={64} disabled={isSelf} />
        </Form.Item>
      ) : undefined}
      <Form.Item name="language" label={t("user.language")}>
        <Select options={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))} />
      </Form.Item>
      <Form.Item name="timeZone" label={t("user.timezone")}>
        <Select showSearch options={TIME_ZONES} />
      </Form.Item>
      <Form.Item name="reason" label={t("form.reason")}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {t(user === "new" ? "users.add" : "form.save")}
      </Button>
    </Form>
  );
}
