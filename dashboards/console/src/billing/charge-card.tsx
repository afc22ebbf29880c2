import { Button, InputNumber, Select } from "antd";
import type { Charge } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Faulty, TextFault } from "./faulty.tsx";
import {
  blankModel,
  METRICS,
  type Metric,
  MODELS,
  type Model,
  type ModelKind,
  type PlanFault,
  type Tiers,
  withChanged,
  without,
} from "./plan-draft.ts";

interface ChargeCardProps {
  readonly charge: Charge;
  readonly at: number;
  readonly fault: PlanFault | undefined;
  readonly set: (charge: Charge) => void;
  readonly remove: () => void;
}

const UNITS_MAX = 1e12;

/** What is counted, what of it is included, and how the rest is charged. */
export function ChargeCard({ charge, at, fault, set, remove }: ChargeCardProps) {
  const { w, known, label } = useBilling();
  const field = `charges.${at}`;
  return (
    <fieldset className="charge">
      <legend>{label(charge.name) || known("metric", charge.metric)}</legend>
      <div className="form">
        <Faulty {...{ fault, field: `${field}.metric`, label: w("charge.metric") }}>
          <Select<Metric>
            value={charge.metric}
            onChange={(metric) => {
              set({ ...charge, metric });
            }}
            options={METRICS.map((value) => ({ value, label: known("metric", value) }))}
          />
        </Faulty>
        <Faulty {...{ fault, field: `${field}.included`, label: w("charge.included") }}>
          <InputNumber
            min={0}
            max={UNITS_MAX}
            precision={0}
            value={charge.included}
            onChange={(included) => {
              set({ ...charge, included: included ?? 0 });
            }}
          />
        </Faulty>
        <ChargeNames {...{ charge, fault, field, set }} />
        <Faulty {...{ fault, field: `${field}.model.kind`, label: w("charge.model") }}>
          <Select<ModelKind>
            value={charge.model.kind}
            onChange={(kind) => {
              set({ ...charge, model: blankModel(kind) });
            }}
            options={MODELS.map((value) => ({ value, label: known("model", value) }))}
          />
        </Faulty>
        <p className="soft field-wide">{known("model.about", charge.model.kind)}</p>
        <ModelFields
          model={charge.model}
          field={`${field}.model`}
          fault={fault}
          set={(model) => {
            set({ ...charge, model });
          }}
        />
        <Button onClick={remove}>{w("charge.remove")}</Button>
      </div>
    </fieldset>
  );
}

interface ChargeNamesProps extends Pick<ChargeCardProps, "charge" | "fault" | "set"> {
  readonly field: string;
}

function ChargeNames({ charge, fault, field, set }: ChargeNamesProps) {
  const { w } = useBilling();
  return (
    <>
      <TextFault
        {...{ fault, field: `${field}.name.en`, label: w("plan.name.en") }}
        value={charge.name.en}
        set={(en) => {
          set({ ...charge, name: { ...charge.name, en } });
        }}
      />
      <TextFault
        {...{ fault, field: `${field}.name.zh-CN`, label: w("plan.name.zh") }}
        value={charge.name["zh-CN"]}
        set={(text) => {
          set({ ...charge, name: { ...charge.name, "zh-CN": text } });
        }}
      />
      <TextFault
        {...{ fault, field: `${field}.code`, label: w("code") }}
        value={charge.code}
        set={(code) => {
          set({ ...charge, code });
        }}
      />
    </>
  );
}

interface ModelProps {
  readonly model: Model;
  readonly field: string;
  readonly fault: PlanFault | undefined;
  readonly set: (model: Model) => void;
}

