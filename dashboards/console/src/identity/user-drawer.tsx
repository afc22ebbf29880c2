import { Alert, Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Role, User } from "../api/types.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { browsersTimeZone, LANGUAGES, type Language, useSpeech } from "../i18n/language.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { LANGUAGE_NAMES } from "./account-page.tsx";
import { faultText } from "./fault-text.ts";
import { useMay, useMe } from "./me.tsx";
import { mayHaveCustomer, needsCustomer, ROLE_NAMES, rolesFor } from "./role-names.ts";
import type { Shown } from "./shown-once.tsx";
import { TIME_ZONES } from "./time-zones.ts";
import { UserAccess } from "./user-access.tsx";

interface UserDrawerProps {
  readonly user: User | "new";
  readonly close: () => void;
  readonly show: (shown: Shown) => void;
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
        const { name, role, email } = made.user;
        show({ name, secret: made.password ?? "", role, email });
      } else {
        const headers = { "If-Match": `"${user.version}"` };
        const params = { path: { id: user.id } };
        // a field that is off gives no value: nobody's own role and customer are sent
        const { email, name, language, timeZone } = body;
        const own = { email, name, language, timeZone, ...(reason ? { reason } : {}) };
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

const firstOf = (user: User | "new"): User | undefined => (user === "new" ? undefined : user);

function UserForm(props: UserDrawerProps & { readonly isSelf: boolean }) {
  const { user, isSelf } = props;
  const { t, language } = useSpeech();
  const me = useMe();
  const may = useMay();
  const { save, fault, isBusy } = useSave(props, isSelf);
  const initial = firstOf(user) ?? {
    role: me.customerId === null ? ("operator" as const) : ("member" as const),
    language,
    timeZone: browsersTimeZone(),
  };
  return (
    <Form<Given>
      layout="vertical"
      requiredMark={false}
      disabled={isBusy || !may("users:write")}
      initialValues={{ ...initial }}
      onFinish={(given) => void save(given)}
    >
      <PersonFields isSelf={isSelf} />
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {t(user === "new" ? "users.add" : "form.save")}
      </Button>
    </Form>
  );
}

function PersonFields({ isSelf }: { readonly isSelf: boolean }) {
  const { t } = useSpeech();
  const needed = { required: true, whitespace: true, message: t("form.needed") };
  return (
    <>
      <Form.Item name="name" label={t("user.name")} rules={[needed]}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="email" label={t("user.email")} rules={[needed]}>
        <Input type="email" maxLength={254} autoComplete="off" />
      </Form.Item>
      <StandingFields isSelf={isSelf} />
      <Form.Item name="language" label={t("user.language")}>
        <Select options={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))} />
      </Form.Item>
      <Form.Item name="timeZone" label={t("user.timezone")}>
        <Select showSearch options={TIME_ZONES} />
      </Form.Item>
      <Form.Item name="reason" label={t("form.reason")}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
    </>
  );
}

/** Role, and where the role asks for one, the customer. */
function StandingFields({ isSelf }: { readonly isSelf: boolean }) {
  const { t } = useSpeech();
  const me = useMe();
  const role = Form.useWatch((given: Partial<Given>) => given.role);
  const needed = { required: true, whitespace: true, message: t("form.needed") };
  const asksCustomer = me.customerId === null && role !== undefined && mayHaveCustomer(role);
  return (
    <>
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
      {asksCustomer ? (
        <Form.Item
          name="customerId"
          label={t("user.customer")}
          extra={t("user.customer.help")}
          rules={needsCustomer(role) ? [needed] : []}
        >
          <CustomerChoice disabled={isSelf} nobody={t("user.operator")} />
        </Form.Item>
      ) : undefined}
    </>
  );
}
