import { Button } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useMay } from "../identity/me.tsx";
import { AmountDialog } from "./amount-dialog.tsx";
import type { Payment } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CustomerLink, Money } from "./marks.tsx";
import { MatchDialog } from "./match-dialog.tsx";

interface PaymentListProps {
  readonly items: readonly Payment[];
}

type Open = { readonly deed: "match" | "refund"; readonly payment: Payment };

/** Payments, each with whose it is, what is left of it, and what may be done. */
export function PaymentList({ items }: PaymentListProps) {
  const { w } = useBilling();
  const [open, setOpen] = useState<Open>();
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <>
      <ul className="card rows payment-rows">
        {items.map((payment) => (
          <PaymentRow key={payment.id} payment={payment} open={setOpen} />
        ))}
      </ul>
      {open?.deed === "match" ? <MatchDialog payment={open.payment} close={close} /> : undefined}
      {open?.deed === "refund" ? (
        <AmountDialog
          {...{ title: w("refund"), detail: w("refund.detail"), close }}
          currency={open.payment.currency}
          most={open.payment.open}
          save={(amount, reason) =>
            answerOf(
              api.POST("/api/billing/payments/{id}/refund", {
                params: { path: { id: open.payment.id } },
                body: { amount, reason },
              }),
            )
          }
        />
      ) : undefined}
    </>
  );
}

interface PaymentRowProps {
  readonly payment: Payment;
  readonly open: (open: Open) => void;
}

function PaymentRow({ payment, open }: PaymentRowProps) {
  const { w, known, format } = useBilling();
  const mayWrite = useMay()("billing:write");
  const { customerId, customerName, currency, reference, text } = payment;
  return (
    <li>
      <span className="contact">
        <strong>
          {customerId === null ? (
            <span className="alert-text">{w("payments.nobody")}</span>
          ) : (
            <CustomerLink id={customerId}>{customerName ?? customerId}</CustomerLink>
          )}
        </strong>
        <span className="soft">
          {format.day(payment.receivedOn)} · {known("method", payment.method)} ·{" "}
          <span className="mono">{reference}</span>
          {text === "" ? "" : ` · ${text}`}
        </span>
      </span>
      <span className="end account-end">
        <strong>
          <Money minor={payment.amount} currency={currency} />
        </strong>
        {payment.open > 0 && customerId !== null ? (
          <span className="soft">
            {w("payments.left", { left: format.money(payment.open, currency) })}
          </span>
        ) : undefined}
        {!mayWrite ? undefined : customerId === null ? (
          <Button
            size="small"
            type="primary"
            onClick={() => {
              open({ deed: "match", payment });
            }}
          >
            {w("match")}
          </Button>
        ) : payment.open > 0 ? (
          <Button
            size="small"
            onClick={() => {
              open({ deed: "refund", payment });
            }}
          >
            {w("refund")}
          </Button>
        ) : undefined}
      </span>
    </li>
  );
}
