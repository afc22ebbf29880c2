import "../customers/customers.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Popconfirm, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { Age } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useMyZone } from "../time/use-my-zone.ts";
import { useNow } from "../time/use-now.ts";
import {
  billingChanged,
  type CloseRun,
  closesQuery,
  type Entity,
  entitiesQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { EntitiesCard } from "./entities-card.tsx";
import { monthsBefore } from "./months.ts";
import { RowTable } from "./row-table.tsx";

/** Dry runs and month closes, and who sends the invoices. */
export function ClosesPage() {
  const { w } = useBilling();
  useTitle(w("closes"));
  const query = useQuery(closesQuery);
  const entities = useQuery(entitiesQuery);
  const mayWrite = useMay()("plans:write");
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("closes")}</h1>
      </div>
      <Loaded query={entities} rows={3}>
        {({ items }) => (
          <>
            {mayWrite && items.length > 0 ? <StartCard entities={items} /> : undefined}
            <Loaded query={query} rows={8}>
              {(runs) =>
                runs.items.length === 0 ? (
                  items.length === 0 ? undefined : (
                    <Empty title={w("closes.empty")} detail={w("closes.empty.detail")} />
                  )
                ) : (
                  <Runs items={runs.items} entities={items} />
                )
              }
            </Loaded>
            <EntitiesCard entities={items} mayWrite={mayWrite} />
          </>
        )}
      </Loaded>
    </div>
  );
}

/** A month is over everywhere so long after it is in UTC. */
const OVER_AFTER_MS = 13 * 3_600_000;

function StartCard({ entities }: { readonly entities: readonly Entity[] }) {
  const { w, t, format } = useBilling();
  const navigate = useNavigate();
  const now = useNow();
  const months = monthsBefore(now, useMyZone());
  const overMonth = monthsBefore(now - OVER_AFTER_MS, "UTC")[1] ?? "";
  const [month, setMonth] = useState(overMonth);
  const [entityId, setEntityId] = useState(entities[0]?.id ?? "");
  const doing = useDoing();
  const isOver = month <= overMonth;
  const start = (dryRun: boolean): Promise<boolean> =>
    doing.run(async () => {
      const body = { legalEntityId: entityId, month, dryRun };
      const run = await answerOf(api.POST("/api/billing/closes", { body }));
      await billingChanged();
      await navigate({ to: "/closes/$id", params: { id: run.id } });
    });
  return (
    <section className="card close-start" aria-label={w("close.start")}>
      <Field label={w("month")}>
        <Select
          value={month}
          onChange={setMonth}
          options={months.map((value) => ({ value, label: format.month(value) }))}
        />
      </Field>
      {entities.length < 2 ? undefined : (
        <Field label={w("entity")}>
          <Select
            value={entityId}
            onChange={setEntityId}
            options={entities.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
      )}
      <Button loading={doing.isBusy} onClick={() => void start(true)}>
        {w("close.dry")}
      </Button>
      <Popconfirm
        title={w("close.sure", { month: format.month(month) })}
        description={w("close.sure.detail")}
        okText={w("close.start")}
        cancelText={t("customers.cancel")}
        onConfirm={() => void start(false)}
      >
        <Button type="primary" loading={doing.isBusy} disabled={!isOver}>
          {w("close.start")}
        </Button>
      </Popconfirm>
      {isOver ? undefined : <span className="soft">{w("close.notOver")}</span>}
      <Refusal error={doing.error} />
    </section>
  );
}

interface RunsProps {
  readonly items: readonly CloseRun[];
  readonly entities: readonly Entity[];
}

function Runs({ items, entities }: RunsProps) {
  const { w, format } = useBilling();
  const navigate = useNavigate();
  const nameOf = (id: string): string => entities.find((one) => one.id === id)?.name ?? id;
  return (
    <RowTable
      columns={[
        { text: w("month") },
        ...(entities.length > 1 ? [{ text: w("entity") }] : []),
        { text: w("state") },
        { text: w("close.drafted"), isAmount: true },
        { text: w("close.parked"), isAmount: true },
        { text: w("close.began") },
      ]}
    >
      <tbody>
        {items.map((run) => (
          <tr
            key={run.id}
            onClick={() => void navigate({ to: "/closes/$id", params: { id: run.id } })}
          >
            <td>
              <Link to="/closes/$id" params={{ id: run.id }} data-row>
                {format.month(run.month)}
              </Link>{" "}
              {run.dryRun ? <span className="tag">{w("close.dry")}</span> : undefined}
            </td>
            {entities.length > 1 ? <td>{nameOf(run.legalEntityId)}</td> : undefined}
            <td>{w(`close.${run.state}`)}</td>
            <td className="amount">{format.number(run.drafted)}</td>
            <td className={`amount ${run.parked > 0 ? "alert-text" : ""}`}>
              {format.number(run.parked)}
            </td>
            <td className="soft">
              <Age at={run.startedAt} /> · {run.byName}
            </td>
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}
