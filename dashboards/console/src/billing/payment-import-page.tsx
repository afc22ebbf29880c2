import "../stock/stock.css";
import "../customers/customers.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress, Upload } from "antd";
import { useEffect, useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { importQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ImportProblems } from "../stock/import-problems.tsx";
import { ImportRunning } from "../stock/import-running.tsx";
import { billingChanged } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { Matches } from "./payment-matches.tsx";

const COLUMNS = "date, amount, currency, reference";
const OPTIONAL = "text, entity";

const upload = (file: File, dryRun: boolean) =>
  answerOf(
    api.POST("/api/imports/payments", {
      params: {
        query: { file_name: file.name.slice(0, 200), dry_run: dryRun, skip_bad: false },
      },
      headers: { "content-type": "text/csv" },
      body: file,
      bodySerializer: () => file,
    }),
  );

/** A bank's file: first what would be paid by it, then, when one has seen that, the same in earnest. */
export function PaymentImportPage() {
  const { w, t } = useBilling();
  useTitle(w("payments.import"));
  const [file, setFile] = useState<File>();
  const [id, setId] = useState<string>();
  const doing = useDoing();
  const begin = (chosen: File, dryRun: boolean): Promise<boolean> => {
    setFile(chosen);
    setId(undefined);
    return doing.run(async () => {
      setId((await upload(chosen, dryRun)).id);
    });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("payments.import")}</h1>
        <span className="grow" />
        <Link to="/payments">{w("payments")}</Link>
      </div>
      <section className="card import-card" aria-live="polite">
        {file === undefined ? (
          <Upload.Dragger
            accept=".csv,text/csv"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              void begin(chosen, true);
              return false;
            }}
          >
            <p>
              <strong>{w("bank.drop")}</strong>
            </p>
            <p className="soft">{t("import.columns", { columns: COLUMNS, optional: OPTIONAL })}</p>
            <p className="soft">{w("bank.matching")}</p>
          </Upload.Dragger>
        ) : (
          <>
            <h2>{file.name}</h2>
            <Refusal error={doing.error} />
            {id === undefined ? (
              doing.isBusy && <Progress percent={0} showInfo={false} status="active" />
            ) : (
              <Run id={id} go={() => void begin(file, false)} />
            )}
            <div className="import-actions">
              <Button
                onClick={() => {
                  setFile(undefined);
                  setId(undefined);
                  doing.forget();
                }}
              >
                {t("import.another")}
              </Button>
            </div>
          </>
        )}
      </section>
    </div>
  );
}

interface RunProps {
  readonly id: string;
  readonly go: () => void;
}

function Run({ id, go }: RunProps) {
  const query = useQuery(importQuery(id));
  const state = query.data?.state;
  useEffect(() => {
    if (state !== undefined && state !== "running") void billingChanged();
  }, [state]);
  return (
    <Loaded query={query} rows={2}>
      {(run) =>
        run.state === "running" ? <ImportRunning run={run} /> : <Outcome run={run} go={go} />
      }
    </Loaded>
  );
}

function Outcome({ run, go }: { readonly run: ImportRun } & Pick<RunProps, "go">) {
  const { w, t, named, format } = useBilling();
  const good = run.linesDone - run.bad;
  const [bad, count] = [format.number(run.bad), format.number(run.linesDone)];
  return (
    <>
      {run.state === "failed" ? (
        <Alert
          type="error"
          showIcon
          title={t("import.failed")}
          description={named("failure", run.failure ?? "internal")}
        />
      ) : !run.dryRun ? (
        <Alert
          type="success"
          showIcon
          title={w("bank.done", { count: format.number(run.added) })}
          description={
            <Link to="/payments" search={{ unmatched: true }}>
              {w("bank.unmatched")}
            </Link>
          }
        />
      ) : run.bad === 0 ? (
        <Alert type="success" showIcon title={t("import.good", { count })} />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t("import.bad", { bad, count })}
          description={w("bank.allOrNone")}
        />
      )}
      {run.bad > 0 ? <ImportProblems id={run.id} title={t("import.problems")} /> : undefined}
      {run.state === "done" && run.dryRun ? <Matches id={run.id} /> : undefined}
      {run.state === "done" && run.dryRun && run.bad === 0 && good > 0 ? (
        <div className="import-actions">
          <Button type="primary" onClick={go}>
            {w("bank.do", { count: format.number(good) })}
          </Button>
        </div>
      ) : undefined}
    </>
  );
}
