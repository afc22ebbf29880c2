import { Button, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { majorText, minorOf } from "./amounts.ts";
import { billingChanged, type Cut, type DunningPolicy } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CUT_CLASSES, CUTS, GRADES } from "./dunning-marks.tsx";
import { withChanged, without } from "./plan-draft.ts";

const DAYS_MAX = 365;
const MONTHS_MAX = 24;
const STEPS_MAX = 10;
const NO_FEE = "0";

/** Amounts as they are typed. */
interface Step {
  readonly afterDays: number;
  readonly fee: string;
  readonly cuts: DunningPolicy["steps"][number]["cuts"];
}

interface Draft extends Pick<DunningPolicy, "graceDays" | "depositMonths"> {
  readonly currency: string;
  readonly steps: readonly Step[];
  readonly least: string;
}

const LEAST_DEFAULT = 1;

function draftOf(policy: DunningPolicy): Draft {
  const { currency, graceDays, depositMonths } = policy;
  const typed = (minor: number): string =>
    currency === null || minor === 0 ? NO_FEE : majorText(minor, currency);
  return {
    ...{ currency: currency ?? "", graceDays, depositMonths },
    least: typed(policy.least === LEAST_DEFAULT ? 0 : policy.least),
    steps: policy.steps.map((step) => ({ ...step, fee: typed(step.fee) })),
  };
}

/** undefined: an amount is none. */
function policyOf(draft: Draft) {
  const { graceDays, depositMonths } = draft;
  const currency = draft.currency === "" ? null : draft.currency;
  const minor = (text: string): number | undefined =>
    /^0*(\.0*)?$/.test(text.trim()) ? 0 : currency === null ? undefined : minorOf(text, currency);
  const least = minor(draft.least);
  const fees = draft.steps.map(({ fee }) => minor(fee));
  if (least === undefined || fees.includes(undefined)) return undefined;
  return {
    ...{ currency, graceDays, depositMonths, least: least === 0 ? LEAST_DEFAULT : least },
    steps: draft.steps.map((step, at) => ({ ...step, fee: fees[at] ?? 0 })),
  };
}

interface DunningPolicyDialogProps {
  readonly policy: DunningPolicy;
  readonly close: () => void;
}

/** How a legal entity goes after what is overdue. What cannot be is not offered. */
export function DunningPolicyDialog({ policy, close }: DunningPolicyDialogProps) {
  const { w, t } = useBilling();
  const [draft, setDraft] = useState<Draft>(() => draftOf(policy));
  const doing = useDoing();
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const body = policyOf(draft);
  const save = async (): Promise<void> => {
    if (body === undefined) return;
    const isDone = await doing.run(async () => {
      const params = { path: { id: policy.legalEntityId } };
      const headers = ifMatch(policy.version);
      await answerOf(api.PUT("/api/billing/entities/{id}/dunning", { params, headers, body }));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w("dunning.policy")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: body === undefined }}
      confirmLoading={doing.isBusy}
      width={720}
      onOk={() => void save()}
      onCancel={close}
    >
      <p className="soft">{w("dunning.policy.detail")}</p>
      <Steps
        steps={draft.steps}
        set={(steps) => {
          set({ steps });
        }}
      />
      <Amounts draft={draft} set={set} isGood={body !== undefined} />
      <ByGrade draft={draft} set={set} />
      <Refusal error={doing.error} />
    </Modal>
  );
}

interface StepsProps {
  readonly steps: readonly Step[];
  readonly set: (steps: readonly Step[]) => void;
}

