import { Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { billingChanged, type Payment } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { OpenInvoiceChoice } from "./open-invoice-choice.tsx";

interface MatchDialogProps {
  readonly payment: Payment;
  readonly close: () => void;
}

/** Whose a payment is that nobody knew. */
export function MatchDialog({ payment, close }: MatchDialogProps) {
  const { w, t, format } = useBilling();
  const [customerId, setCustomerId] = useState<string | null>(null);
  const [invoiceId, setInvoiceId] = useState<string>();
  const doing = useDoing();
  const save = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      const params = { path: { id: payment.id } };
      const body = {
        customerId: customerId ?? "",
        ...(invoiceId === undefined ? {} : { invoiceId }),
      };
      await answerOf(api.POST("/api/billing/payments/{id}/match", { params, body }));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w("match")}
      okText={w("match")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: customerId === null }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <p>
        <strong>{format.money(payment.amount, payment.currency)}</strong> · {payment.reference} ·{" "}
        {payment.text}
      </p>
      <div className="form">
        <Field label={w("customer")} wide>
          <CustomerChoice
            value={customerId}
            onChange={(id) => {
              setCustomerId(id);
              setInvoiceId(undefined);
            }}
          />
        </Field>
        <OpenInvoiceChoice customerId={customerId} value={invoiceId} onChange={setInvoiceId} />
      </div>
      <Refusal error={doing.error} />
    </Modal>
  );
}
