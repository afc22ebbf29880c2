import { useEffect, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { type WalkTest, walkTest } from "./server.ts";
import { SimulatedTerminal } from "./simulated.tsx";
import type { WalkVerdict } from "./steps.ts";
import { doStep, useSync } from "./use-jobs.ts";

const LOOK_EVERY_MS = 1_000;
const FULL_BAR_DB = 20;
const VERDICTS = ["pass", "weak", "fail"] as const;

export function WalkCard({ jobId, job, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const isAway = useSync() === "away";
  const hasBegun = job?.steps.some(({ kind, sent }) => kind === "walk-test" && sent) === true;
  const test = useWalkTest(hasBegun ? jobId : undefined) ?? (isAway ? "away" : undefined);
  return (
    <>
      <p className="soft">{t("field.walk.hint")}</p>
      <SimulatedTerminal address={job?.server?.address} />
      {told.walkTest && <Heard test={test} />}
      <button
        type="button"
        className={told.walkTest ? "field-second" : "field-big"}
        onClick={() => void doStep(jobId, "walk-test")}
      >
        {t(told.walkTest ? "field.walk.again" : "field.walk.start")}
      </button>
      {told.walkTest && (
        <Result
          measured={hasHeard(test) ? test.verdict : undefined}
          onResult={(result) => {
            void doStep(jobId, "result", result);
            if (result.verdict !== "fail") onNext();
          }}
        />
      )}
    </>
  );
}

function Heard({ test }: { readonly test: WalkTest | "away" | undefined }) {
  const { t } = useSpeech();
  if (test === "away") return <p>{t("field.walk.offline")}</p>;
  return (
    <>
      <p className="soft">{t("field.walk.more")}</p>
      <Bars test={test} />
    </>
  );
}

/** Before the first packet nothing is measured, and nothing is suggested. */
const hasHeard = (test: WalkTest | "away" | undefined): test is WalkTest =>
  typeof test === "object" && test.gateways.length > 0;

function useWalkTest(jobId: string | undefined): WalkTest | "away" | undefined {
  const [test, setTest] = useState<WalkTest | "away">();
  useEffect(() => {
    if (jobId === undefined) return undefined;
    const look = (): void => {
      walkTest(jobId).then(setTest, () => {
        setTest("away");
      });
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [jobId]);
  return test;
}

function Bars({ test }: { readonly test: WalkTest | undefined }) {
  const { t, format } = useSpeech();
  if (test === undefined || test.gateways.length === 0)
    return <p role="status">{t("field.walk.none")}</p>;
  return (
    <div className="field-walk" aria-live="polite">
      <ul>
        {test.gateways.map(({ gatewayId, marginDb, lastSnrDb, lastRssiDbm, packets }) => (
          <li
            key={gatewayId}
            aria-label={t("field.walk.bar", {
              gateway: gatewayId,
              margin: format.number(marginDb, 1),
              snr: format.number(lastSnrDb, 1),
              rssi: lastRssiDbm === undefined ? "–" : format.number(lastRssiDbm, 0),
              packets,
            })}
          >
            <span className="field-walk-gateway">{gatewayId}</span>
            <span className="field-walk-track">
              <i
                className={`field-walk-${marginDb >= 6 ? "good" : marginDb >= 0 ? "thin" : "none"}`}
                style={{ width: `${Math.max(4, Math.min(1, marginDb / FULL_BAR_DB) * 100)}%` }}
              />
            </span>
            <span className="field-walk-figures">
              <strong>{t("field.walk.margin", { margin: format.number(marginDb, 1) })}</strong>
              <span className="soft">
                {lastRssiDbm === undefined ? "–" : format.number(lastRssiDbm, 0)} dBm · ×{packets}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        {test.twoWayMs === undefined
          ? t("field.walk.noway")
          : t("field.walk.way", { seconds: format.number(test.twoWayMs / 1_000, 1) })}
      </p>
      <p className={`field-verdict field-verdict-${test.verdict}`}>
        <strong>{t(`field.result.${test.verdict}`)}</strong> · <Because because={test.because} />
      </p>
    </div>
  );
}

const REASONS = ["no-answer", "not-heard", "one-gateway", "thin-margin", "good"] as const;

function Because({ because }: { readonly because: string }) {
  const { t } = useSpeech();
  const known = REASONS.find((reason) => reason === because);
  return known === undefined ? because : t(`field.walk.because.${known}`);
}

/** The engineer's own word; what was measured stands beside it. */
function Result({
  measured,
  onResult,
}: {
  readonly measured: WalkVerdict | undefined;
  readonly onResult: (result: { readonly verdict: WalkVerdict; readonly reason?: string }) => void;
}) {
  const { t } = useSpeech();
  const [own, setOwn] = useState<WalkVerdict>();
  const [reason, setReason] = useState("");
  const verdict = own ?? measured;
  const needsReason = verdict !== "pass" && reason.trim() === "";
  return (
    <form
      className="field-new"
      onSubmit={(event) => {
        event.preventDefault();
        const said = reason.trim();
        if (verdict !== undefined && !needsReason)
          onResult({ verdict, ...(said !== "" && { reason: said }) });
      }}
    >
      <fieldset className="field-verdicts">
        <legend>{t("field.result")}</legend>
        {VERDICTS.map((each) => (
          <label key={each} className={`field-verdict-${each}`}>
            <input
              type="radio"
              name="verdict"
              checked={verdict === each}
              onChange={() => {
                setOwn(each);
              }}
            />
            {t(`field.result.${each}`)}
          </label>
        ))}
      </fieldset>
      <label>
        {t("field.result.reason")}
        <input
          value={reason}
          maxLength={500}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </label>
      {verdict !== undefined && needsReason && (
        <p className="soft">{t("field.result.reason.needed")}</p>
      )}
      <button type="submit" className="field-big" disabled={verdict === undefined || needsReason}>
        {t("field.save")}
      </button>
    </form>
  );
}
