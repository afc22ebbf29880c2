import { Button, InputNumber } from "antd";
import type { PlanSpec } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { ChargeCard } from "./charge-card.tsx";
import { Choice, Faulty, TextFault } from "./faulty.tsx";
import { blankCharge, type PlanFault, withChanged, without } from "./plan-draft.ts";
import { PromiseCard } from "./promise-card.tsx";

interface PlanFormProps {
  readonly draft: PlanSpec;
  readonly set: (draft: PlanSpec) => void;
  readonly fault: PlanFault | undefined;
  readonly isNew: boolean;
}

/** All that a plan says, each field with what is wrong with it. */
export function PlanForm(props: PlanFormProps) {
  const { w } = useBilling();
  const { draft, set, fault } = props;
  return (
    <>
      <section className="card plan-card">
        <h2>{w("plan.what")}</h2>
        <Identity {...props} />
      </section>
      <section className="card plan-card">
        <h2>{w("plan.fees")}</h2>
        <Fees {...props} />
      </section>
      <section className="card plan-card">
        <h2>
          {w("plan.charges")}
          <Button
            size="small"
            onClick={() => {
              const codes = draft.charges.map(({ code }) => code);
              set({ ...draft, charges: [...draft.charges, blankCharge(codes)] });
            }}
          >
            {w("charge.add")}
          </Button>
        </h2>
        {draft.charges.length === 0 ? (
          <p className="small-empty">{w("charges.none")}</p>
        ) : undefined}
        {draft.charges.map((charge, at) => (
          <ChargeCard
            key={at}
            {...{ charge, fault, at }}
            set={(next) => {
              set({ ...draft, charges: withChanged(draft.charges, at, next) });
            }}
            remove={() => {
              set({ ...draft, charges: without(draft.charges, at) });
            }}
          />
        ))}
      </section>
      <AddOns {...props} />
      {draft.scope === "terminal" ? <PromiseCard {...props} /> : undefined}
    </>
  );
}

const codeOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-$/g, "")
    .slice(0, 40);

function Identity({ draft, set, fault, isNew }: PlanFormProps) {
  const { w } = useBilling();
  const named = (en: string): void => {
    const follows = isNew && draft.code === codeOf(draft.name.en);
    set({ ...draft, name: { ...draft.name, en }, ...(follows ? { code: codeOf(en) } : {}) });
  };
  return (
    <div className="form">
      <TextFault
        {...{ fault, field: "name.en", label: w("plan.name.en") }}
        value={draft.name.en}
        set={named}
      />
      <TextFault
        {...{ fault, field: "name.zh-CN", label: w("plan.name.zh") }}
        value={draft.name["zh-CN"]}
        set={(text) => {
          set({ ...draft, name: { ...draft.name, "zh-CN": text } });
        }}
      />
      <TextFault
        {...{ fault, field: "code", label: w("code"), isFixed: !isNew }}
        value={draft.code}
        set={(code) => {
          set({ ...draft, code });
        }}
      />
      <TextFault
        {...{ fault, field: "currency", label: w("currency") }}
        value={draft.currency}
        set={(currency) => {
          set({ ...draft, currency: currency.toUpperCase() });
        }}
      />
      <Choice<PlanSpec["scope"]>
        {...{ fault, field: "scope", label: w("plan.scope"), prefix: "scope" }}
        values={["terminal", "account"]}
        value={draft.scope}
        set={(scope) => {
          // a promise is made to a terminal
          const { serviceLevel, ...rest } = draft;
          const isKept = scope === "terminal" && serviceLevel !== undefined;
          set({ ...rest, scope, ...(isKept ? { serviceLevel } : {}) });
        }}
      />
      <Choice<PlanSpec["serviceClass"]>
        {...{ fault, field: "serviceClass", label: w("plan.serviceClass"), prefix: "class" }}
        values={["life-safety", "security", "convenience"]}
        value={draft.serviceClass}
        set={(serviceClass) => {
          set({ ...draft, serviceClass });
        }}
      />
      <TextFault
        {...{ fault, field: "taxClass", label: w("plan.taxClass") }}
        value={draft.taxClass}
        set={(taxClass) => {
          set({ ...draft, taxClass });
        }}
      />
    </div>
  );
}

