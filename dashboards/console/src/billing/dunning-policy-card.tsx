import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { type DunningPolicy, dunningPolicyQuery, type Entity } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CutMark } from "./dunning-marks.tsx";
import { DunningPolicyDialog } from "./dunning-policy-dialog.tsx";
import { Money } from "./marks.tsx";

interface DunningPolicyCardProps {
  readonly entity: Entity;
  readonly isNamed: boolean;
}

/** What each step of a legal entity removes, by service class. */
export function DunningPolicyCard({ entity, isNamed }: DunningPolicyCardProps) {
  const { w } = useBilling();
  const mayWrite = useMay()("plans:write");
  const [isOpen, setOpen] = useState(false);
  const query = useQuery(dunningPolicyQuery(entity.id));
  return (
    <section className="card dunning-policy">
      <h2>
        {w("dunning.policy")}
        {isNamed ? `: ${entity.name}` : ""}
        {mayWrite ? (
          <Button
            size="small"
            disabled={query.data === undefined}
            onClick={() => {
              setOpen(true);
            }}
          >
            {w("change")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={5}>
        {(policy) => <Steps policy={policy} />}
      </Loaded>
      <p className="soft dunning-never">{w("dunning.never")}</p>
      {isOpen && query.data !== undefined ? (
        <DunningPolicyDialog
          policy={query.data}
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </section>
  );
}

function Steps({ policy: { steps, currency } }: { readonly policy: DunningPolicy }) {
  const { w, format } = useBilling();
  const hasFees = steps.some(({ fee }) => fee > 0);
  return (
    <div className="step-table">
      <table className="terminal-table">
        <thead>
          <tr>
            <th scope="col">{w("dunning.theStep")}</th>
            <th scope="col">{w("dunning.after")}</th>
            {hasFees ? (
              <th scope="col" className="amount">
                {w("dunning.fee")}
              </th>
            ) : undefined}
            <th scope="col">{w("class.life-safety")}</th>
            <th scope="col">{w("class.security")}</th>
            <th scope="col">{w("class.convenience")}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, at) => (
            <tr key={step.afterDays}>
              <td>{at + 1}</td>
              <td>{w("dunning.days", { count: format.number(step.afterDays) })}</td>
              {hasFees ? (
                <td className="amount">
                  {step.fee === 0 || currency === null ? (
                    "—"
                  ) : (
                    <Money minor={step.fee} currency={currency} />
                  )}
                </td>
              ) : undefined}
              <td>
                <CutMark cut="nothing" />
              </td>
              <td>
                <CutMark cut={step.cuts.security} />
              </td>
              <td>
                <CutMark cut={step.cuts.convenience} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
