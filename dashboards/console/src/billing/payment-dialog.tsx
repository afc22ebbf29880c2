import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useNow } from "../time/use-now.ts";
import { minorOf } from "./amounts.ts";
import { accountQuery, billingChanged, type Payment } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { LedgerEffect } from "./ledger-effect.tsx";
import { OpenInvoiceChoice } from "./open-invoice-choice.tsx";

interface PaymentDialogProps {
  /** Undefined: it is chosen. */
  readonly customerId?: string;
  /** A top-up fills a prepaid wallet; a deposit is held and pays nothing yet. */
  readonly purpose?: keyof typeof TITLES;
  readonly close: () => void;
}

const TITLES = {
  payment: "payments.add",
  "top-up": "wallet.topUp",
  deposit: "deposits.take",
} as const;
const METHODS: readonly Payment["method"][] = ["bank", "cash", "card", "other"];

interface Draft {
  readonly customerId: string | null;
  readonly amount: string;
  readonly receivedOn: string;
  readonly method: Payment["method"];
  readonly reference: string;
  readonly text: string;
  readonly invoiceId: string | undefined;
}

/** A payment by hand, in the currency of the account. */
export function PaymentDialog({ customerId, purpose = "payment", close }: PaymentDialogProps) {
  const { w, t } = useBilling();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [draft, setDraft] = useState<Draft>({
    ...{ customerId: customerId ?? null, amount: "", receivedOn: today, reference: "", text: "" },
    ...{ method: "bank", invoiceId: undefined },
  });
  const doing = useDoing();
  const account = useQuery({
    ...accountQuery(draft.customerId ?? ""),
    enabled: draft.customerId !== null,
  });
  const currency = account.data?.currency;
  const amount = currency === undefined ? undefined : minorOf(draft.amount, currency);
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const save = async (): Promise<void> => {
    if (draft.customerId === null || amount === undefined || currency === undefined) return;
    const { customerId: payer } = draft;
    const isDone = await doing.run(async () => {
      await booked(purpose, { ...draft, customerId: payer, amount, currency });
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w(TITLES[purpose])}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: amount === undefined || draft.reference.trim() === "" }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="form">
        <Field label={w("customer")} wide>
          <CustomerChoice
            value={draft.customerId}
            disabled={customerId !== undefined}
            onChange={(id) => {
              set({ customerId: id, invoiceId: undefined });
            }}
          />
        </Field>
        {account.data === null ? (
          <p className="field-fault field-wide" role="alert">
            {w("account.none")}
          </p>
        ) : undefined}
        <PaymentFields draft={draft} set={set} currency={currency} />
        {purpose === "deposit" ? (
          <LedgerEffect debit="bank" credit="deposit" minor={amount} currency={currency} />
        ) : (
          <OpenInvoiceChoice
            customerId={draft.customerId}
            value={draft.invoiceId}
            onChange={(invoiceId) => {
              set({ invoiceId });
            }}
          />
        )}
      </div>
      <Refusal error={doing.error} />
    </Modal>
  );
}

interface ToBook extends Omit<Draft, "customerId" | "amount"> {
  readonly customerId: string;
  readonly amount: number;
  readonly currency: string;
}

const booked = (purpose: keyof typeof TITLES, { invoiceId, ...body }: ToBook): Promise<unknown> =>
  purpose === "deposit"
    ? answerOf(api.POST("/api/billing/deposits", { body }))
    : answerOf(
        api.POST("/api/billing/payments", {
          body: { ...body, ...(invoiceId === undefined ? {} : { invoiceId }) },
        }),
      );

interface PaymentFieldsProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
  readonly currency: string | undefined;
}

function PaymentFields({ draft, set, currency }: PaymentFieldsProps) {
  const { w, known } = useBilling();
  const isGood =
    draft.amount === "" || currency === undefined || minorOf(draft.amount, currency) !== undefined;
  return (
    <>
      <Field label={`${w("amount")} ${currency === undefined ? "" : `(${currency})`}`}>
        <Input
          value={draft.amount}
          inputMode="decimal"
          status={isGood ? "" : "error"}
          onChange={(event) => {
            set({ amount: event.target.value });
          }}
        />
      </Field>
      <Field label={w("payments.day")}>
        <Input
          type="date"
          value={draft.receivedOn}
          onChange={(event) => {
            set({ receivedOn: event.target.value });
          }}
        />
      </Field>
      <Field label={w("payments.method")}>
        <Select<Payment["method"]>
          value={draft.method}
          onChange={(method) => {
            set({ method });
          }}
          options={METHODS.map((value) => ({ value, label: known("method", value) }))}
        />
      </Field>
      <Field label={w("payments.reference")} hint={w("payments.reference.hint")}>
        <Input
          value={draft.reference}
          maxLength={200}
          onChange={(event) => {
            set({ reference: event.target.value });
          }}
        />
      </Field>
      <Field label={w("payments.text")} wide>
        <Input
          value={draft.text}
          maxLength={1_000}
          onChange={(event) => {
            set({ text: event.target.value });
          }}
        />
      </Field>
    </>
  );
}
