import "../customers/customers.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Alert, Button, Upload } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { billingChanged, type Plan, plansQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { plansInFile, priceText, saveAsFile } from "./plan-files.ts";
import { RowTable } from "./row-table.tsx";

/** The newest version of every plan. */
export function PlansPage() {
  const { w } = useBilling();
  useTitle(w("plans"));
  const query = useQuery(plansQuery());
  const items = query.data?.items ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("plans")}</h1>
        <span className="grow" />
        <Actions items={items} />
      </div>
      <Loaded query={query} rows={8}>
        {() =>
          items.length === 0 ? (
            <Empty title={w("plans.empty")} detail={w("plans.empty.detail")} />
          ) : (
            <Table items={items} />
          )
        }
      </Loaded>
    </div>
  );
}

function Actions({ items }: { readonly items: readonly Plan[] }) {
  const { w } = useBilling();
  const mayWrite = useMay()("plans:write");
  const navigate = useNavigate();
  const doing = useDoing();
  const [told, setTold] = useState<number>();
  const take = (file: File): Promise<boolean> =>
    doing.run(async () => {
      const plans = plansInFile(await file.text());
      const saved = await answerOf(api.POST("/api/billing/plans", { body: { plans } }));
      setTold(saved.items.length);
      await billingChanged();
    });
  return (
    <div className="actions">
      <Refusal error={doing.error} />
      {told === undefined ? undefined : (
        <Alert type="success" title={w("plans.imported", { count: told })} />
      )}
      {items.length === 0 ? undefined : (
        <Button
          onClick={() => {
            saveAsFile(items.map(({ spec }) => spec));
          }}
        >
          {w("plans.export")}
        </Button>
      )}
      {mayWrite ? (
        <>
          <Upload
            accept=".json,application/json"
            showUploadList={false}
            beforeUpload={(file) => {
              void take(file);
              return false;
            }}
          >
            <Button loading={doing.isBusy}>{w("plans.import")}</Button>
          </Upload>
          <Button
            type="primary"
            onClick={() => void navigate({ to: "/plans/$code", params: { code: "new" } })}
          >
            {w("plans.add")}
          </Button>
        </>
      ) : undefined}
    </div>
  );
}

function Table({ items }: { readonly items: readonly Plan[] }) {
  const { w, known, label, format } = useBilling();
  const navigate = useNavigate();
  return (
    <RowTable
      columns={[
        { text: w("plan") },
        { text: w("plan.version") },
        { text: w("plan.fee"), isAmount: true },
        { text: w("plan.charges") },
        { text: w("plan.subscriptions"), isAmount: true },
      ]}
    >
      <tbody>
        {items.map(({ id, spec, version, subscriptions }) => (
          <tr
            key={id}
            onClick={() => void navigate({ to: "/plans/$code", params: { code: spec.code } })}
          >
            <td>
              <Link to="/plans/$code" params={{ code: spec.code }} data-row>
                {label(spec.name)}
              </Link>{" "}
              <span className="mono soft">{spec.code}</span>
            </td>
            <td>{version}</td>
            <td className="amount">
              {priceText(spec.fee.amount, spec.currency, format)}{" "}
              <span className="soft">{known("interval", spec.fee.interval)}</span>
            </td>
            <td className="soft">
              {spec.charges.map((charge) => label(charge.name)).join(", ") || "—"}
            </td>
            <td className="amount">{format.number(subscriptions)}</td>
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}
