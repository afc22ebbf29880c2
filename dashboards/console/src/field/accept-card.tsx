import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { missing, type Need } from "./steps.ts";
import { doStep } from "./use-jobs.ts";

/** Today where the phone is, as YYYY-MM-DD. */
const today = (): string => new Intl.DateTimeFormat("sv-SE").format(new Date());

const CARD_OF: Readonly<Record<Need, "claim" | "bind" | "place" | "attach" | "walk">> = {
  claim: "claim",
  bind: "bind",
  place: "place",
  attach: "attach",
  result: "walk",
};

export function AcceptCard({ jobId, job, told }: CardProps) {
  const { t, language } = useSpeech();
  const [from, setFrom] = useState(told.accepted ?? today());
  const needed = missing(told);
  if (told.accepted !== undefined)
    return (
      <p className={job?.server?.state === "accepted" ? "field-good" : "soft"} role="status">
        {job?.server?.state === "accepted"
          ? t("field.accept.sent", { date: told.accepted })
          : t("field.accept.waits")}
      </p>
    );
  const list = new Intl.ListFormat(language).format(
    needed.map((need) => t(`field.${CARD_OF[need]}`)),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (needed.length === 0) void doStep(jobId, "accept", { serviceFrom: from });
      }}
    >
      <label>
        {t("field.accept.from")}
        <input
          type="date"
          required
          value={from}
          onChange={(event) => {
            setFrom(event.target.value);
          }}
        />
      </label>
      {needed.length > 0 && <p className="soft">{t("field.accept.missing", { list })}</p>}
      <button type="submit" className="field-big" disabled={needed.length > 0}>
        {t("field.accept.do")}
      </button>
    </form>
  );
}

export function UndoCard({ jobId }: Pick<CardProps, "jobId">) {
  const { t } = useSpeech();
  const [reason, setReason] = useState("");
  return (
    <details className="field-undo">
      <summary>{t("field.undo")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") void doStep(jobId, "undo", { reason: reason.trim() });
        }}
      >
        <label>
          {t("field.undo.reason")}
          <input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="field-danger" disabled={reason.trim() === ""}>
          {t("field.undo.do")}
        </button>
      </form>
    </details>
  );
}
