import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../i18n/language.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { type Customer, customersQuery } from "./customer-queries.ts";
import { KindMark, nameOf } from "./marks.tsx";

/** What stands directly below an organisation. */
export function TreeCard({ customer }: { readonly customer: Customer }) {
  const { t, format } = useSpeech();
  const query = useInfiniteQuery(customersQuery({ parent: customer.id }));
  const below = query.data?.pages.flatMap(({ items }) => items) ?? [];
  if (customer.kind === "person") return undefined;
  return (
    <section className="card">
      <h2>
        {t("customers.below")}
        <span className="soft">
          {customer.children === 0 ? "" : format.number(customer.children)}
        </span>
      </h2>
      {below.length === 0 ? (
        <p className="small-empty">{t("customers.below.none")}</p>
      ) : (
        <ul className="rows">
          {below.map((one) => (
            <li key={one.id}>
              <KindMark kind={one.kind} />
              <Link className="cut" to="/customers/$id" params={{ id: one.id }}>
                {nameOf(one, t)}
              </Link>
              <span className="mono soft">{one.number}</span>
              <span className="soft end">
                {one.terminals === 0
                  ? ""
                  : t("customers.terminals.count", { count: one.terminals })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </section>
  );
}
