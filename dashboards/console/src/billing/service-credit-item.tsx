import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { AmountDialog } from "./amount-dialog.tsx";
import { billingChanged, type ServiceCredit } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CustomerLink, Money } from "./marks.tsx";

interface ServiceCreditItemProps {
  readonly credit: ServiceCredit;
  /** Opens its proof; undefined where that is open. */
  readonly why?: () => void;
}

/** One credit: whose, how much, why in a line, and what a clerk can do with it. */
export function ServiceCreditItem({ credit, why }: ServiceCreditItemProps) {
  const { w, known, format } = useBilling();
  const { customerId, customerName, month, net, currency, state, terminals } = credit;
  const names = new Set(terminals.map(({ name, address }) => name ?? `#${address}`));
  return (
    <>
      <div className="service-credit-head">
        <strong>
          <CustomerLink id={customerId}>{customerName}</CustomerLink>
        </strong>
        <span>{[...names].join(", ")}</span>
        <span className="soft">{format.month(month)}</span>
        <span className={`tag money-${state === "drafted" ? "draft" : state}`}>
          {known("serviceCredit.state", state)}
        </span>
        <Money minor={net} currency={currency} />
      </div>
      {credit.parts.map((part) => (
        <p key={`${part.planId} ${part.from}`} className="soft">
          {w("serviceCredit.part", {
            availability: format.decimal(part.availability / 100, 2),
            target: format.decimal(part.target / 100, 2),
            percent: format.number(part.percent),
            fee: format.money(part.fee, currency),
            days: format.number(part.days),
          })}
        </p>
      ))}
      {credit.rejectedBy === null ? undefined : (
        <p>
          {w("serviceCredit.rejected", { name: credit.rejectedBy, reason: credit.reason ?? "" })}
        </p>
      )}
      <Deeds credit={credit} {...(why === undefined ? {} : { why })} />
    </>
  );
}

function Deeds({ credit, why }: ServiceCreditItemProps) {
  const { w, format } = useBilling();
  const mayWrite = useMay()("billing:write");
  const doing = useDoing();
  const [isRejecting, setRejecting] = useState(false);
  const { id, state } = credit;
  const approve = (): Promise<boolean> =>
    doing.run(async () => {
      await answerOf(api.POST("/api/billing/invoices/approve", { body: { ids: [id] } }));
      await billingChanged();
    });
  return (
    <div className="service-credit-deeds">
      {why === undefined ? undefined : (
        <Button size="small" onClick={why}>
          {w("serviceCredit.why", { amount: format.money(credit.net, credit.currency) })}
        </Button>
      )}
      {mayWrite && state === "drafted" ? (
        <Button size="small" type="primary" loading={doing.isBusy} onClick={() => void approve()}>
          {w("serviceCredit.approve")}
        </Button>
      ) : undefined}
      {mayWrite && (state === "drafted" || state === "approved") ? (
        <Button
          size="small"
          onClick={() => {
            setRejecting(true);
          }}
        >
          {w("serviceCredit.reject")}
        </Button>
      ) : undefined}
      {state === "rejected" ? undefined : (
        <Link to="/invoices/$id" params={{ id }}>
          {credit.number ?? w("serviceCredit.note")}
        </Link>
      )}
      <Refusal error={doing.error} />
      {isRejecting ? (
        <AmountDialog
          title={w("serviceCredit.reject")}
          detail={w("serviceCredit.reject.detail")}
          currency={credit.currency}
          save={(_, reason) =>
            answerOf(
              api.POST("/api/billing/service-credits/{id}/reject", {
                params: { path: { id } },
                body: { reason },
              }),
            )
          }
          close={() => {
            setRejecting(false);
          }}
        />
      ) : undefined}
    </div>
  );
}
