import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Checkbox, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { customerAssetsQuery, ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useNow } from "../time/use-now.ts";
import { AddOnFields, chosenAddOns, type Quantities } from "./add-on-fields.tsx";
import {
  type Account,
  billingChanged,
  type Plan,
  plansQuery,
  type Subscription,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Months } from "./plan-preview.tsx";
import { termNow } from "./subscription-terms.ts";
import { usePreview } from "./use-preview.ts";

interface SubscriptionDialogProps {
  readonly account: Account;
  /** Undefined: a new one. */
  readonly subscription?: Subscription;
  readonly close: () => void;
}

interface Draft {
  readonly planId: string | undefined;
  readonly address: number | undefined;
  readonly day: string;
  readonly onAcceptance: boolean;
  readonly quantities: Quantities;
}

function draftOf(subscription: Subscription | undefined, day: string): Draft {
  const chosen = subscription === undefined ? [] : (termNow(subscription)?.addOns ?? []);
  return {
    ...{ planId: subscription?.planId, address: undefined, onAcceptance: false, day },
    quantities: Object.fromEntries(chosen.map(({ code, quantity }) => [code, quantity])),
  };
}

/** Those that it can be; a running one may also keep its own version, which may be no more the newest. */
function usePlans(account: Account, subscription: Subscription | undefined): readonly Plan[] {
  const newest = useQuery(plansQuery()).data?.items ?? [];
  const own = useQuery({
    ...plansQuery(subscription?.planCode),
    enabled: subscription !== undefined,
  }).data?.items;
  const held = own?.find(({ id }) => id === subscription?.planId);
  return [
    ...(held === undefined || newest.some(({ id }) => id === held.id) ? [] : [held]),
    ...newest.filter(
      ({ spec }) =>
        spec.currency === account.currency &&
        (subscription === undefined ||
          (spec.scope === "account") === (subscription.address === null)),
    ),
  ];
}

/** A new subscription, or another plan or other add-ons for one, with what it will be invoiced. */
export function SubscriptionDialog({ account, subscription, close }: SubscriptionDialogProps) {
  const { w, t } = useBilling();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [draft, setDraft] = useState(() => draftOf(subscription, today));
  const doing = useDoing();
  const fitting = usePlans(account, subscription);
  const plan = fitting.find(({ id }) => id === draft.planId);
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const save = async (): Promise<void> => {
    if (plan === undefined) return;
    const isDone = await doing.run(async () => {
      await (subscription === undefined
        ? started(account.customerId, plan, draft)
        : moved(subscription, plan, draft));
      await billingChanged();
    });
    if (isDone) close();
  };
  const isForTerminal = subscription === undefined && plan?.spec.scope === "terminal";
  return (
    <Modal
      open
      title={w(subscription === undefined ? "subscription.add" : "deed.move")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{
        disabled: plan === undefined || (isForTerminal && draft.address === undefined),
      }}
      confirmLoading={doing.isBusy}
      width={620}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="form">
        <PlanChoice plans={fitting} draft={draft} set={set} />
        {isForTerminal ? (
          <TerminalChoice customerId={account.customerId} draft={draft} set={set} />
        ) : undefined}
        <StartFields draft={draft} set={set} isForTerminal={isForTerminal} />
      </div>
      {plan === undefined ? undefined : (
        <AddOnFields
          spec={plan.spec}
          quantities={draft.quantities}
          set={(quantities) => {
            set({ quantities });
          }}
        />
      )}
      {plan === undefined || draft.day === "" ? undefined : (
        <PricePreview key={plan.id} plan={plan} draft={draft} />
      )}
      {subscription === undefined ? undefined : <p className="soft">{w("deed.move.detail")}</p>}
      <Refusal error={doing.error} />
    </Modal>
  );
}

const started = (customerId: string, { id, spec }: Plan, draft: Draft): Promise<unknown> =>
  answerOf(
    api.POST("/api/billing/subscriptions", {
      body: {
        ...{ customerId, planId: id, addOns: chosenAddOns(spec, draft.quantities) },
        address: spec.scope === "terminal" ? (draft.address ?? null) : null,
        startsOn: draft.onAcceptance && spec.scope === "terminal" ? null : draft.day,
      },
    }),
  );

