import { Alert, Button, Progress } from "antd";
import { useState } from "react";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { type ChainState, checkChain } from "./chain-check.ts";

/** Has the server read the whole chain, and says how far it is and what it found. */
export function AuditCheck() {
  const { t, format } = useSpeech();
  const [state, setState] = useState<ChainState>();
  const isRunning = state?.is === "running";
  const run = async (): Promise<void> => {
    setState({ is: "running", done: 0, total: 0 });
    setState(await checkChain(setState));
    await queryClient.invalidateQueries({ queryKey: ["audit"] }); // the same entries below
  };
  return (
    <section className="card audit-check" aria-live="polite">
      <Button onClick={() => void run()} loading={isRunning}>
        {t("audit.check")}
      </Button>
      {state?.is === "running" ? (
        <>
          <Progress
            percent={state.total === 0 ? 0 : Math.floor((100 * state.done) / state.total)}
            style={{ maxWidth: 320 }}
          />
          <span className="soft">
            {t("audit.check.running", {
              done: format.number(state.done),
              total: format.number(state.total),
            })}
          </span>
        </>
      ) : undefined}
      {state?.is === "whole" ? (
        <Alert
          type="success"
          showIcon
          title={t("audit.check.ok", { entries: format.number(state.entries) })}
        />
      ) : undefined}
      {state?.is === "faulty" ? (
        <Alert
          type="error"
          showIcon
          title={t(`audit.check.${state.fault}`, { number: state.number })}
        />
      ) : undefined}
      {state?.is === "failed" ? (
        <Alert type="warning" showIcon title={t("audit.check.failed")} />
      ) : undefined}
    </section>
  );
}
