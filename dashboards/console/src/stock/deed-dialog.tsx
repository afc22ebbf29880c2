import { Alert, Input, Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";

export const DEEDS = ["suspend", "resume", "quarantine", "release", "retire"] as const;
export type Deed = (typeof DEEDS)[number];

interface Outcome {
  readonly done: readonly number[];
  readonly refused: readonly { readonly address: number; readonly reason: string }[];
}

interface DeedDialogProps {
  readonly deed: Deed;
  readonly addresses: readonly number[];
  readonly close: () => void;
}

/** Asks why, does it, and names what could not be done. */
export function DeedDialog({ deed, addresses, close }: DeedDialogProps) {
  const speech = useSpeech();
  const { t, format } = speech;
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();
  const carryOut = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const body = { addresses: [...addresses], deed, reason: reason.trim() };
      const answer = await answerOf(api.POST("/api/stock/deeds", { body }));
      await queryClient.invalidateQueries({ queryKey: ["stock"] });
      if (answer.refused.length === 0) close();
      else setOutcome(answer);
    } catch (error) {
      setFault(faultText(speech, error));
    }
    setBusy(false);
  };
  const isDone = outcome !== undefined;
  return (
    <Modal
      open
      title={t("deed.many", { deed: t(`deed.${deed}`), count: format.number(addresses.length) })}
      okText={isDone ? t("form.done") : t(`deed.${deed}`)}
      cancelText={t("form.cancel")}
      okButtonProps={{
        danger: deed === "retire" && !isDone,
        disabled: !isDone && reason.trim() === "",
        loading: isBusy,
      }}
      cancelButtonProps={isDone ? { hidden: true } : {}}
      onOk={() => {
        if (isDone) close();
        else void carryOut();
      }}
      onCancel={close}
    >
      {outcome === undefined ? (
        <>
          <p>{t(`deed.explained.${deed}`)}</p>
          <label className="deed-reason">
            {t("deed.reason")}
            <Input.TextArea
              autoFocus
              rows={2}
              maxLength={500}
              value={reason}
              placeholder={t("deed.reason.help")}
              onChange={(event) => {
                setReason(event.target.value);
              }}
            />
          </label>
        </>
      ) : (
        <Refused outcome={outcome} />
      )}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </Modal>
  );
}

function Refused({ outcome }: { readonly outcome: Outcome }) {
  const { t, format } = useSpeech();
  return (
    <div role="status">
      <p>{t("deed.done", { count: format.number(outcome.done.length) })}</p>
      <p>{t("deed.refused", { count: format.number(outcome.refused.length) })}</p>
      <ul className="refused-list">
        {outcome.refused.map(({ address, reason }) => (
          <li key={address}>
            <span className="mono">{address}</span> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
