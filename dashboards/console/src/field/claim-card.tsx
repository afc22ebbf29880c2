import { useEffect, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { Scanner } from "./scanner.tsx";
import { type PreCheck, preCheck, RefusedError } from "./server.ts";
import { SimulatedStock } from "./simulated.tsx";
import { serialIn } from "./steps.ts";
import { doStep } from "./use-jobs.ts";

type Checked = PreCheck | "unknown" | "offline" | undefined;

export function ClaimCard({ jobId, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const [text, setText] = useState(told.serial ?? "");
  const [isScanning, setScanning] = useState(false);
  const serial = serialIn(text);
  const checked = useCheck(serial);
  const mayUse = serial !== undefined && (checked === "offline" || isReady(checked, jobId));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (serial === undefined || !mayUse) return;
        // as the stock writes it, whatever the case in which it was typed
        void doStep(jobId, "claim", {
          serial: typeof checked === "object" ? checked.serial : serial,
        });
        onNext();
      }}
    >
      <p className="soft">{t("field.claim.hint")}</p>
      {isScanning ? (
        <Scanner
          onFound={(label) => {
            setText(label);
            setScanning(false);
          }}
          onStop={() => {
            setScanning(false);
          }}
        />
      ) : (
        <button
          type="button"
          className="field-second"
          onClick={() => {
            setScanning(true);
          }}
        >
          {t("field.claim.scan")}
        </button>
      )}
      <label>
        {t("field.claim.serial")}
        <input
          value={text}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </label>
      {text === "" && <SimulatedStock onTake={setText} />}
      <Finding text={text} serial={serial} checked={checked} jobId={jobId} />
      <button type="submit" className="field-big" disabled={!mayUse}>
        {t("field.claim.use")}
      </button>
    </form>
  );
}

const isReady = (checked: Checked, jobId: string): boolean =>
  typeof checked === "object" &&
  checked.quarantineReason === null &&
  (checked.openJobId === null ? checked.lifeCycle === "stocked" : checked.openJobId === jobId);

/** Asks the stock a moment after the last letter was typed. */
function useCheck(serial: string | undefined): Checked {
  const [checked, setChecked] = useState<{ readonly serial: string; readonly is: Checked }>();
  useEffect(() => {
    if (serial === undefined) return undefined;
    const timer = setTimeout(() => {
      preCheck(serial).then(
        (is) => {
          setChecked({ serial, is });
        },
        (error: unknown) => {
          const isUnknown = error instanceof RefusedError && error.status === 404;
          setChecked({ serial, is: isUnknown ? "unknown" : "offline" });
        },
      );
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, [serial]);
  return checked?.serial === serial ? checked?.is : undefined;
}

interface FindingProps {
  readonly text: string;
  readonly serial: string | undefined;
  readonly checked: Checked;
  readonly jobId: string;
}

function Finding({ text, serial, checked, jobId }: FindingProps) {
  const { t } = useSpeech();
  if (text !== "" && serial === undefined)
    return <p className="field-bad">{t("field.claim.bad")}</p>;
  if (checked === undefined)
    return serial === undefined ? undefined : <p className="soft">{t("field.claim.checking")}</p>;
  if (checked === "unknown") return <p className="field-bad">{t("field.claim.unknown")}</p>;
  if (checked === "offline") return <p className="soft">{t("field.claim.offline")}</p>;
  return <Stocked is={checked} jobId={jobId} />;
}

/** Whether this job may take what the stock knows by the serial. */
function Stocked({ is: checked, jobId }: { readonly is: PreCheck; readonly jobId: string }) {
  const { t, named, language } = useSpeech();
  if (checked.quarantineReason !== null)
    return (
      <p className="field-bad">
        {t("field.claim.quarantine", { reason: checked.quarantineReason })}
      </p>
    );
  if (checked.openJobId !== null && checked.openJobId !== jobId)
    return <p className="field-bad">{t("field.claim.held")}</p>;
  if (checked.openJobId === null && checked.lifeCycle !== "stocked")
    return (
      <p className="field-bad">
        {t("field.claim.state", { state: named("lifecycle", checked.lifeCycle) })}
      </p>
    );
  return (
    <p className="field-good">
      {t("field.claim.ready", { profile: checked.profile[language] ?? "" })}
    </p>
  );
}
