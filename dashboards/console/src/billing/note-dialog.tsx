import { useNavigate } from "@tanstack/react-router";
import { Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { minorOf } from "./amounts.ts";
import { billingChanged, type InvoiceDetail } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { lineName } from "./invoice-lines.tsx";

interface NoteDialogProps {
  readonly invoice: InvoiceDetail;
  readonly close: () => void;
}

type Kind = "credit-note" | "debit-note";

/** So much of these lines is given back, or asked for besides; net, the tax comes with it. */
export function NoteDialog({ invoice, close }: NoteDialogProps) {
  const { w, t, known } = useBilling();
  const { currency } = invoice;
  const navigate = useNavigate();
  const [kind, setKind] = useState<Kind>("credit-note");
  const [texts, setTexts] = useState<Texts>({});
  const [reason, setReason] = useState("");
  const doing = useDoing();
  const typed = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const lines = typed.flatMap(([position, text]) => {
    const net = minorOf(text, currency);
    return net === undefined ? [] : [{ position: Number(position), net }];
  });
  const isGood = lines.length > 0 && lines.length === typed.length && reason.trim() !== "";
  const save = (): Promise<boolean> =>
    doing.run(async () => {
      const params = { path: { id: invoice.id } };
      const body = { kind, lines, reason: reason.trim() };
      const note = await answerOf(api.POST("/api/billing/invoices/{id}/notes", { params, body }));
      await billingChanged();
      close();
      await navigate({ to: "/invoices/$id", params: { id: note.id } });
    });
  return (
    <Modal
      open
      title={w("invoice.note")}
      okText={known("kind", kind)}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: !isGood }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <Segmented<Kind>
        value={kind}
        onChange={setKind}
        options={(["credit-note", "debit-note"] as const).map((value) => ({
          value,
          label: known("kind", value),
        }))}
      />
      <p className="soft">{w(`note.${kind}`)}</p>
      <NoteLines invoice={invoice} texts={texts} set={setTexts} />
      <Field label={w("reason")}>
        <Input
          value={reason}
          maxLength={500}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </Field>
      <Refusal error={doing.error} />
    </Modal>
  );
}

type Texts = Readonly<Record<number, string>>;

interface NoteLinesProps {
  readonly invoice: InvoiceDetail;
  readonly texts: Texts;
  readonly set: (texts: Texts) => void;
}

/** An amount for each line; none where it is left empty. */
function NoteLines({ invoice: { lines, currency }, texts, set }: NoteLinesProps) {
  const speech = useBilling();
  return (
    <ul className="note-lines">
      {lines.map((line) => {
        const { position } = line;
        const text = texts[position] ?? "";
        const isGood = text.trim() === "" || minorOf(text, currency) !== undefined;
        return (
          <li key={position}>
            <span className="cut">
              {lineName(speech, line)}{" "}
              <span className="soft">{speech.format.money(line.net, currency)}</span>
            </span>
            <Input
              aria-label={`${lineName(speech, line)} ${position}`}
              value={text}
              inputMode="decimal"
              placeholder="0.00"
              status={isGood ? "" : "error"}
              onChange={(event) => {
                set({ ...texts, [position]: event.target.value });
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}
