import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, DatePicker, Input, Modal, Segmented, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { TimeField } from "../alerting-rules/time-field.tsx";
import { groupsQuery } from "../api/stock-queries.ts";
import { TerminalChoice } from "../assets/choices.tsx";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { nowMs } from "../time/clock.ts";
import { type DrillPlan, planDrill } from "./drill-queries.ts";
import { useWords } from "./drill-words.ts";

interface PlanDialogProps {
  readonly close: () => void;
}

interface Draft {
  readonly of: "terminal" | "group";
  readonly terminal: number | undefined;
  readonly group: number | undefined;
  readonly startsAt: Dayjs | null;
  readonly lastsS: number | null;
  readonly answerS: number | null;
  readonly note: string;
}

const BLANK: Draft = {
  ...{ of: "terminal", terminal: undefined, group: undefined, startsAt: null },
  ...{ lastsS: 1_800, answerS: 300, note: "" },
};
const HOUR_MS = 3_600_000;

export function PlanDialog({ close }: PlanDialogProps) {
  const { w } = useWords();
  const navigate = useNavigate();
  const doing = useDoing();
  const [draft, setDraft] = useState(BLANK);
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const plan = planOf(draft);
  const save = async (): Promise<void> => {
    if (plan === undefined) return;
    let id = "";
    const isDone = await doing.run(async () => {
      ({ id } = await planDrill(plan));
    });
    if (isDone) await navigate({ to: "/drills/$id", params: { id } });
  };
  return (
    <Modal
      open
      title={w("add")}
      okText={w(draft.startsAt === null ? "plan.start" : "plan.plan")}
      okButtonProps={{ disabled: plan === undefined }}
      cancelText={w("cancel")}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="drill-form">
        <OfWhom draft={draft} set={set} />
        <Start draft={draft} set={set} />
        <TimeField
          label={w("lasts")}
          value={draft.lastsS}
          min={60}
          onChange={(lastsS) => {
            set({ lastsS });
          }}
        />
        <TimeField
          label={w("answer")}
          hint={w("answer.hint")}
          value={draft.answerS}
          min={10}
          onChange={(answerS) => {
            set({ answerS });
          }}
        />
        <Field label={w("note")}>
          <Input
            value={draft.note}
            maxLength={500}
            onChange={(event) => {
              set({ note: event.target.value });
            }}
          />
        </Field>
        <Alert type="info" showIcon title={w("plan.warning")} />
        <Refusal error={doing.error} />
      </div>
    </Modal>
  );
}

function planOf(draft: Draft): DrillPlan | undefined {
  const { of, startsAt, lastsS, answerS, note } = draft;
  const whom = draft[of];
  if (whom === undefined || lastsS === null || answerS === null) return undefined;
  const starts = startsAt === null ? {} : { startsAt: startsAt.toDate().toISOString() };
  const subject = of === "terminal" ? { terminal: whom } : { group: whom };
  return { ...subject, ...starts, lastsS, answerS, note: note.trim() };
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function OfWhom({ draft: { of, terminal, group }, set }: PartProps) {
  const { w } = useWords();
  const groups = useQuery({ ...groupsQuery, enabled: of === "group" }).data?.items ?? [];
  return (
    <>
      <Segmented<Draft["of"]>
        value={of}
        onChange={(next) => {
          set({ of: next });
        }}
        options={(["terminal", "group"] as const).map((value) => ({
          value,
          label: w(`plan.${value}`),
        }))}
      />
      <Field label={w(`plan.${of}`)}>
        {of === "terminal" ? (
          <TerminalChoice
            {...(terminal === undefined ? {} : { value: terminal })}
            onChange={(address) => {
              set({ terminal: address });
            }}
          />
        ) : (
          <Select<number>
            placeholder={w("plan.group.choose")}
            {...(group === undefined ? {} : { value: group })}
            onChange={(id) => {
              set({ group: id });
            }}
            options={groups.map(({ id, name, members }) => ({
              value: id,
              label: `${name} · ${w("of.members", { count: members })}`,
            }))}
          />
        )}
      </Field>
    </>
  );
}

function Start({ draft: { startsAt }, set }: PartProps) {
  const { w } = useWords();
  return (
    <Field label={w("starts")}>
      <span className="drill-start">
        <Segmented<"now" | "later">
          value={startsAt === null ? "now" : "later"}
          onChange={(next) => {
            set({ startsAt: next === "now" ? null : dayjs(nowMs() + HOUR_MS) });
          }}
          options={(["now", "later"] as const).map((value) => ({
            value,
            label: w(`plan.${value}`),
          }))}
        />
        {startsAt === null ? undefined : (
          <DatePicker
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            aria-label={w("starts")}
            allowClear={false}
            value={startsAt}
            onChange={(next: Dayjs | null) => {
              set({ startsAt: next });
            }}
          />
        )}
      </span>
    </Field>
  );
}
