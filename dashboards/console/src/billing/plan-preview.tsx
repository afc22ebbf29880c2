import { InputNumber, Select } from "antd";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import type { PlanSpec } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { lineName } from "./invoice-lines.tsx";
import { Money } from "./marks.tsx";
import type { Metric } from "./plan-draft.ts";
import { PriceCurve } from "./price-curve.tsx";
import type { Preview } from "./use-preview.ts";

interface PlanPreviewProps {
  readonly spec: PlanSpec;
  readonly preview: Preview;
  readonly metric: Metric;
  readonly units: number;
  readonly setMetric: (metric: Metric) => void;
  readonly setUnits: (units: number) => void;
}

const UNITS_MAX = 1e9;

/** What one subscription would be invoiced, and the price of its use as a picture. */
export function PlanPreview(props: PlanPreviewProps) {
  const { w, known } = useBilling();
  const { spec, preview, metric, units, setMetric, setUnits } = props;
  const metrics = [...new Set(spec.charges.map((charge) => charge.metric))];
  return (
    <section className="card plan-card" aria-live="polite">
      <h2>{w("preview")}</h2>
      <div className="form">
        <Field label={w("charge.metric")}>
          <Select<Metric>
            value={metric}
            onChange={setMetric}
            options={(metrics.length === 0 ? [metric] : metrics).map((value) => ({
              value,
              label: known("metric", value),
            }))}
          />
        </Field>
        <Field label={w("preview.units")}>
          <InputNumber
            min={1}
            max={UNITS_MAX}
            precision={0}
            value={units}
            onChange={(value) => {
              setUnits(value ?? 1);
            }}
          />
        </Field>
      </div>
      {preview.fault === undefined ? (
        <Refusal error={preview.error} />
      ) : (
        <p className="field-fault" role="alert">
          {w("preview.fault")}
        </p>
      )}
      {preview.data === undefined ? undefined : (
        <>
          <PriceCurve
            points={preview.data.curve}
            currency={spec.currency}
            unit={known("metric", metric)}
            at={units}
          />
          <Months months={preview.data.months} currency={spec.currency} />
        </>
      )}
    </section>
  );
}

interface MonthsProps {
  readonly months: NonNullable<Preview["data"]>["months"];
  readonly currency: string;
}

export function Months({ months, currency }: MonthsProps) {
  const speech = useBilling();
  const { w, format } = speech;
  return (
    <table className="preview-months">
      <caption className="soft">{w("preview.months")}</caption>
      <tbody>
        {months.map(({ month, net, lines }) => (
          <tr key={month}>
            <th scope="row">{format.month(month)}</th>
            <td className="soft">
              {lines
                .map((line) => {
                  // what is paid in advance stands beside what is not
                  const of = line.from.startsWith(month)
                    ? ""
                    : ` (${format.month(line.from.slice(0, 7))})`;
                  return `${lineName(speech, line)}${of} ${format.money(line.net, currency)}`;
                })
                .join(" + ")}
            </td>
            <td className="amount">
              <strong>
                <Money minor={net} currency={currency} />
              </strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
