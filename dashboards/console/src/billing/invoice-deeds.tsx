import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { AmountDialog } from "./amount-dialog.tsx";
import { billingChanged, type InvoiceDetail } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { InvoiceFiles } from "./invoice-files.tsx";
import { NoteDialog } from "./note-dialog.tsx";
import { PayNow } from "./pay-now.tsx";

interface InvoiceProps {
  readonly invoice: InvoiceDetail;
}

/** What may be done with an invoice, in the state in which it is. */
export function InvoiceDeeds({ invoice }: InvoiceProps) {
  const { w } = useBilling();
  const mayWrite = useMay()("billing:write");
  const { state, id } = invoice;
  const isDraft = state === "draft" || state === "approved";
  return (
    <div className="actions">
      <InvoiceFiles id={id} language={invoice.customer.language} />
      <PayNow invoice={invoice} />
      {!mayWrite ? undefined : isDraft ? (
        <DraftDeeds invoice={invoice} />
      ) : state === "void" || invoice.kind !== "invoice" ? undefined : (
        <IssuedDeeds invoice={invoice} />
      )}
      {mayWrite && state === "draft" ? (
        <span className="soft">{w("invoice.draftHint")}</span>
      ) : undefined}
    </div>
  );
}

function DraftDeeds({ invoice: { id, state, lines } }: InvoiceProps) {
  const { w, t } = useBilling();
  const isCredit = lines[0]?.kind === "service-credit";
  const doing = useDoing();
  const navigate = useNavigate();
  const run = (work: () => Promise<unknown>): Promise<boolean> =>
    doing.run(async () => {
      await work();
      await billingChanged();
    });
  const body = { ids: [id] };
  const discard = async (): Promise<void> => {
    const params = { path: { id } };
    if (await run(() => doneOf(api.DELETE("/api/billing/invoices/{id}", { params }))))
      await navigate({ to: "/invoices" });
  };
  return (
    <>
      <Refusal error={doing.error} />
      {isCredit ? (
        <Link to="/service-credits" search={{ credit: id }}>
          {w("serviceCredit.proof")}
        </Link>
      ) : undefined}
      {state === "draft" ? (
        <>
          {isCredit ? undefined : (
            <Popconfirm
              title={w("invoice.discard.sure")}
              okText={w("invoice.discard")}
              cancelText={t("customers.cancel")}
              onConfirm={() => void discard()}
            >
              <Button danger>{w("invoice.discard")}</Button>
            </Popconfirm>
          )}
          <Button
            type="primary"
            loading={doing.isBusy}
            onClick={() =>
              void run(() => answerOf(api.POST("/api/billing/invoices/approve", { body })))
            }
          >
            {w("approve")}
          </Button>
        </>
      ) : (
        <Popconfirm
          title={w("issue.sure")}
          okText={w("issue")}
          cancelText={t("customers.cancel")}
          onConfirm={() =>
            void run(() => answerOf(api.POST("/api/billing/invoices/issue", { body })))
          }
        >
          <Button type="primary" loading={doing.isBusy}>
            {w("issue")}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}

function IssuedDeeds({ invoice }: InvoiceProps) {
  const { w } = useBilling();
  const [open, setOpen] = useState<"note" | "void" | "write-off">();
  const close = (): void => {
    setOpen(undefined);
  };
  const { id, currency } = invoice;
  const params = { path: { id } };
  const isUntouched = invoice.open === invoice.gross;
  const deeds = [
    ...(["note"] as const),
    ...(isUntouched ? (["void"] as const) : []),
    ...(invoice.open > 0 ? (["write-off"] as const) : []),
  ];
  return (
    <>
      {deeds.map((deed) => (
        <Button
          key={deed}
          onClick={() => {
            setOpen(deed);
          }}
        >
          {w(`invoice.${deed}`)}
        </Button>
      ))}
      {open === "note" ? <NoteDialog invoice={invoice} close={close} /> : undefined}
      {open === "void" ? (
        <AmountDialog
          {...{ title: w("invoice.void"), detail: w("invoice.void.detail"), currency, close }}
          save={(_amount, reason) =>
            answerOf(api.POST("/api/billing/invoices/{id}/void", { params, body: { reason } }))
          }
        />
      ) : undefined}
      {open === "write-off" ? (
        <AmountDialog
          {...{ title: w("invoice.write-off"), detail: w("invoice.write-off.detail") }}
          {...{ most: invoice.open, currency, close }}
          save={(amount, reason) =>
            doneOf(
              api.POST("/api/billing/invoices/{id}/write-off", {
                params,
                body: { amount, reason },
              }),
            )
          }
        />
      ) : undefined}
    </>
  );
}
