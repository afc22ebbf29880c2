import { InputNumber } from "antd";
import { Field } from "../customers/field.tsx";
import type { PlanSpec } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { priceText } from "./plan-files.ts";

const QUANTITY_MAX = 1_000;

/** By their codes; what is not there is none. */
export type Quantities = Readonly<Record<string, number>>;

interface AddOnFieldsProps {
  readonly spec: PlanSpec;
  readonly quantities: Quantities;
  readonly set: (quantities: Quantities) => void;
}

/** How many of each add-on of a plan; nothing where it has none. */
export function AddOnFields({ spec, quantities, set }: AddOnFieldsProps) {
  const { w, label, known, format } = useBilling();
  if (spec.addOns.length === 0) return undefined;
  return (
    <fieldset className="charge add-ons">
      <legend>{w("plan.addOns")}</legend>
      <div className="form">
        {spec.addOns.map(({ code, name, fee }) => (
          <Field
            key={code}
            label={label(name)}
            hint={`${priceText(fee, spec.currency, format)} ${known("interval", spec.fee.interval)}`}
          >
            <InputNumber
              min={0}
              max={QUANTITY_MAX}
              precision={0}
              value={quantities[code] ?? 0}
              onChange={(quantity) => {
                set({ ...quantities, [code]: quantity ?? 0 });
              }}
            />
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

/** As the API takes them: those that the plan has and that are wanted. */
export const chosenAddOns = (spec: PlanSpec, quantities: Quantities) =>
  spec.addOns
    .map(({ code }) => ({ code, quantity: quantities[code] ?? 0 }))
    .filter(({ quantity }) => quantity > 0);
