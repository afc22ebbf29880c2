import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Time } from "../parts/age.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { type PaymentOrder, paymentOrdersQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CustomerLink, Money } from "./marks.tsx";
import { useStanding } from "./pay-now.tsx";

/** What payers have begun at the payment provider, and what became of it. */
export function ProviderPayments({ customer }: { readonly customer: string | undefined }) {
  const { w } = useBilling();
  const query = useInfiniteQuery(paymentOrdersQuery(customer));
  return (
    <Loaded query={query} rows={10}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return <Empty title={w("provider.empty")} detail={w("provider.empty.detail")} />;
        return (
          <>
            <ul className="card rows payment-rows">
              {items.map((order) => (
                <OrderRow key={order.id} order={order} />
              ))}
            </ul>
            <LoadMore query={query} end={w("end")} />
          </>
        );
      }}
    </Loaded>
  );
}

function OrderRow({ order }: { readonly order: PaymentOrder }) {
  const { w } = useBilling();
  const standing = useStanding(order);
  const { customerId, customerName, invoiceId, invoiceNumber, amount, currency } = order;
  return (
    <li>
      <span className="contact">
        <strong>
          <CustomerLink id={customerId}>{customerName}</CustomerLink>
        </strong>
        <span className="soft">
          <Time at={order.createdAt} /> · {order.provider} ·{" "}
          {invoiceId === null ? (
            w("payments.dueFirst")
          ) : (
            <Link to="/invoices/$id" params={{ id: invoiceId }} className="mono">
              {invoiceNumber ?? w("invoice.unnumbered")}
            </Link>
          )}
        </span>
      </span>
      <span className="end account-end">
        <span className={`tag order-${standing}`}>{w(`order.${standing}`)}</span>
        <strong>
          <Money minor={amount} currency={currency} />
        </strong>
      </span>
    </li>
  );
}
