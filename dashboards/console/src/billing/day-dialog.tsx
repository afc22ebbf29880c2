import { Input, Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useNow } from "../time/use-now.ts";
import { billingChanged, type Subscription } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

export type DayDeed = "pause" | "resume" | "end";

interface DayDialogProps {
  readonly deed: DayDeed;
  readonly subscription: Subscription;
  readonly close: () => void;
}

/** From which day on a subscription pauses, goes on, or is over. */
export function DayDialog({ deed, subscription, close }: DayDialogProps) {
  const { w, t } = useBilling();
  const [day, setDay] = useState(new Date(useNow()).toISOString().slice(0, 10));
  const doing = useDoing();
  const save = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await answerOf(
        api.POST("/api/billing/subscriptions/{id}/changes", {
          params: { path: { id: subscription.id } },
          headers: ifMatch(subscription.version),
          body: { kind: deed, day },
        }),
      );
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={`${w(`deed.${deed}`)}: ${subscription.terminalName ?? subscription.planCode}`}
      okText={w(`deed.${deed}`)}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: day === "", danger: deed === "end" }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <p className="soft">{w(`deed.${deed}.detail`)}</p>
      <Field label={w("subscription.day")}>
        <Input
          type="date"
          value={day}
          onChange={(event) => {
            setDay(event.target.value);
          }}
        />
      </Field>
      <Refusal error={doing.error} />
    </Modal>
  );
}
