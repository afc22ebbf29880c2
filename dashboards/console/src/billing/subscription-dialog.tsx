import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { customerAssetsQuery, ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useNow } from "../time/use-now.ts";
import {
  type Account,
  billingChanged,
  type Plan,
  plansQuery,
  type Subscription,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Months } from "./plan-preview.tsx";
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
}

/** A new subscription, or another plan for one, with what it will be invoiced. */
export function SubscriptionDialog({ account, subscription, close }: SubscriptionDialogProps) {
  const { w, t } = useBilling();
  const [draft, setDraft] = useState<Draft>({
    ...{ planId: undefined, address: undefined, onAcceptance: false },
    day: new Date(useNow()).toISOString().slice(0, 10),
  });
  const doing = useDoing();
  const plans = useQuery(plansQuery()).data?.items ?? [];
  const fitting = plans.filter(
    ({ id, spec }) =>
      spec.currency === account.currency &&
      (subscription === undefined ||
        ((spec.scope === "account") === (subscription.address === null) &&
          id !== subscription.planId)),
  );
  const plan = fitting.find(({ id }) => id === draft.planId);
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const save = async (): Promise<void> => {
    if (plan === undefined) return;
    const isDone = await doing.run(async () => {
      await (subscription === undefined
        ? started(account.customerId, plan, draft)
        : moved(subscription, plan, draft.day));
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
      {plan === undefined || draft.day === "" ? undefined : (
        <PricePreview key={plan.id} plan={plan} day={draft.day} />
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
        ...{ customerId, planId: id, addOns: [] },
        address: spec.scope === "terminal" ? (draft.address ?? null) : null,
        startsOn: draft.onAcceptance && spec.scope === "terminal" ? null : draft.day,
      },
    }),
  );

const moved = (subscription: Subscription, plan: Plan, day: string): Promise<unknown> =>
  answerOf(
    api.POST("/api/billing/subscriptions/{id}/changes", {
      params: { path: { id: subscription.id } },
      headers: ifMatch(subscription.version),
      body: { kind: "move", day, planId: plan.id, addOns: [] },
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
        placeholder={plans.length === 0 ? w("subscription.noPlan") : w("subscription.choosePlan")}
        value={draft.planId ?? null}
        onChange={(planId) => {
          set({ planId });
        }}
        options={plans.map(({ id, spec, version }) => ({
          value: id,
          label: `${label(spec.name)} · ${spec.code} ${w("version", { version })}`,
        }))}
      />
    </Field>
  );
}

function TerminalChoice({ customerId, draft, set }: ChoiceProps & { readonly customerId: string }) {
  const { w } = useBilling();
  const assets = useQuery(customerAssetsQuery(customerId)).data?.items ?? [];
  const terminals = assets.flatMap((asset) => asset.terminals);
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
    </Field>
  );
}

const PREVIEW_MONTHS = 3;

/** What it will be invoiced if it uses so much a month. */
function PricePreview({ plan, day }: { readonly plan: Plan; readonly day: string }) {
  const { w, known } = useBilling();
  const metric = plan.spec.charges[0]?.metric;
  const [units, setUnits] = useState(100);
  const preview = usePreview({
    ...{ spec: plan.spec, startsOn: day, months: PREVIEW_MONTHS },
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
