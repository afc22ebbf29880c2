import { Input, Modal, Select } from "antd";
import { useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useSpeech } from "../i18n/language.tsx";
import type { Deeds } from "./use-deeds.ts";

const SHELVE_MINUTES = [15, 60, 240, 1440, 10_080] as const;
const SHELVE_USUAL = 60;
const TEXT_MAX = 2_000;

export interface Asked {
  readonly deed: "shelve" | "comment";
  readonly ids: readonly string[];
}

interface DeedDialogProps {
  readonly asked: Asked;
  readonly deeds: Deeds;
  readonly close: () => void;
}

/** Asks how long alarms are shelved, or what is to be said of them. */
export function DeedDialog({ asked, deeds, close }: DeedDialogProps) {
  const { t, format } = useSpeech();
  const { deed, ids } = asked;
  const [minutes, setMinutes] = useState<number>(SHELVE_USUAL);
  const [text, setText] = useState("");
  const isShelving = deed === "shelve";
  const count = format.number(ids.length);
  const save = async (): Promise<void> => {
    const isDone = await (isShelving ? deeds.shelve(ids, minutes, text) : deeds.comment(ids, text));
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={t(isShelving ? "alarms.shelve.title" : "alarms.comment.title", { count })}
      okText={t(isShelving ? "alarms.shelve" : "alarms.comment")}
      okButtonProps={{ disabled: !isShelving && text.trim() === "" }}
      confirmLoading={deeds.doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="deed-form">
        {isShelving ? (
          <Field label={t("alarms.shelve.until")}>
            <Select
              aria-label={t("alarms.shelve.until")}
              value={minutes}
              onChange={setMinutes}
              options={SHELVE_MINUTES.map((value) => ({
                value,
                label: t(`alarms.shelve.minutes.${value}`),
              }))}
            />
          </Field>
        ) : undefined}
        <Field label={t(isShelving ? "alarms.note" : "alarms.comment.text")}>
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={TEXT_MAX}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </Field>
        <Refusal error={deeds.doing.error} />
      </div>
    </Modal>
  );
}
