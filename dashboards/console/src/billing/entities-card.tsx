import { Button } from "antd";
import { useState } from "react";
import type { Entity } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { EntityDialog } from "./entity-dialog.tsx";

interface EntitiesCardProps {
  readonly entities: readonly Entity[];
  readonly mayWrite: boolean;
}

/** Who sends invoices, with the taxes that they charge. */
export function EntitiesCard({ entities, mayWrite }: EntitiesCardProps) {
  const { w, format } = useBilling();
  const [open, setOpen] = useState<Entity | "new">();
  return (
    <section className="card entities">
      <h2>
        {w("entities")}
        {mayWrite ? (
          <Button
            size="small"
            type={entities.length === 0 ? "primary" : "default"}
            onClick={() => {
              setOpen("new");
            }}
          >
            {w("entity.add")}
          </Button>
        ) : undefined}
      </h2>
      {entities.length === 0 ? (
        <p className="small-empty">{w("entities.none")}</p>
      ) : (
        <ul className="rows">
          {entities.map((entity) => (
            <li key={entity.id}>
              <span className="contact">
                <strong>{entity.name}</strong>
                <span className="soft">
                  <span className="mono">{entity.numberPrefix}-000001</span> ·{" "}
                  {w("entity.days", { count: entity.paymentDays })} ·{" "}
                  {entity.taxRates
                    .map(
                      ({ taxClass, region, basisPoints }) =>
                        `${taxClass} ${region} ${format.number(basisPoints / 100)} %`,
                    )
                    .join(", ")}
                </span>
              </span>
              {mayWrite ? (
                <Button
                  className="end"
                  size="small"
                  onClick={() => {
                    setOpen(entity);
                  }}
                >
                  {w("change")}
                </Button>
              ) : undefined}
            </li>
          ))}
        </ul>
      )}
      {open === undefined ? undefined : (
        <EntityDialog
          {...(open === "new" ? {} : { entity: open })}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}
