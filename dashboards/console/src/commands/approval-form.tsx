import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import type { CommandDetail } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { outlookQuery } from "./command-queries.ts";
import { useCommandWords } from "./command-words.ts";
import { Envelope } from "./envelope.tsx";
import { useCommandDeeds } from "./use-command-deeds.ts";

const REASON_MAX = 500;

/** The second person's decision, with what holds of the terminal at this moment. */
export function ApprovalForm({ command }: { readonly command: CommandDetail }) {
  const { w } = useCommandWords();
  const { doing, does } = useCommandDeeds();
  const [reason, setReason] = useState("");
  const outlook = useQuery(outlookQuery(command.address)).data;
  const checked = outlook?.commands.find(({ name }) => name === command.name);
  return (
    <section className="section command-decision" aria-label={w("approve.title")}>
      <h2>{w("approve.title")}</h2>
      <p className="command-note">{w("approve.explained")}</p>
      {checked === undefined ? undefined : <Envelope checked={checked} profile={command.profile} />}
      <div className="command-form">
        <Field label={w("approve.reason")} hint={w("approve.reason.help")}>
          <Input.TextArea
            rows={2}
            maxLength={REASON_MAX}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        <Refusal error={doing.error} />
        <div className="form-buttons">
          <Button
            type="primary"
            loading={doing.isBusy}
            onClick={() => void does(command, "approve", reason)}
          >
            {w("approve.yes")}
          </Button>
          <Button
            danger
            disabled={reason.trim() === "" || doing.isBusy}
            onClick={() => void does(command, "reject", reason)}
          >
            {w("approve.no")}
          </Button>
        </div>
      </div>
    </section>
  );
}
