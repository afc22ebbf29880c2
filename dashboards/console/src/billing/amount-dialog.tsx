import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { majorText, minorOf } from "./amounts.ts";
import { billingChanged } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface AmountDialogProps {
  readonly title: string;
  readonly detail: string;
  readonly currency: string;
  /** At most so much, and this at first; undefined: it is all of it, and no amount is asked for. */
  readonly most?: number;
  /** Beside the amount. */
  readonly fields?: ReactNode;
  /** What follows from the amount, undefined where it is none. */
  readonly effect?: (minor: number | undefined) => ReactNode;
  readonly save: (minor: number, reason: string) => Promise<unknown>;
  readonly close: () => void;
}

/** How much, and why. */
export function AmountDialog(props: AmountDialogProps) {
  const { title, detail, currency, most, fields, effect, save, close } = props;
  const { w, t, format } = useBilling();
  const [text, setText] = useState(most === undefined ? "" : majorText(most, currency));
  const [reason, setReason] = useState("");
  const doing = useDoing();
  const minor = most === undefined ? 0 : minorOf(text, currency);
  const isGood = minor !== undefined && (most === undefined || minor <= most);
  const ok = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await save(minor ?? 0, reason.trim());
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: !isGood || reason.trim() === "" }}
      confirmLoading={doing.isBusy}
      onOk={() => void ok()}
      onCancel={close}
    >
      <p className="soft">{detail}</p>
      <div className="form">
        {most === undefined ? undefined : (
          <Field label={`${w("amount")} (${currency})`} wide>
            <Input
              value={text}
              inputMode="decimal"
              status={isGood ? "" : "error"}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
            {isGood ? undefined : (
              <small className="field-fault" role="alert">
                {w("amount.bad", { most: format.money(most, currency) })}
              </small>
            )}
          </Field>
        )}
        {fields}
        <Field label={w("reason")} wide>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        {effect?.(isGood ? minor : undefined)}
      </div>
      <Refusal error={doing.error} />
    </Modal>
  );
}
