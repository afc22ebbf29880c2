import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useMe } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { useMyZone } from "../time/use-my-zone.ts";
import { useNow } from "../time/use-now.ts";
import { type ServiceProof, serviceProofsQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { monthsBefore } from "./months.ts";
import { ProofView } from "./proof-view.tsx";

interface ServiceProofCardProps {
  readonly address: number;
}

/** What a terminal was promised and what came of it, month by month; whoever held it sees their own days. */
export function ServiceProofCard({ address }: ServiceProofCardProps) {
  const { w, format } = useBilling();
  const months = monthsBefore(useNow(), useMyZone());
  const [month, setMonth] = useState(months[0] ?? "");
  const query = useQuery(serviceProofsQuery(address, month));
  const isOwn = useMe().customerId !== null;
  return (
    <section className="card section proof-card" aria-label={w("proof.title")}>
      <h2>
        {w("proof.title")}
        <span className="end">
          <Select
            size="small"
            aria-label={w("month")}
            value={month}
            onChange={setMonth}
            options={months.map((value) => ({ value, label: format.month(value) }))}
          />
        </span>
      </h2>
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{w("proof.empty")}</p>
          ) : (
            <>
              {items.map((proof) => (
                <div key={`${proof.customerId} ${proof.held.from}`}>
                  {items.length > 1 ? <Holder proof={proof} /> : undefined}
                  <ProofView proof={proof} />
                </div>
              ))}
              <p className="proof-files">
                <a
                  href={`/api/service-proofs/csv?month=${month}&terminal=${address}`}
                  download
                  title={w("proof.csv.about")}
                >
                  {w("proof.csv")}
                </a>
                {isOwn ? (
                  <a href={`/api/service-proofs/csv?month=${month}`} download>
                    {w("proof.csv.all")}
                  </a>
                ) : undefined}
              </p>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** Of several in one month: whose it was on which days. */
function Holder({ proof: { assetName, days } }: { readonly proof: ServiceProof }) {
  const { w, format } = useBilling();
  const from = format.day(days[0]?.day ?? "");
  const to = format.day(days.at(-1)?.day ?? "");
  return (
    <h3 className="proof-holder">
      {assetName} <span className="soft">{w("proof.held", { from, to })}</span>
    </h3>
  );
}
