import "../customers/customers.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useTitle } from "../shell/use-title.ts";
import { onArrowKeys } from "./arrow-rows.ts";
import { type Ageing, ageingQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Money } from "./marks.tsx";

const BUCKETS = ["notDue", "to30", "to60", "to90", "over90"] as const;

/** What is open, by how long it is overdue. */
export function AgeingPage() {
  const { w } = useBilling();
  useTitle(w("ageing"));
  const isPhone = useIsPhone();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("ageing")}</h1>
        <span className="soft">{w("ageing.detail")}</span>
      </div>
      <Loaded query={useQuery(ageingQuery)} rows={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={w("ageing.empty")} detail={w("ageing.empty.detail")} />
          ) : isPhone ? (
            <Cards items={items} />
          ) : (
            <Table items={items} />
          )
        }
      </Loaded>
    </div>
  );
}

interface ItemsProps {
  readonly items: readonly Ageing[];
}

function Table({ items }: ItemsProps) {
  const { w } = useBilling();
  const sums = [...Map.groupBy(items, ({ currency }) => currency)];
  return (
    <div className="card table-card">
      <table className="terminal-table" onKeyDown={onArrowKeys}>
        <thead>
          <tr>
            <th scope="col">{w("customer")}</th>
            {BUCKETS.map((bucket) => (
              <th key={bucket} scope="col" className="amount">
                {w(`ageing.${bucket}`)}
              </th>
            ))}
            <th scope="col" className="amount">
              {w("ageing.total")}
            </th>
          </tr>
        </thead>
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
        <tfoot>
          {sums.map(([currency, some]) => (
            <tr key={currency}>
              <th scope="row">{w("ageing.all", { currency })}</th>
              <Amounts item={sumOf(some, currency)} />
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

type Amount = Pick<Ageing, (typeof BUCKETS)[number] | "total" | "currency">;

function sumOf(items: readonly Ageing[], currency: string): Amount {
  const sum = (name: (typeof BUCKETS)[number] | "total"): number =>
    items.reduce((total, item) => total + item[name], 0);
  return {
    ...{ currency, notDue: sum("notDue"), to30: sum("to30"), to60: sum("to60") },
    ...{ to90: sum("to90"), over90: sum("over90"), total: sum("total") },
  };
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

function Cards({ items }: ItemsProps) {
  const { w, format } = useBilling();
  return (
    <ul className="terminal-cards">
      {items.map((item) => (
        <li key={`${item.customerId} ${item.currency}`} className="card">
          <Link to="/customers/$id" params={{ id: item.customerId }}>
            <span className="cut">
              <strong>{item.customerName}</strong>
              <span className="soft">
                {BUCKETS.filter((bucket) => item[bucket] !== 0)
                  .map(
                    (bucket) =>
                      `${w(`ageing.${bucket}`)} ${format.money(item[bucket], item.currency)}`,
                  )
                  .join(" · ")}
              </span>
            </span>
            <strong>
              <Money minor={item.total} currency={item.currency} />
            </strong>
          </Link>
        </li>
      ))}
    </ul>
  );
}
