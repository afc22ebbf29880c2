import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useEffect } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { Failure } from "../parts/states.tsx";
import { useNow } from "../time/use-now.ts";
import {
  billingChanged,
  type Invoice,
  type PaymentOrder,
  paymentOrderQuery,
  paymentProviderQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface PayNowProps {
  readonly invoice: Pick<Invoice, "id" | "number" | "customerId" | "open" | "currency">;
}

/** Sends a subscriber to the payment provider with what is open of an invoice; staff book what has come in. */
export function PayNow({ invoice }: PayNowProps) {
  const { w, format } = useBilling();
  const may = useMay();
  const isOwn = useMe().customerId !== null;
  const isPayer = isOwn && may("payments:make") && invoice.number !== null && invoice.open > 0;
  const provider = useQuery({ ...paymentProviderQuery, enabled: isPayer }).data?.name ?? null;
  const doing = useDoing();
  if (!isPayer || provider === null) return undefined;
  const pay = async (): Promise<void> => {
    const { customerId, open: amount, id: invoiceId } = invoice;
    await doing.run(async () => {
      const body = { customerId, amount, invoiceId };
      const { url } = await answerOf(api.POST("/api/billing/payment-orders", { body }));
      window.location.assign(url);
    });
  };
  return (
    <>
      <Button type="primary" loading={doing.isBusy} onClick={() => void pay()}>
        {w("pay.now", { amount: format.money(invoice.open, invoice.currency) })}
      </Button>
      <Refusal error={doing.error} />
    </>
  );
}

interface PaymentReturnProps {
  readonly orderId: string;
  readonly invoiceId: string;
}

/** What became of a payment, told to the payer who comes back from the provider. */
export function PaymentReturn({ orderId, invoiceId }: PaymentReturnProps) {
  const { w, format } = useBilling();
  const query = useQuery(paymentOrderQuery(orderId));
  const standing = useStanding(query.data);
  const navigate = useNavigate();
  useEffect(() => {
    if (standing === "paid") void billingChanged();
  }, [standing]);
  if (query.data === undefined)
    return query.error === null ? undefined : (
      <Failure error={query.error} retry={() => void query.refetch()} />
    );
  const { amount, currency, url } = query.data;
  const values = { amount: format.money(amount, currency) };
  return (
    <Alert
      className="payment-return"
      type={ALERTS[standing]}
      showIcon
      closable={{
        onClose: () =>
          void navigate({ to: "/invoices/$id", params: { id: invoiceId }, replace: true }),
      }}
      role={standing === "failed" ? "alert" : "status"}
      title={w(`pay.${standing}`, values)}
      description={w(`pay.${standing}.detail`)}
      action={standing === "open" ? <a href={url}>{w("pay.goOn")}</a> : undefined}
    />
  );
}

const ALERTS = { paid: "success", failed: "error", open: "info", abandoned: "warning" } as const;

/** An open one that nobody has gone on with counts as given up. */
export function useStanding(order: PaymentOrder | undefined): keyof typeof ALERTS {
  const now = useNow();
  if (order === undefined) return "open";
  return order.state === "open" && Date.parse(order.expiresAt) <= now ? "abandoned" : order.state;
}
