import { Button } from "antd";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { billingChanged, type InvoiceDetail } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

/** What became of an issued invoice's e-mail, and once more. */
export function InvoiceMail({ invoice: { id, mail } }: { readonly invoice: InvoiceDetail }) {
  const { w } = useBilling();
  const mayWrite = useMay()("billing:write");
  const doing = useDoing();
  if (mail === null) return undefined;
  const again = (): Promise<boolean> =>
    doing.run(async () => {
      await answerOf(api.POST("/api/billing/invoices/{id}/mail", { params: { path: { id } } }));
      await billingChanged();
    });
  const isBad = mail.state === "dead" || mail.state === "suppressed";
  return (
    <>
      <dt>{w("mail")}</dt>
      <dd>
        <span className={isBad ? "alert-text" : ""} title={mail.reason ?? ""}>
          {w(mail.target === "" ? "mail.nobody" : `mail.${mail.state}`)}
        </span>{" "}
        {mail.target}
        {mail.sentAt === null ? undefined : (
          <>
            {" "}
            <Time at={mail.sentAt} />
          </>
        )}{" "}
        {mayWrite ? (
          <Button size="small" loading={doing.isBusy} onClick={() => void again()}>
            {w("mail.again")}
          </Button>
        ) : undefined}
        <Refusal error={doing.error} />
      </dd>
    </>
  );
}