const moved = (
  subscription: Subscription,
  { id, spec }: Plan,
  { day, quantities }: Draft,
): Promise<unknown> =>
  answerOf(
    api.POST("/api/billing/subscriptions/{id}/changes", {
      params: { path: { id: subscription.id } },
      headers: ifMatch(subscription.version),
      body: { kind: "move", day, planId: id, addOns: chosenAddOns(spec, quantities) },
    }),
  );

interface ChoiceProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function PlanChoice({ plans, draft, set }: ChoiceProps & { readonly plans: readonly Plan[] }) {
  const { w, label } = useBilling();
  return (
    <Field label={w("plan")} wide>
      <Select<string>
        autoFocus
        showSearch={{ optionFilterProp: "label" }}
        placeholder={w("subscription.choosePlan")}
        value={draft.planId ?? null}
        onChange={(planId) => {
          set({ planId });
        }}
        options={plans.map(({ id, spec, version }) => ({
          value: id,
          label: `${label(spec.name)} · ${spec.code} ${w("version", { version })}`,
        }))}
      />
      {plans.length === 0 ? (
        <small className="field-fault" role="alert">
          {w("subscription.noPlan")} <Link to="/plans">{w("plans")}</Link>
        </small>
      ) : undefined}
    </Field>
  );
}

function TerminalChoice({ customerId, draft, set }: ChoiceProps & { readonly customerId: string }) {
  const { w, t } = useBilling();
  const assets = useQuery(customerAssetsQuery(customerId)).data?.items;
  const terminals = (assets ?? []).flatMap((asset) => asset.terminals);
  return (
    <Field label={w("subscription.terminal")} wide>
      <Select<number>
        showSearch={{ optionFilterProp: "label" }}
        placeholder={w("subscription.chooseTerminal")}
        value={draft.address ?? null}
        onChange={(address) => {
          set({ address });
        }}
        options={terminals.map(({ address, name, serial }) => ({
          value: address,
          label: name === "" ? serial : `${name} · ${serial}`,
        }))}
      />
      {assets !== undefined && terminals.length === 0 ? (
        <small className="field-fault" role="alert">
          {w("subscription.noTerminal")} <Link to="/assets">{t("nav.assets")}</Link>
        </small>
      ) : undefined}
    </Field>
  );
}

const PREVIEW_MONTHS = 3;

/** What it will be invoiced if it uses so much a month. */
function PricePreview({ plan, draft }: { readonly plan: Plan; readonly draft: Draft }) {
  const { w, known } = useBilling();
  const metric = plan.spec.charges[0]?.metric;
  const [units, setUnits] = useState(100);
  const preview = usePreview({
    ...{ spec: plan.spec, startsOn: draft.day, months: PREVIEW_MONTHS },
    addOns: chosenAddOns(plan.spec, draft.quantities),
    usage: metric === undefined ? {} : { [metric]: units },
  });
  return (
    <section className="card subscription-preview" aria-label={w("preview")}>
      {metric === undefined ? undefined : (
        <Field label={`${w("preview.units")}: ${known("metric", metric)}`}>
          <InputNumber
            min={0}
            max={1e9}
            precision={0}
            value={units}
            onChange={(value) => {
              setUnits(value ?? 0);
            }}
          />
        </Field>
      )}
      <Refusal error={preview.error} />
      {preview.data === undefined ? undefined : (
        <Months months={preview.data.months} currency={plan.spec.currency} />
      )}
    </section>
  );
}

function StartFields({
  draft,
  set,
  isForTerminal,
}: ChoiceProps & { readonly isForTerminal: boolean }) {
  const { w } = useBilling();
  return (
    <>
      <Field label={w("subscription.day")}>
        <Input
          type="date"
          disabled={draft.onAcceptance}
          value={draft.day}
          onChange={(event) => {
            set({ day: event.target.value });
          }}
        />
      </Field>
      {isForTerminal ? (
        <Checkbox
          checked={draft.onAcceptance}
          onChange={(event) => {
            set({ onAcceptance: event.target.checked });
          }}
        >
          {w("subscription.onAcceptance")}
        </Checkbox>
      ) : undefined}
    </>
  );
}
