import "./recovery.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Alert, Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { Terminal } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { nowMs } from "../time/clock.ts";
import { markStolen, recoveriesOfTerminalQuery } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

interface MarkProps {
  readonly terminal: Pick<Terminal, "address" | "name" | "profile">;
}

/** On a vehicle's page: the way to its case, or to a new one; nothing for what stands where it was put up. */
export function MarkStolen({ terminal }: MarkProps) {
  const { w } = useWords();
  const may = useMay();
  const profile = useProfiles().find(terminal.profile);
  const [isOpen, setOpen] = useState(false);
  const items = useQuery(recoveriesOfTerminalQuery(terminal.address)).data?.items;
  const open = items?.find(({ state, isHeld }) => state !== "closed" && isHeld);
  if (open !== undefined)
    return (
      <Link className="alert-text" to="/cases/stolen/$id" params={{ id: open.id }}>
        {w("mark.open")}
      </Link>
    );
  const isMoving = profile?.panels.some(({ kind }) => kind === "map") === true;
  if (!isMoving || items === undefined || !may("recovery:write")) return undefined;
  return (
    <>
      <Button
        danger
        onClick={() => {
          setOpen(true);
        }}
      >
        {w("mark")}
      </Button>
      {isOpen ? (
        <MarkDialog
          terminal={terminal}
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </>
  );
}

const SINCE_HOURS = [0, 1, 6, 24, 72] as const;
type SinceHours = (typeof SINCE_HOURS)[number];
const INTERVALS_S = [5, 10, 20, 60] as const;
const HOUR_MS = 3_600_000;

function MarkDialog({ terminal, close }: MarkProps & { readonly close: () => void }) {
  const { w, format } = useWords();
  const navigate = useNavigate();
  const doing = useDoing();
  const [hours, setHours] = useState<SinceHours>(0);
  const [shortIntervalS, setInterval] = useState<number>(10);
  const [note, setNote] = useState("");
  const mark = async (): Promise<void> => {
    let id = "";
    const isDone = await doing.run(async () => {
      const stolenAt =
        hours === 0 ? {} : { stolenAt: new Date(nowMs() - hours * HOUR_MS).toISOString() };
      ({ id } = await markStolen({
        ...{ terminal: terminal.address, shortIntervalS, note: note.trim() },
        ...stolenAt,
      }));
    });
    if (isDone) await navigate({ to: "/cases/stolen/$id", params: { id } });
  };
  return (
    <Modal
      open
      title={w("mark.title", { name: terminal.name })}
      okText={w("mark.do")}
      okButtonProps={{ danger: true }}
      cancelText={w("cancel")}
      confirmLoading={doing.isBusy}
      onOk={() => void mark()}
      onCancel={close}
    >
      <div className="case-form">
        <Alert type="info" showIcon title={w("mark.explained")} />
        <Field label={w("mark.since")} hint={w("mark.since.hint")}>
          <Select<SinceHours>
            aria-label={w("mark.since")}
            value={hours}
            onChange={setHours}
            options={SINCE_HOURS.map((value) => ({
              value,
              label: w(value === 0 ? "mark.since.now" : `mark.since.${value}`),
            }))}
          />
        </Field>
        <Field label={w("mark.interval")}>
          <Select<number>
            aria-label={w("mark.interval")}
            value={shortIntervalS}
            onChange={setInterval}
            options={INTERVALS_S.map((value) => ({ value, label: format.duration(value * 1_000) }))}
          />
        </Field>
        <Field label={w("mark.note")}>
          <Input.TextArea
            rows={3}
            maxLength={2_000}
            value={note}
            onChange={(event) => {
              setNote(event.target.value);
            }}
          />
        </Field>
        <Refusal error={doing.error} />
      </div>
    </Modal>
  );
}
