import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { AmountDialog } from "./amount-dialog.tsx";
import type { Account, Deposit, Invoice } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { LedgerEffect } from "./ledger-effect.tsx";
import { OpenInvoiceChoice, useOpenInvoices } from "./open-invoice-choice.tsx";

interface DepositDialogProps {
  readonly account: Account;
  readonly deposit: Deposit;
  readonly close: () => void;
}

/** Pays what is due with it, and says which invoices that would be. */
export function ApplyDeposit({ account, deposit, close }: DepositDialogProps) {
  const { w } = useBilling();
  const { customerId, currency } = account;
  const [invoiceId, setInvoiceId] = useState<string>();
  const due = useOpenInvoices(customerId);
  const chosen = due.filter(({ id }) => id === invoiceId);
  const others = due.filter(({ id }) => id !== invoiceId);
  return (
    <AmountDialog
      {...{ title: w("deposits.apply"), detail: w("deposits.apply.detail"), currency, close }}
      most={deposit.open}
      fields={<OpenInvoiceChoice {...{ customerId, value: invoiceId }} onChange={setInvoiceId} />}
      effect={(minor) => (
        <>
          <LedgerEffect debit="deposit" credit="receivable" {...{ minor, currency }} />
          <Pays invoices={[...chosen, ...others]} minor={minor ?? 0} currency={currency} />
        </>
      )}
      save={(amount, reason) =>
        answerOf(
          api.POST("/api/billing/deposits/{id}/apply", {
            params: { path: { id: deposit.paymentId } },
            body: { amount, reason, ...(invoiceId === undefined ? {} : { invoiceId }) },
          }),
        )
      }
    />
  );
}

interface PaysProps {
  /** In the order in which they are paid. */
  readonly invoices: readonly Invoice[];
  readonly minor: number;
  readonly currency: string;
}

function Pays({ invoices, minor, currency }: PaysProps) {
  const { w, format } = useBilling();
  let left = minor;
  const parts = invoices.flatMap(({ id, number, open }) => {
    const amount = Math.min(open, left);
    left -= amount;
    return amount === 0 ? [] : [{ id, number, amount, isAll: amount === open }];
  });
  return (
    <ul className="field-wide" aria-live="polite">
      {parts.map(({ id, number, amount, isAll }) => (
        <li key={id}>
          <span className="mono">{number}</span>{" "}
          {w(isAll ? "deposits.pays" : "deposits.paysPart", {
            amount: format.money(amount, currency),
          })}
        </li>
      ))}
      {left > 0 ? (
        <li className="alert-text">
          {w("deposits.waits", { left: format.money(left, currency) })}
        </li>
      ) : undefined}
    </ul>
  );
}

export function ReturnDeposit({ account: { currency }, deposit, close }: DepositDialogProps) {
  const { w } = useBilling();
  return (
    <AmountDialog
      {...{ title: w("deposits.return"), detail: w("deposits.return.detail"), currency, close }}
      most={deposit.open}
      effect={(minor) => <LedgerEffect debit="deposit" credit="bank" {...{ minor, currency }} />}
      save={(amount, reason) =>
        answerOf(
          api.POST("/api/billing/deposits/{id}/return", {
            params: { path: { id: deposit.paymentId } },
            body: { amount, reason },
          }),
        )
      }
    />
  );
}
