import { Checkbox, InputNumber, Select } from "antd";
import type { Field as ReportField } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { AreaField, Metres } from "./area-field.tsx";
import { CelField } from "./cel-field.tsx";
import { isNumeric } from "./cel-help.ts";
import type { Draft } from "./draft.ts";
import { HoursField } from "./hours-field.tsx";
import type { RuleProblem } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";
import { TimeField } from "./time-field.tsx";

export interface SignalFormProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
  readonly fields: readonly ReportField[];
  /** Of the rule as it stands; undefined while it is not known. */
  readonly problems: readonly RuleProblem[] | undefined;
}

/** What a rule of the chosen kind needs. */
export function SignalForm(props: SignalFormProps) {
  switch (props.draft.kind) {
    case "condition":
      return <ConditionForm {...props} />;
    case "silence":
      return undefined;
    case "rate-of-change":
      return <RateForm {...props} />;
    case "geofence":
      return <AreaField draft={props.draft} set={props.set} />;
    case "schedule":
      return <ScheduleForm {...props} />;
    case "guard":
      return <GuardForm {...props} />;
  }
}

type Expression = "condition" | "clear" | "parked" | "disarmed";

interface ExpressionFieldProps extends SignalFormProps {
  readonly name: Expression;
  readonly label: string;
  readonly hint?: string;
}

function ExpressionField({ name, label, hint, ...form }: ExpressionFieldProps) {
  const { draft, set, fields, problems } = form;
  return (
    <CelField
      label={label}
      {...(hint === undefined ? {} : { hint })}
      value={draft[name]}
      onChange={(text) => {
        set({ [name]: text });
      }}
      fields={fields}
      problems={problems?.filter(({ path }) => path === `signal.${name}`)}
    />
  );
}

function ConditionForm(props: SignalFormProps) {
  const { w } = useWords();
  return (
    <>
      <ExpressionField {...props} name="condition" label={w("condition")} />
      <ExpressionField {...props} name="clear" label={w("clear")} hint={w("clear.hint")} />
    </>
  );
}

function ScheduleForm(props: SignalFormProps) {
  const { w } = useWords();
  const { draft, set } = props;
  return (
    <>
      <ExpressionField {...props} name="condition" label={w("plan.condition")} />
      <HoursField
        label={w("plan")}
        hint=""
        hours={draft.plan}
        onChange={(plan) => {
          set({ plan });
        }}
      />
      <Checkbox
        className="field-wide"
        checked={draft.strict}
        onChange={(event) => {
          set({ strict: event.target.checked });
        }}
      >
        {w("strict")}
      </Checkbox>
    </>
  );
}

function RateForm({ draft, set, fields }: SignalFormProps) {
  const { w, label } = useWords();
  const field = fields.find(({ name }) => name === draft.field);
  return (
    <>
      <Field label={w("field")}>
        <Select
          showSearch
          aria-label={w("field")}
          placeholder={w("field.choose")}
          value={draft.field || null}
          onChange={(name: string | null) => {
            set({ field: name ?? "" });
          }}
          options={fields.filter(isNumeric).map((each) => ({
            value: each.name,
            label: `${label(each.label)}${each.unit === "" ? "" : ` (${each.unit})`}`,
          }))}
        />
      </Field>
      <Field label={w("direction")}>
        <Select
          aria-label={w("direction")}
          value={draft.direction}
          onChange={(direction) => {
            set({ direction });
          }}
          options={(["either", "up", "down"] as const).map((value) => ({
            value,
            label: w(`direction.${value}`),
          }))}
        />
      </Field>
      <Field label={w("change")}>
        <InputNumber<number>
          aria-label={w("change")}
          value={draft.change}
          min={0.001}
          {...(field === undefined || field.unit === "" ? {} : { suffix: field.unit })}
          onChange={(change) => {
            set({ change });
          }}
        />
      </Field>
      <TimeField
        label={w("within")}
        value={draft.withinS}
        min={1}
        onChange={(withinS) => {
          set({ withinS });
        }}
      />
    </>
  );
}

function GuardForm(props: SignalFormProps) {
  const { w } = useWords();
  const { draft, set } = props;
  return (
    <>
      <ExpressionField {...props} name="parked" label={w("parked")} />
      <ExpressionField {...props} name="disarmed" label={w("disarmed")} />
      <TimeField
        label={w("arm.after")}
        value={draft.armAfterS}
        onChange={(armAfterS) => {
          set({ armAfterS });
        }}
      />
      <Metres
        label={w("guard.radius")}
        value={draft.guardRadiusM}
        {...{ min: 20, max: 10_000 }}
        onChange={(guardRadiusM) => {
          set({ guardRadiusM });
        }}
      />
    </>
  );
}
