import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { dayAfter } from "../time/local-day.ts";
import { billingChanged, type DunningDetail } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { isHeld } from "./dunning-marks.tsx";

const HOLD_DAYS = 14;

interface HoldDialogProps {
  readonly detail: DunningDetail;
  readonly today: string;
  readonly close: () => void;
}

/** For a dispute: until which day no further step is taken, or that it goes on now. */
export function HoldDialog({ detail, today, close }: HoldDialogProps) {
  const { w, t } = useBilling();
  const [until, setUntil] = useState(detail.heldUntil ?? dayAfter(today, HOLD_DAYS));
  const [reason, setReason] = useState("");
  const doing = useDoing();
  const isGood = reason.trim() !== "";
  const save = async (day: string | null): Promise<void> => {
    const isDone = await doing.run(async () => {
      const params = { path: { id: detail.customerId } };
      const body = { until: day, reason: reason.trim() };
      await answerOf(api.POST("/api/billing/dunning/{id}/hold", { params, body }));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w("dunning.hold")}
      okText={w("dunning.hold")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: !isGood || until <= today }}
      confirmLoading={doing.isBusy}
      onOk={() => void save(until)}
      onCancel={close}
    >
      <p className="soft">{w("dunning.hold.detail")}</p>
      <div className="form">
        <Field label={w("dunning.hold.until")} wide>
          <Input
            type="date"
            min={dayAfter(today, 1)}
            value={until}
            onChange={(event) => {
              setUntil(event.target.value);
            }}
          />
        </Field>
        <Field label={w("reason")} wide>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        {isHeld(detail, today) ? (
          <Button disabled={!isGood} onClick={() => void save(null)}>
            {w("dunning.hold.end")}
          </Button>
        ) : undefined}
      </div>
      <Refusal error={doing.error} />
    </Modal>
  );
}
