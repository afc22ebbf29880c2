import "../customers/customers.css";
import "./billing.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useTitle } from "../shell/use-title.ts";
import { type Ageing, ageingQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Money } from "./marks.tsx";
import { RowTable } from "./row-table.tsx";

const BUCKETS = ["notDue", "to30", "to60", "to90", "over90"] as const;

/** What is open, by how long it is overdue. */
export function AgeingPage() {
  const { w } = useBilling();
  useTitle(w("ageing"));
  const isPhone = useIsPhone();
  const query = useInfiniteQuery(ageingQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("ageing")}</h1>
        <span className="soft">{w("ageing.detail")}</span>
      </div>
      <Loaded query={query} rows={10}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          const sums = pages[0]?.sums ?? [];
          if (items.length === 0)
            return <Empty title={w("ageing.empty")} detail={w("ageing.empty.detail")} />;
          return (
            <>
              {isPhone ? <Cards {...{ items, sums }} /> : <Table {...{ items, sums }} />}
              <LoadMore query={query} end={w("end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

type Amount = Pick<Ageing, (typeof BUCKETS)[number] | "total" | "currency">;

interface ItemsProps {
  readonly items: readonly Ageing[];
  /** Of all that there are, in each currency. */
  readonly sums: readonly Amount[];
}

function Table({ items, sums }: ItemsProps) {
  const { w } = useBilling();
  return (
    <RowTable
      columns={[
        { text: w("customer") },
        ...BUCKETS.map((bucket) => ({ text: w(`ageing.${bucket}`), isAmount: true })),
        { text: w("ageing.total"), isAmount: true },
      ]}
    >
      <tbody className="ageing-sums">
        {sums.map((sum) => (
          <tr key={sum.currency}>
            <th scope="row">{w("ageing.all", { currency: sum.currency })}</th>
            <Amounts item={sum} />
          </tr>
        ))}
      </tbody>
      <tbody>
        {items.map((item) => (
          <tr key={`${item.customerId} ${item.currency}`}>
            <td>
              <Link to="/customers/$id" params={{ id: item.customerId }} data-row>
                {item.customerName}
              </Link>
            </td>
            <Amounts item={item} />
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}

function Amounts({ item }: { readonly item: Amount }) {
  return [...BUCKETS, "total" as const].map((bucket) => (
    <td
      key={bucket}
      className={`amount ${bucket === "over90" && item.over90 > 0 ? "alert-text" : ""}`}
    >
      {item[bucket] === 0 ? "—" : <Money minor={item[bucket]} currency={item.currency} />}
    </td>
  ));
}

function Cards({ items, sums }: ItemsProps) {
  const { w } = useBilling();
  return (
    <ul className="terminal-cards ageing-cards">
      {sums.map((sum) => (
        <li key={sum.currency} className="card ageing-sum">
          <CardText name={w("ageing.all", { currency: sum.currency })} item={sum} />
        </li>
      ))}
      {items.map((item) => (
        <li key={`${item.customerId} ${item.currency}`} className="card">
          <Link to="/customers/$id" params={{ id: item.customerId }}>
            <CardText name={item.customerName} item={item} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function CardText({ name, item }: { readonly name: string; readonly item: Amount }) {
  const { w, format } = useBilling();
  const text = (bucket: (typeof BUCKETS)[number]): string =>
    `${w(`ageing.${bucket}`)} ${format.money(item[bucket], item.currency)}`;
  return (
    <>
      <span className="cut">
        <strong>{name}</strong>
        <span className="soft">
          {BUCKETS.filter((bucket) => item[bucket] !== 0)
            .map(text)
            .join(" · ")}
        </span>
      </span>
      <strong>
        <Money minor={item.total} currency={item.currency} />
      </strong>
    </>
  );
}
