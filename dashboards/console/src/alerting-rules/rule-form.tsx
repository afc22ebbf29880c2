import { Input, InputNumber, Select } from "antd";
import { SEVERITIES } from "../alarms/severities.ts";
import { Field } from "../customers/field.tsx";
import { HoursField } from "./hours-field.tsx";
import { useWords } from "./rule-words.ts";
import { SIGNAL_KINDS } from "./rules-search.ts";
import { ScopeFields } from "./scope-fields.tsx";
import { SignalForm, type SignalFormProps } from "./signal-form.tsx";
import { TimeField } from "./time-field.tsx";

/** Everything that a rule says. */
export function RuleForm(props: SignalFormProps) {
  const { w } = useWords();
  const { draft, set } = props;
  return (
    <>
      <section className="card rule-part">
        <h2>{w("part.where")}</h2>
        <div className="form">
          <Titles draft={draft} set={set} />
          <ScopeFields draft={draft} set={set} />
        </div>
      </section>
      <section className="card rule-part">
        <h2>{w("part.what")}</h2>
        <div className="form">
          <Field label={w("column.kind")}>
            <Select
              aria-label={w("column.kind")}
              value={draft.kind}
              onChange={(kind) => {
                set({ kind });
              }}
              options={SIGNAL_KINDS.map((value) => ({ value, label: w(`kind.${value}`) }))}
            />
          </Field>
          <p className="soft kind-detail">{w(`kind.${draft.kind}.detail`)}</p>
          <SignalForm {...props} />
        </div>
      </section>
      <section className="card rule-part">
        <h2>{w("part.when")}</h2>
        <div className="form">
          <Times draft={draft} set={set} />
        </div>
      </section>
    </>
  );
}

type PartProps = Pick<SignalFormProps, "draft" | "set">;

function Titles({ draft, set }: PartProps) {
  const { w, t } = useWords();
  return (
    <>
      <Field label={w("title.en")} hint={w("title.hint")}>
        <Input
          value={draft.titleEn}
          maxLength={80}
          onChange={(event) => {
            set({ titleEn: event.target.value });
          }}
        />
      </Field>
      <Field label={w("title.zh")}>
        <Input
          value={draft.titleZh}
          maxLength={80}
          onChange={(event) => {
            set({ titleZh: event.target.value });
          }}
        />
      </Field>
      <Field label={w("severity")}>
        <Select
          aria-label={w("severity")}
          value={draft.severity}
          onChange={(severity) => {
            set({ severity });
          }}
          options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        />
      </Field>
      <Field label={w("opens.case")}>
        <Select
          aria-label={w("opens.case")}
          value={draft.opensCase}
          onChange={(opensCase) => {
            set({ opensCase });
          }}
          options={(["none", "panic", "breakdown"] as const).map((value) => ({
            value,
            label: w(`case.${value}`),
          }))}
        />
      </Field>
    </>
  );
}

function Times({ draft, set }: PartProps) {
  const { w } = useWords();
  return (
    <>
      <TimeField
        label={w("hold")}
        hint={w("hold.hint")}
        value={draft.holdS}
        onChange={(holdS) => {
          set({ holdS });
        }}
      />
      <TimeField
        label={w("clear.hold")}
        value={draft.clearHoldS}
        onChange={(clearHoldS) => {
          set({ clearHoldS });
        }}
      />
      <TimeField
        label={w("respond")}
        value={draft.respondS}
        min={1}
        onChange={(respondS) => {
          set({ respondS });
        }}
      />
      <span className="flap-fields">
        <Field label={w("flap.count")}>
          <InputNumber<number>
            aria-label={w("flap.count")}
            value={draft.flapCount}
            min={2}
            max={10}
            precision={0}
            placeholder={w("unset")}
            onChange={(flapCount) => {
              set({ flapCount });
            }}
          />
        </Field>
        <TimeField
          label={w("flap.within")}
          value={draft.flapWithinS}
          min={1}
          onChange={(flapWithinS) => {
            set({ flapWithinS });
          }}
        />
      </span>
      <HoursField
        label={w("hours")}
        hint={w("hours.hint")}
        hours={draft.hours}
        onChange={(hours) => {
          set({ hours });
        }}
      />
    </>
  );
}
