import { useBilling } from "./billing-words.ts";

interface LedgerEffectProps {
  readonly debit: "bank" | "deposit";
  readonly credit: "bank" | "deposit" | "receivable";
  /** Undefined: nobody has said how much yet. */
  readonly minor: number | undefined;
  readonly currency: string | undefined;
}

/** What will be booked, shown before it is. */
export function LedgerEffect({ debit, credit, minor, currency }: LedgerEffectProps) {
  const { w, format } = useBilling();
  const amount =
    minor === undefined || currency === undefined ? "—" : format.money(minor, currency);
  return (
    <table className="ledger-effect field-wide">
      <caption>{w("ledger.books")}</caption>
      <thead>
        <tr>
          <th scope="col">{w("ledger.account")}</th>
          <th scope="col" className="amount">
            {w("ledger.debit")}
          </th>
          <th scope="col" className="amount">
            {w("ledger.credit")}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{w(`ledger.${debit}`)}</th>
          <td className="amount">{amount}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">{w(`ledger.${credit}`)}</th>
          <td />
          <td className="amount">{amount}</td>
        </tr>
      </tbody>
    </table>
  );
}
