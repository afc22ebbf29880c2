import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { type Account, type Deposit, type Deposits, depositsQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { ApplyDeposit, ReturnDeposit } from "./deposit-dialogs.tsx";
import { PaymentDialog } from "./payment-dialog.tsx";

type Open = "take" | { readonly deed: "apply" | "return"; readonly deposit: Deposit };

/** What a customer has given as security: taken, held, applied to what is due, or given back. */
export function DepositsCard({ account }: { readonly account: Account }) {
  const { w } = useBilling();
  const { customerId, currency } = account;
  const mayWrite = useMay()("billing:write");
  const query = useQuery(depositsQuery(customerId));
  const [open, setOpen] = useState<Open>();
  return (
    <section className="card" id="deposits">
      <h2>
        {w("deposits")}
        {mayWrite ? (
          <Button
            size="small"
            onClick={() => {
              setOpen("take");
            }}
          >
            {w("deposits.take")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={3}>
        {(deposits) => (
          <>
            <Held deposits={deposits} />
            <ul className="rows">
              {deposits.items.map((deposit) => (
                <DepositRow
                  key={deposit.paymentId}
                  {...{ deposit, currency }}
                  open={mayWrite && deposit.open > 0 ? setOpen : undefined}
                />
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {open === undefined ? undefined : (
        <Dialog
          {...{ account, open }}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

interface DialogProps {
  readonly account: Account;
  readonly open: Open;
  readonly close: () => void;
}

function Dialog({ account, open, close }: DialogProps) {
  if (open === "take")
    return <PaymentDialog customerId={account.customerId} purpose="deposit" close={close} />;
  const props = { account, deposit: open.deposit, close };
  return open.deed === "apply" ? <ApplyDeposit {...props} /> : <ReturnDeposit {...props} />;
}

/** What is held beside what the credit grade asks for, and what to do once nothing runs any more. */
function Held({ deposits }: { readonly deposits: Deposits }) {
  const { w, format } = useBilling();
  const { held, asked, currency, grade, months, running } = deposits;
  return (
    <>
      <p className="balance">
        <strong>{format.money(held, currency)}</strong>{" "}
        <span className="soft">{w("deposits.held")}</span>
      </p>
      <p className={`deposit-note ${asked > held ? "alert-text" : "soft"}`}>
        {asked === 0
          ? w("deposits.asked.none")
          : w(grade === null ? "deposits.asked.unknown" : "deposits.asked", {
              asked: format.money(asked, currency),
              grade: grade ?? "",
              months: format.number(months),
            })}
      </p>
      {running === 0 && held > 0 ? (
        <p className="deposit-note" role="note">
          {w("deposits.ended")}
        </p>
      ) : undefined}
    </>
  );
}

interface DepositRowProps {
  readonly deposit: Deposit;
  readonly currency: string;
  /** Undefined: nothing can be done with it. */
  readonly open: ((open: Open) => void) | undefined;
}

function DepositRow({ deposit, currency, open }: DepositRowProps) {
  const { w, format } = useBilling();
  return (
    <li>
      <span className="contact">
        <strong>{format.money(deposit.amount, currency)}</strong>
        <span className="soft">
          {format.day(deposit.receivedOn)} · <span className="mono">{deposit.reference}</span>
          {" · "}
          {deposit.open === 0
            ? w("deposits.gone")
            : w("deposits.open", { open: format.money(deposit.open, currency) })}
        </span>
      </span>
      {open === undefined ? undefined : (
        <span className="end account-end">
          {(["apply", "return"] as const).map((deed) => (
            <Button
              key={deed}
              size="small"
              aria-label={`${w(`deposits.${deed}`)} ${deposit.reference}`}
              onClick={() => {
                open({ deed, deposit });
              }}
            >
              {w(`deposits.${deed}`)}
            </Button>
          ))}
        </span>
      )}
    </li>
  );
}
