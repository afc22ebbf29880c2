import { useNavigate } from "@tanstack/react-router";
import { Input, Modal } from "antd";
import { useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { type Rule, retireRule, rulesChanged } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";

interface RetireDialogProps {
  readonly rule: Pick<Rule, "id" | "spec">;
  readonly close: () => void;
}

export function RetireDialog({ rule, close }: RetireDialogProps) {
  const { w, label } = useWords();
  const navigate = useNavigate();
  const doing = useDoing();
  const [reason, setReason] = useState("");
  const retire = async (): Promise<void> => {
    if (!(await doing.run(() => retireRule(rule.id, reason.trim())))) return;
    await navigate({ to: "/rules" });
    await rulesChanged();
  };
  return (
    <Modal
      open
      title={w("retire.title", { title: label(rule.spec.title) })}
      okText={w("retire")}
      okButtonProps={{ danger: true, disabled: reason.trim() === "" }}
      confirmLoading={doing.isBusy}
      onOk={() => void retire()}
      onCancel={close}
    >
      <div className="trial">
        <p>{w("retire.detail")}</p>
        <Field label={w("reason")} hint={w("retire.reason.needed")}>
          <Input
            autoFocus
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        <Refusal error={doing.error} />
      </div>
    </Modal>
  );
}
