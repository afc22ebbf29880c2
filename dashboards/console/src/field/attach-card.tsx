import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { doStep } from "./use-jobs.ts";

export function AttachCard({ jobId, job, told }: CardProps) {
  const { t } = useSpeech();
  return (
    <>
      <p className="soft">{t("field.attach.hint")}</p>
      {told.attach && (
        <p className={job?.server?.attached === true ? "field-good" : "soft"} role="status">
          {t(job?.server?.attached === true ? "field.attach.heard" : "field.attach.waits")}
        </p>
      )}
      <button
        type="button"
        className={told.attach ? "field-second" : "field-big"}
        onClick={() => void doStep(jobId, "attach")}
      >
        {t(told.attach ? "field.attach.again" : "field.attach.pressed")}
      </button>
    </>
  );
}
