import "../customers/customers.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { billingChanged, type Plan, type PlanSpec, plansQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { BLANK_PLAN, type Metric } from "./plan-draft.ts";
import { saveAsFile } from "./plan-files.ts";
import { PlanForm } from "./plan-form.tsx";
import { PlanPreview } from "./plan-preview.tsx";
import { usePreview } from "./use-preview.ts";

const NEW = "new";
const PREVIEW_MONTHS = 3;

const firstOfMonth = (nowMs: number): string => `${new Date(nowMs).toISOString().slice(0, 7)}-01`;

/** One plan: its versions, and the next one in the making with what it would cost. */
export function PlanPage() {
  const { w } = useBilling();
  const { code } = useParams({ from: "/plans/$code" });
  const query = useQuery({ ...plansQuery(code), enabled: code !== NEW });
  if (code === NEW) return <Editor key={NEW} versions={[]} />;
  return (
    <Loaded query={query} rows={14}>
      {({ items }) =>
        items.length === 0 ? (
          <div className="page">
            <Empty title={w("plan.missing")}>
              <Link to="/plans">{w("plans")}</Link>
            </Empty>
          </div>
        ) : (
          <Editor key={`${code} ${items.length}`} versions={items} />
        )
      }
    </Loaded>
  );
}

function Editor({ versions }: { readonly versions: readonly Plan[] }) {
  const { w, label } = useBilling();
  const mayWrite = useMay()("plans:write");
  const newest = versions.reduce<Plan | undefined>(
    (best, one) => (best === undefined || one.version > best.version ? one : best),
    undefined,
  );
  const [draft, setDraft] = useState<PlanSpec>(newest?.spec ?? BLANK_PLAN);
  const [chosen, setMetric] = useState<Metric>();
  const [units, setUnits] = useState(1_000);
  const metric = chosen ?? draft.charges[0]?.metric ?? "reports";
  const startsOn = firstOfMonth(useNow());
  const asked = usePreview({
    ...{ spec: draft, startsOn, months: PREVIEW_MONTHS, usage: { [metric]: units } },
    curve: { metric, most: Math.max(units * 2, 2) },
  });
  // nothing is wrong with what nobody has begun to write
  const preview = draft === BLANK_PLAN ? { ...asked, error: null, fault: undefined } : asked;
  const title = newest === undefined ? w("plans.add") : label(newest.spec.name);
  useTitle(title);
  return (
    <div className="page">
      <div className="page-head">
        <div className="customer-title">
          <nav className="soft">
            <Link to="/plans">{w("plans")}</Link>
          </nav>
          <h1>{title}</h1>
        </div>
        {newest === undefined ? undefined : (
          <Versions versions={versions} newest={newest} show={setDraft} />
        )}
        <span className="grow" />
        <Save draft={draft} newest={newest} mayWrite={mayWrite} />
      </div>
      <div className="card-columns plan-columns">
        <div>
          <PlanForm
            draft={draft}
            set={setDraft}
            fault={preview.fault}
            isNew={newest === undefined}
          />
        </div>
        <div>
          <PlanPreview spec={draft} {...{ preview, metric, units, setMetric, setUnits }} />
        </div>
      </div>
    </div>
  );
}

interface VersionsProps {
  readonly versions: readonly Plan[];
  readonly newest: Plan;
  readonly show: (spec: PlanSpec) => void;
}

function Versions({ versions, newest, show }: VersionsProps) {
  const { w } = useBilling();
  const [id, setId] = useState(newest.id);
  return (
    <Select
      aria-label={w("plan.version")}
      value={id}
      onChange={(next) => {
        setId(next);
        const found = versions.find((one) => one.id === next);
        if (found !== undefined) show(found.spec);
      }}
      options={versions
        .toSorted((one, other) => other.version - one.version)
        .map((one) => ({
          value: one.id,
          label: `${w("version", { version: one.version })} · ${w("plan.held", { count: one.subscriptions })}`,
        }))}
    />
  );
}

interface SaveProps {
  readonly draft: PlanSpec;
  readonly newest: Plan | undefined;
  readonly mayWrite: boolean;
}

function Save({ draft, newest, mayWrite }: SaveProps) {
  const { w } = useBilling();
  const navigate = useNavigate();
  const doing = useDoing();
  const save = (): Promise<boolean> =>
    doing.run(async () => {
      await answerOf(api.POST("/api/billing/plans", { body: { plans: [draft] } }));
      await billingChanged();
      await navigate({ to: "/plans/$code", params: { code: draft.code } });
    });
  return (
    <div className="actions">
      <Refusal error={doing.error} />
      <Button
        onClick={() => {
          saveAsFile([draft]);
        }}
      >
        {w("plans.export")}
      </Button>
      {mayWrite ? (
        <Button
          type="primary"
          loading={doing.isBusy}
          disabled={JSON.stringify(draft) === JSON.stringify(newest?.spec)}
          onClick={() => void save()}
        >
          {newest === undefined
            ? w("plan.save")
            : w("plan.save.next", { version: newest.version + 1 })}
        </Button>
      ) : undefined}
    </div>
  );
}
