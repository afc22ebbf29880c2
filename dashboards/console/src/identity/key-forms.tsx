import { Alert, Checkbox, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Key, Scope } from "../api/types.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { nowMs } from "../time/clock.ts";
import { faultText } from "./fault-text.ts";
import { FormDrawer } from "./form-drawer.tsx";
import { useMe } from "./me.tsx";
import type { Shown } from "./shown-once.tsx";

const DAY_MS = 86_400_000;
const LIVES = [30, 90, 365] as const;
const OVERLAPS_S = [0, 3_600, 86_400, 604_800] as const;

interface KeyDrawerProps {
  readonly givable: readonly Scope[];
  readonly close: () => void;
  readonly show: (shown: Shown) => void;
}

interface Given {
  readonly name: string;
  readonly customerId?: string;
  readonly scopes: Scope[];
  readonly days: number;
  readonly reason?: string;
}

export function KeyDrawer({ givable, close, show }: KeyDrawerProps) {
  const { t } = useSpeech();
  const me = useMe();
  const make = async ({ name, customerId, scopes, days, reason }: Given): Promise<void> => {
    const expiresAt = days === 0 ? null : new Date(nowMs() + days * DAY_MS).toISOString();
    const body = {
      ...{ name, scopes, expiresAt },
      customerId: me.customerId ?? (customerId?.trim() || null),
      ...(reason ? { reason } : {}),
    };
    const made = await answerOf(api.POST("/api/keys", { body }));
    close();
    show({ name, secret: made.secret });
    await queryClient.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <FormDrawer<Given>
      title={t("keys.add")}
      initial={{ scopes: [], days: 365 }}
      send={make}
      close={close}
    >
      <KeyFields givable={givable} />
    </FormDrawer>
  );
}

/** What a new key is asked for. */
function KeyFields({ givable }: Pick<KeyDrawerProps, "givable">) {
  const { t, named } = useSpeech();
  const me = useMe();
  return (
    <>
      <Form.Item
        name="name"
        label={t("keys.name")}
        rules={[{ required: true, whitespace: true, message: t("form.needed") }]}
      >
        <Input maxLength={100} autoComplete="off" autoFocus />
      </Form.Item>
      {me.customerId === null ? (
        <Form.Item name="customerId" label={t("user.customer")} extra={t("user.customer.help")}>
          <CustomerChoice nobody={t("user.operator")} />
        </Form.Item>
      ) : undefined}
      <Form.Item
        name="scopes"
        label={t("keys.scopes")}
        rules={[{ required: true, message: t("keys.scopes.needed") }]}
      >
        <Checkbox.Group
          className="scope-boxes"
          options={givable.map((scope) => ({ value: scope, label: named("scope", scope) }))}
        />
      </Form.Item>
      <Form.Item name="days" label={t("keys.expires")}>
        <Select
          options={[
            ...LIVES.map((days) => ({ value: days, label: t(`keys.expires.${days}`) })),
            { value: 0, label: t("keys.expires.never") },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={t("form.reason")}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
    </>
  );
}

interface RotateModalProps {
  readonly keyOf: Key;
  readonly close: () => void;
  readonly show: (shown: Shown) => void;
}

export function RotateModal({ keyOf, close, show }: RotateModalProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [overlapS, setOverlapS] = useState<number>(86_400);
  const [fault, setFault] = useState<string>();
  const rotate = async (): Promise<void> => {
    setFault(undefined);
    try {
      const params = { path: { id: keyOf.id } };
      const made = await answerOf(
        api.POST("/api/keys/{id}/rotate", { params, body: { overlapS } }),
      );
      close();
      show({ name: keyOf.name, secret: made.secret });
      await queryClient.invalidateQueries({ queryKey: ["keys"] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <Modal
      open
      title={`${t("keys.rotate")}: ${keyOf.name}`}
      okText={t("keys.rotate")}
      onOk={() => void rotate()}
      onCancel={close}
    >
      <p>{t("keys.rotate.detail")}</p>
      <Select<number>
        value={overlapS}
        style={{ width: 200, marginTop: 10 }}
        aria-label={t("keys.rotate")}
        options={OVERLAPS_S.map((each) => ({ value: each, label: t(`keys.rotate.${each}`) }))}
        onChange={setOverlapS}
      />
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} role="alert" style={{ marginTop: 10 }} />
      )}
    </Modal>
  );
}