function Fees({ draft, set, fault }: PlanFormProps) {
  const { w } = useBilling();
  const { fee } = draft;
  const setFee = (next: Partial<PlanSpec["fee"]>): void => {
    set({ ...draft, fee: { ...fee, ...next } });
  };
  return (
    <div className="form">
      <TextFault
        {...{ fault, field: "fee.amount", label: `${w("plan.fee")} (${draft.currency})` }}
        value={fee.amount}
        set={(amount) => {
          setFee({ amount });
        }}
      />
      <Choice<PlanSpec["fee"]["interval"]>
        {...{ fault, field: "fee.interval", label: w("plan.interval"), prefix: "interval" }}
        values={["monthly", "quarterly", "half-yearly", "yearly"]}
        value={fee.interval}
        set={(interval) => {
          setFee({ interval });
        }}
      />
      <Choice<PlanSpec["fee"]["timing"]>
        {...{ fault, field: "fee.timing", label: w("plan.timing"), prefix: "timing" }}
        values={["advance", "arrears"]}
        value={fee.timing}
        set={(timing) => {
          setFee({ timing });
        }}
      />
      <Choice<PlanSpec["fee"]["anchor"]>
        {...{ fault, field: "fee.anchor", label: w("plan.anchor"), prefix: "anchor" }}
        values={["calendar", "start"]}
        value={fee.anchor}
        set={(anchor) => {
          setFee({ anchor });
        }}
      />
      <TextFault
        {...{ fault, field: "activationFee", label: w("plan.activationFee") }}
        value={draft.activationFee}
        set={(activationFee) => {
          set({ ...draft, activationFee });
        }}
      />
      <TextFault
        {...{ fault, field: "minimum", label: w("plan.minimum") }}
        value={draft.minimum}
        set={(minimum) => {
          set({ ...draft, minimum });
        }}
      />
      <Faulty {...{ fault, field: "trialDays", label: w("plan.trialDays") }}>
        <InputNumber
          min={0}
          max={366}
          precision={0}
          value={draft.trialDays}
          onChange={(trialDays) => {
            set({ ...draft, trialDays: trialDays ?? 0 });
          }}
        />
      </Faulty>
    </div>
  );
}

function AddOns({ draft, set, fault }: PlanFormProps) {
  const { w } = useBilling();
  const { addOns } = draft;
  return (
    <section className="card plan-card">
      <h2>
        {w("plan.addOns")}
        <Button
          size="small"
          onClick={() => {
            const next = { code: "", name: { en: "", "zh-CN": "" }, fee: "1.00" };
            set({ ...draft, addOns: [...addOns, next] });
          }}
        >
          {w("addOn.new")}
        </Button>
      </h2>
      {addOns.map((addOn, at) => (
        <AddOnCard
          key={at}
          {...{ addOn, fault, field: `addOns.${at}` }}
          set={(next) => {
            set({ ...draft, addOns: withChanged(addOns, at, next) });
          }}
          remove={() => {
            set({ ...draft, addOns: without(addOns, at) });
          }}
        />
      ))}
    </section>
  );
}

type AddOn = PlanSpec["addOns"][number];

interface AddOnCardProps {
  readonly addOn: AddOn;
  readonly field: string;
  readonly fault: PlanFault | undefined;
  readonly set: (addOn: AddOn) => void;
  readonly remove: () => void;
}

function AddOnCard({ addOn, field, fault, set, remove }: AddOnCardProps) {
  const { w, label } = useBilling();
  const { name } = addOn;
  return (
    <fieldset className="charge">
      <legend>{label(name) || w("addOn.add")}</legend>
      <div className="form">
        <TextFault
          {...{ fault, field: `${field}.name.en`, label: w("plan.name.en") }}
          value={name.en}
          set={(en) => {
            const code = addOn.code === codeOf(name.en) ? codeOf(en) : addOn.code;
            set({ ...addOn, code, name: { ...name, en } });
          }}
        />
        <TextFault
          {...{ fault, field: `${field}.name.zh-CN`, label: w("plan.name.zh") }}
          value={name["zh-CN"]}
          set={(text) => {
            set({ ...addOn, name: { ...name, "zh-CN": text } });
          }}
        />
        <TextFault
          {...{ fault, field: `${field}.code`, label: w("code") }}
          value={addOn.code}
          set={(code) => {
            set({ ...addOn, code });
          }}
        />
        <TextFault
          {...{ fault, field: `${field}.fee`, label: w("plan.fee") }}
          value={addOn.fee}
          set={(fee) => {
            set({ ...addOn, fee });
          }}
        />
        <Button onClick={remove}>{w("remove")}</Button>
      </div>
    </fieldset>
  );
}