function ModelFields({ model, field, fault, set }: ModelProps) {
  const { w } = useBilling();
  switch (model.kind) {
    case "flat":
      return (
        <TextFault
          {...{ fault, field: `${field}.amount`, label: w("model.amount") }}
          value={model.amount}
          set={(amount) => {
            set({ ...model, amount });
          }}
        />
      );
    case "per-unit":
      return (
        <TextFault
          {...{ fault, field: `${field}.price`, label: w("model.price") }}
          value={model.price}
          set={(price) => {
            set({ ...model, price });
          }}
        />
      );
    case "package":
      return (
        <>
          <NumberFault
            {...{ fault, field: `${field}.size`, label: w("model.size"), value: model.size }}
            set={(size) => {
              set({ ...model, size });
            }}
          />
          <TextFault
            {...{ fault, field: `${field}.price`, label: w("model.packagePrice") }}
            value={model.price}
            set={(price) => {
              set({ ...model, price });
            }}
          />
        </>
      );
    case "percentage":
      return (
        <NumberFault
          {...{ fault, field: `${field}.basisPoints`, label: w("model.basisPoints") }}
          value={model.basisPoints}
          set={(basisPoints) => {
            set({ ...model, basisPoints });
          }}
        />
      );
    case "graduated":
    case "volume":
      return (
        <TierRows
          {...{ fault, field: `${field}.tiers`, tiers: model.tiers }}
          set={(tiers) => {
            set({ ...model, tiers });
          }}
        />
      );
  }
}

interface NumberFaultProps {
  readonly fault: PlanFault | undefined;
  readonly field: string;
  readonly label: string;
  readonly value: number;
  readonly set: (value: number) => void;
}

function NumberFault({ value, set, ...props }: NumberFaultProps) {
  return (
    <Faulty {...props}>
      <InputNumber
        min={0}
        max={UNITS_MAX}
        precision={0}
        value={value}
        onChange={(next) => {
          set(next ?? 0);
        }}
      />
    </Faulty>
  );
}

interface TierRowsProps {
  readonly fault: PlanFault | undefined;
  readonly field: string;
  readonly tiers: Tiers;
  readonly set: (tiers: Tiers) => void;
}

/** Each tier up to a unit; the last one has no end. */
function TierRows({ fault, field, tiers, set }: TierRowsProps) {
  const { w } = useBilling();
  const last = tiers.length - 1;
  const change = (at: number, next: Partial<Tiers[number]>): void => {
    const now = tiers[at];
    if (now !== undefined) set(withChanged(tiers, at, { ...now, ...next }));
  };
  const add = (): void => {
    const before = tiers[last - 1]?.upTo ?? 0;
    const next = { upTo: before + 1_000, price: tiers[last]?.price ?? "0", flat: "0" };
    set([...tiers.slice(0, last), next, ...tiers.slice(last)]);
  };
  return (
    <div className="field-wide tiers">
      {tiers.map((tier, at) => (
        <div key={at} className="tier">
          <Faulty {...{ fault, field: `${field}.${at}.upTo`, label: w("tier.upTo") }}>
            {tier.upTo === null ? (
              <span className="tier-end">{w("tier.end")}</span>
            ) : (
              <InputNumber
                min={0}
                max={UNITS_MAX}
                precision={0}
                value={tier.upTo}
                onChange={(upTo) => {
                  change(at, { upTo: upTo ?? 0 });
                }}
              />
            )}
          </Faulty>
          <TextFault
            {...{ fault, field: `${field}.${at}.price`, label: w("model.price") }}
            value={tier.price}
            set={(price) => {
              change(at, { price });
            }}
          />
          <TextFault
            {...{ fault, field: `${field}.${at}.flat`, label: w("tier.flat") }}
            value={tier.flat}
            set={(flat) => {
              change(at, { flat });
            }}
          />
          {at === last ? undefined : (
            <Button
              aria-label={w("tier.remove")}
              onClick={() => {
                set(without(tiers, at));
              }}
            >
              ✕
            </Button>
          )}
        </div>
      ))}
      <Button size="small" onClick={add}>
        {w("tier.add")}
      </Button>
    </div>
  );
}
