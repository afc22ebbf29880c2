import "./service.css";
import { Button, Input, InputNumber } from "antd";
import type { PlanSpec } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Faulty } from "./faulty.tsx";
import { type PlanFault, withChanged, without } from "./plan-draft.ts";

type Promised = NonNullable<PlanSpec["serviceLevel"]>;
type Step = Promised["steps"][number];

interface PromiseCardProps {
  readonly draft: PlanSpec;
  readonly set: (draft: PlanSpec) => void;
  readonly fault: PlanFault | undefined;
}

const BASIS_POINTS = 100;
const STEPS_MAX = 10;
const BLANK: Promised = {
  targetBasisPoints: 9_900,
  steps: [{ belowBasisPoints: 9_900, percent: 10 }],
  creditMax: null,
};

/** What is promised to each terminal, and what a missed promise gives back. */
export function PromiseCard({ draft, set, fault }: PromiseCardProps) {
  const { w } = useBilling();
  const { serviceLevel, ...rest } = draft;
  return (
    <section className="card plan-card">
      <h2>
        {w("promise.title")}
        <Button
          size="small"
          onClick={() => {
            set(serviceLevel === undefined ? { ...rest, serviceLevel: BLANK } : rest);
          }}
        >
          {w(serviceLevel === undefined ? "promise.add" : "promise.remove")}
        </Button>
      </h2>
      {serviceLevel === undefined ? (
        <p className="small-empty">{w("promise.none")}</p>
      ) : (
        <Terms
          {...{ serviceLevel, fault, currency: draft.currency }}
          set={(next) => {
            set({ ...rest, serviceLevel: next });
          }}
        />
      )}
    </section>
  );
}

interface TermsProps {
  readonly serviceLevel: Promised;
  readonly currency: string;
  readonly fault: PlanFault | undefined;
  readonly set: (next: Promised) => void;
}

function Terms({ serviceLevel, currency, fault, set }: TermsProps) {
  const { w } = useBilling();
  const { targetBasisPoints, steps, creditMax } = serviceLevel;
  return (
    <div className="form">
      <Percent
        {...{ fault, field: "serviceLevel.targetBasisPoints", label: w("promise.target") }}
        value={targetBasisPoints}
        set={(next) => {
          set({ ...serviceLevel, targetBasisPoints: next });
        }}
      />
      <Faulty
        {...{ fault, field: "serviceLevel.creditMax", label: w("promise.max", { currency }) }}
      >
        <Input
          value={creditMax ?? ""}
          maxLength={20}
          onChange={({ target: { value } }) => {
            set({ ...serviceLevel, creditMax: value.trim() === "" ? null : value });
          }}
        />
      </Faulty>
      {steps.map((step, at) => (
        <StepFields
          key={at}
          {...{ step, fault, field: `serviceLevel.steps.${at}` }}
          set={(next) => {
            set({ ...serviceLevel, steps: withChanged(steps, at, next) });
          }}
          remove={
            steps.length === 1
              ? undefined
              : () => {
                  set({ ...serviceLevel, steps: without(steps, at) });
                }
          }
        />
      ))}
      {steps.length < STEPS_MAX ? (
        <Button
          onClick={() => {
            set({ ...serviceLevel, steps: [...steps, nextStep(steps)] });
          }}
        >
          {w("promise.step.add")}
        </Button>
      ) : undefined}
    </div>
  );
}

const STEP_DOWN = 500;
const STEP_UP = 15;

/** Five per cent lower, and giving back somewhat more. */
function nextStep(steps: readonly Step[]): Step {
  const last = steps.at(-1);
  return {
    belowBasisPoints: Math.max(1, (last?.belowBasisPoints ?? 0) - STEP_DOWN),
    percent: Math.min(100, (last?.percent ?? 0) + STEP_UP),
  };
}

interface StepFieldsProps {
  readonly step: Step;
  readonly field: string;
  readonly fault: PlanFault | undefined;
  readonly set: (step: Step) => void;
  readonly remove: (() => void) | undefined;
}

function StepFields({ step, field, fault, set, remove }: StepFieldsProps) {
  const { w } = useBilling();
  return (
    <fieldset className="promise-step">
      <Percent
        {...{ fault, field: `${field}.belowBasisPoints`, label: w("promise.below") }}
        value={step.belowBasisPoints}
        set={(belowBasisPoints) => {
          set({ ...step, belowBasisPoints });
        }}
      />
      <Faulty {...{ fault, field: `${field}.percent`, label: w("promise.percent") }}>
        <InputNumber
          min={1}
          max={100}
          precision={0}
          value={step.percent}
          onChange={(percent) => {
            set({ ...step, percent: percent ?? 0 });
          }}
        />
      </Faulty>
      {remove === undefined ? undefined : (
        <Button onClick={remove}>{w("promise.step.remove")}</Button>
      )}
    </fieldset>
  );
}

interface PercentProps {
  readonly field: string;
  readonly label: string;
  readonly fault: PlanFault | undefined;
  /** In hundredths of a per cent. */
  readonly value: number;
  readonly set: (basisPoints: number) => void;
}

function Percent({ value, set, ...at }: PercentProps) {
  return (
    <Faulty {...at}>
      <InputNumber
        min={0.01}
        max={100}
        step={0.1}
        precision={2}
        value={value / BASIS_POINTS}
        onChange={(percent) => {
          set(Math.round((percent ?? 0) * BASIS_POINTS));
        }}
      />
    </Faulty>
  );
}