function Steps({ steps, set }: StepsProps) {
  const { w } = useBilling();
  const last = steps.at(-1);
  return (
    <>
      {steps.map((step, at) => (
        <fieldset key={at} className="charge dunning-step">
          <legend>{w("dunning.step", { step: at + 1 })}</legend>
          <StepFields
            step={step}
            before={steps[at - 1]}
            set={(next) => {
              set(withChanged(steps, at, next));
            }}
          />
          {steps.length === 1 ? undefined : (
            <Button
              size="small"
              onClick={() => {
                set(without(steps, at));
              }}
            >
              {w("remove")}
            </Button>
          )}
        </fieldset>
      ))}
      {last === undefined || steps.length >= STEPS_MAX || last.afterDays >= DAYS_MAX ? undefined : (
        <Button
          size="small"
          onClick={() => {
            set([...steps, { ...last, afterDays: Math.min(DAYS_MAX, last.afterDays + 15) }]);
          }}
        >
          {w("dunning.step.add")}
        </Button>
      )}
    </>
  );
}

interface StepFieldsProps {
  readonly step: Step;
  readonly before: Step | undefined;
  readonly set: (step: Step) => void;
}

const depth = (cut: Cut): number => CUTS.indexOf(cut);

/** The first is a notice; none gives back what the one before cuts; security never goes without more than convenience. */
function offered(of: (typeof CUT_CLASSES)[number], { step, before }: StepFieldsProps) {
  if (before === undefined) return CUTS.slice(0, 1);
  const most = of === "security" ? depth(step.cuts.convenience) : CUTS.length - 1;
  return CUTS.slice(depth(before.cuts[of]), most + 1);
}

function StepFields(props: StepFieldsProps) {
  const { w, known } = useBilling();
  const { step, before, set } = props;
  return (
    <div className="form">
      <Field label={w("dunning.after.days")}>
        <InputNumber
          min={(before?.afterDays ?? 0) + 1}
          max={DAYS_MAX}
          precision={0}
          value={step.afterDays}
          onChange={(afterDays) => {
            set({ ...step, afterDays: afterDays ?? step.afterDays });
          }}
        />
      </Field>
      <Field label={w("dunning.fee")}>
        <Input
          value={step.fee}
          inputMode="decimal"
          onChange={(event) => {
            set({ ...step, fee: event.target.value });
          }}
        />
      </Field>
      {CUT_CLASSES.map((of) => (
        <Field key={of} label={w("dunning.without", { class: known("class", of) })}>
          <Select<Cut>
            value={step.cuts[of]}
            onChange={(cut) => {
              set({ ...step, cuts: { ...step.cuts, [of]: cut } });
            }}
            options={offered(of, props).map((cut) => ({ value: cut, label: w(`cut.${cut}`) }))}
          />
        </Field>
      ))}
    </div>
  );
}

interface DraftProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function Amounts({ draft, set, isGood }: DraftProps & { readonly isGood: boolean }) {
  const { w } = useBilling();
  return (
    <div className="form">
      <Field label={w("dunning.currency")} hint={w("dunning.currency.hint")}>
        <Input
          value={draft.currency}
          maxLength={3}
          placeholder="CNY"
          onChange={(event) => {
            set({ currency: event.target.value.toUpperCase() });
          }}
        />
      </Field>
      <Field label={w("dunning.least")} hint={w("dunning.least.hint")}>
        <Input
          value={draft.least}
          inputMode="decimal"
          onChange={(event) => {
            set({ least: event.target.value });
          }}
        />
      </Field>
      {isGood ? undefined : (
        <p className="field-fault field-wide" role="alert">
          {w("dunning.amount.bad")}
        </p>
      )}
    </div>
  );
}

function ByGrade({ draft, set }: DraftProps) {
  const { w } = useBilling();
  const rows = [
    { name: "graceDays", most: DAYS_MAX },
    { name: "depositMonths", most: MONTHS_MAX },
  ] as const;
  return rows.map(({ name, most }) => (
    <fieldset key={name} className="charge by-grade">
      <legend>{w(`credit.${name}`)}</legend>
      {GRADES.map((grade) => (
        <Field key={grade} label={grade}>
          <InputNumber
            aria-label={`${w(`credit.${name}`)} ${grade}`}
            min={0}
            max={most}
            precision={0}
            value={draft[name][grade]}
            onChange={(value) => {
              set({ [name]: { ...draft[name], [grade]: value ?? 0 } });
            }}
          />
        </Field>
      ))}
    </fieldset>
  ));
}
