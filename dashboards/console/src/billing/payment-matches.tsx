import { useQuery } from "@tanstack/react-query";
import { Loaded } from "../parts/states.tsx";
import { type PaymentMatch, paymentMatchesQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Money } from "./marks.tsx";

/** Whose each line of a tried file would be, and what it would pay. */
export function Matches({ id }: { readonly id: string }) {
  const { w, format } = useBilling();
  return (
    <Loaded query={useQuery(paymentMatchesQuery(id))} rows={6}>
      {({ items, nextCursor }) => (
        <>
          <p>
            {w("bank.found", {
              found: format.number(items.filter(({ customerId }) => customerId !== null).length),
              count: format.number(items.length),
            })}
          </p>
          <div className="problem-table">
            <table className="terminal-table">
              <thead>
                <tr>
                  <th scope="col">{w("bank.line")}</th>
                  <th scope="col" className="amount">
                    {w("amount")}
                  </th>
                  <th scope="col">{w("payments.text")}</th>
                  <th scope="col">{w("bank.whose")}</th>
                  <th scope="col">{w("bank.pays")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((match) => (
                  <MatchRow key={match.line} match={match} />
                ))}
              </tbody>
            </table>
          </div>
          {nextCursor === null ? undefined : (
            <p className="soft">{w("bank.first", { count: format.number(items.length) })}</p>
          )}
        </>
      )}
    </Loaded>
  );
}

function MatchRow({ match }: { readonly match: PaymentMatch }) {
  const { w, format } = useBilling();
  const { currency, amount, customerId, customerName, invoiceNumber, invoiceOpen } = match;
  return (
    <tr>
      <td className="mono">{match.line}</td>
      <td className="amount">
        <Money minor={amount} currency={currency} />
      </td>
      <td>
        <span className="mono">{match.reference}</span> {match.text}
      </td>
      <td>
        {customerId === null ? (
          <span className="alert-text">{w("payments.nobody")}</span>
        ) : (
          (customerName ?? customerId)
        )}
      </td>
      <td>
        {customerId === null ? (
          w("bank.waits")
        ) : invoiceNumber === null ? (
          w("payments.dueFirst")
        ) : (
          <>
            <span className="mono">{invoiceNumber}</span>{" "}
            {invoiceOpen === null || invoiceOpen === amount
              ? ""
              : invoiceOpen === 0
                ? w("bank.paid")
                : w("bank.of", { open: format.money(invoiceOpen, currency) })}
          </>
        )}
      </td>
    </tr>
  );
}
