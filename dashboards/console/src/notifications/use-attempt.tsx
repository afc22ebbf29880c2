import { Alert } from "antd";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";

interface Attempt {
  /** Says `text` once `work` is done, or why it failed. */
  readonly attempt: (text: string, work: () => Promise<unknown>) => Promise<void>;
  /** What is said; nothing before the first attempt. */
  readonly told: ReactNode;
}

/** Something tried from a form that stays open. */
export function useAttempt(): Attempt {
  const speech = useSpeech();
  const [outcome, setOutcome] = useState<{ readonly isFault: boolean; readonly text: string }>();
  const attempt: Attempt["attempt"] = async (text, work) => {
    setOutcome(undefined);
    try {
      await work();
      setOutcome({ isFault: false, text });
    } catch (error) {
      setOutcome({ isFault: true, text: faultText(speech, error) });
    }
  };
  if (outcome === undefined) return { attempt, told: undefined };
  const { isFault, text } = outcome;
  return {
    attempt,
    told: (
      <Alert
        type={isFault ? "error" : "success"}
        showIcon
        title={text}
        className="form-fault"
        role={isFault ? "alert" : "status"}
      />
    ),
  };
}
