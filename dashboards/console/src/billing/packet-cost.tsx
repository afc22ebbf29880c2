import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Loaded } from "../parts/states.tsx";
import { packetCostQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Money } from "./marks.tsx";

/** What a packet cost: the lines that it is counted on. */
export function PacketCost({ id }: { readonly id: string }) {
  const { w, format } = useBilling();
  const query = useQuery(packetCostQuery(id));
  return (
    <section className="section">
      <h2>{w("cost.title")}</h2>
      <Loaded query={query} rows={1}>
        {({ lines }) =>
          lines.length === 0 ? (
            <p className="small-empty">{w("cost.none")}</p>
          ) : (
            <ul className="rows">
              {lines.map((line) => (
                <li key={`${line.invoiceId} ${line.position}`}>
                  <span className="contact">
                    <Link to="/invoices/$id" params={{ id: line.invoiceId }}>
                      {line.invoiceNumber ?? w("invoice.unnumbered")} · {line.item}
                    </Link>
                    <span className="soft">
                      {w("cost.of", {
                        units: format.number(line.units),
                        net: format.money(line.net, line.currency),
                      })}
                    </span>
                  </span>
                  <span className="end">
                    <Average {...line} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

interface AverageProps {
  readonly net: number;
  readonly units: number;
  readonly currency: string;
}

/** Tiers have no price of one unit, so it is the line's average. */
function Average({ net, units, currency }: AverageProps) {
  const { w } = useBilling();
  if (units === 0) return undefined;
  return (
    <span title={w("cost.average")}>
      ≈ <Money minor={net / units} currency={currency} />
    </span>
  );
}
