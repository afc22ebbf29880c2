import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { SimulatedTerminal } from "./simulated.tsx";
import { doStep } from "./use-jobs.ts";

export function AttachCard({ jobId, job, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const isHeard = job?.server?.attached === true;
  return (
    <>
      <p className="soft">{t("field.attach.hint")}</p>
      <SimulatedTerminal address={job?.server?.address} />
      {told.attach && (
        <p className={isHeard ? "field-good" : "soft"} role="status">
          {t(isHeard ? "field.attach.heard" : "field.attach.waits")}
        </p>
      )}
      <button
        type="button"
        className={told.attach ? "field-second" : "field-big"}
        onClick={() => void doStep(jobId, "attach")}
      >
        {t(told.attach ? "field.attach.again" : "field.attach.pressed")}
      </button>
      {told.attach && <NextButton onNext={onNext} />}
    </>
  );
}

/** For cards in which several things may be done before one goes on. */
export function NextButton({ onNext }: Pick<CardProps, "onNext">) {
  const { t } = useSpeech();
  return (
    <button type="button" className="field-big" onClick={onNext}>
      {t("field.next")}
    </button>
  );
}
