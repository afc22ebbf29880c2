import "../stock/stock.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Popconfirm, Progress, Upload } from "antd";
import { useEffect, useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { importQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ImportProblems } from "../stock/import-problems.tsx";
import { ImportRunning } from "../stock/import-running.tsx";
import { customerChanged, customerImportsQuery, uploadCustomers } from "./customer-queries.ts";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

const COLUMNS = "kind, name";
const OPTIONAL = "number, parent_number, email, phone, address, tax_id, language, time_zone, tags";

/** First a trial run of the file, then, when one has seen what comes of it, the same in earnest. */
export function CustomerImportPage() {
  const { t } = useSpeech();
  useTitle(t("customers.import.title"));
  const [file, setFile] = useState<File>();
  const [id, setId] = useState<string>();
  const doing = useDoing();
  const begin = (chosen: File, order: { dryRun: boolean; skipBad: boolean }) => {
    setFile(chosen);
    setId(undefined);
    return doing.run(async () => {
      setId((await uploadCustomers(chosen, order)).id);
    });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("customers.import.title")}</h1>
        <span className="grow" />
        <Link to="/customers">{t("customers.title")}</Link>
      </div>
      <section className="card import-card" aria-live="polite">
        {file === undefined ? (
          <Upload.Dragger
            accept=".csv,text/csv"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              void begin(chosen, { dryRun: true, skipBad: false });
              return false;
            }}
          >
            <p>
              <strong>{t("customers.import.drop")}</strong>
            </p>
            <p className="soft">{t("import.columns", { columns: COLUMNS, optional: OPTIONAL })}</p>
            <p className="soft">{t("customers.import.parents")}</p>
          </Upload.Dragger>
        ) : (
          <>
            <h2>{file.name}</h2>
            <Refusal error={doing.error} />
            {id === undefined ? (
              doing.isBusy && <Progress percent={0} showInfo={false} status="active" />
            ) : (
              <Run id={id} go={(skipBad) => void begin(file, { dryRun: false, skipBad })} />
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
      <Earlier />
    </div>
  );
}

interface RunProps {
  readonly id: string;
  readonly go: (skipBad: boolean) => void;
}

function Run({ id, go }: RunProps) {
  const query = useQuery(importQuery(id));
  const state = query.data?.state;
  useEffect(() => {
    if (state !== undefined && state !== "running") void customerChanged();
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
  const { t, named, format } = useSpeech();
  const good = run.linesDone - run.bad;
  const [bad, count] = [format.number(run.bad), format.number(run.linesDone)];
  if (run.state === "undone") return <Alert type="info" showIcon title={t("import.undone")} />;
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
          title={t("customers.import.done", { count: format.number(run.added) })}
        />
      ) : run.bad === 0 ? (
        <Alert type="success" showIcon title={t("import.good", { count })} />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t("import.bad", { bad, count })}
          description={t("import.again")}
        />
      )}
      {run.bad > 0 ? <ImportProblems id={run.id} title={t("import.problems")} /> : undefined}
      {run.state === "done" && run.dryRun && good > 0 ? (
        <div className="import-actions">
          <Button
            type={run.bad === 0 ? "primary" : "default"}
            onClick={() => {
              go(run.bad > 0);
            }}
          >
            {t(run.bad === 0 ? "customers.import.do" : "import.skip", {
              count: format.number(good),
            })}
          </Button>
        </div>
      ) : undefined}
    </>
  );
}

function Earlier() {
  const { t } = useSpeech();
  const items = useQuery(customerImportsQuery).data?.items ?? [];
  if (items.length === 0) return undefined;
  return (
    <section className="card merges" aria-label={t("import.history")}>
      <h2>{t("import.history")}</h2>
      <ul className="rows">
        {items.map((run) => (
          <EarlierRun key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}

function EarlierRun({ run }: { readonly run: ImportRun }) {
  const { t, format } = useSpeech();
  const doing = useDoing();
  const undo = () =>
    doing.run(async () => {
      const params = { path: { id: run.id } };
      const after = await answerOf(api.POST("/api/imports/{id}/undo", { params, body: {} }));
      queryClient.setQueryData(importQuery(run.id).queryKey, after);
      await customerChanged();
    });
  const mayUndo = run.state === "done" && !run.dryRun;
  return (
    <li>
      <span className="contact">
        <span>
          <strong>{run.fileName}</strong>{" "}
          {run.dryRun ? <span className="tag">{t("import.trial")}</span> : undefined}
        </span>
        <span className="soft">
          <Age at={run.startedAt} /> · {run.byName} · <Result run={run} />
        </span>
        <Refusal error={doing.error} />
      </span>
      {mayUndo ? (
        <Popconfirm
          title={t("customers.import.undo", { count: format.number(run.added) })}
          description={t("import.undo.detail")}
          okText={t("import.undo")}
          cancelText={t("customers.cancel")}
          onConfirm={() => void undo()}
        >
          <Button className="end" size="small" danger loading={doing.isBusy}>
            {t("import.undo")}
          </Button>
        </Popconfirm>
      ) : undefined}
    </li>
  );
}

function Result({ run }: { readonly run: ImportRun }) {
  const { t, named, format } = useSpeech();
  const [count, bad] = [format.number(run.added), format.number(run.bad)];
  if (run.state === "failed") return named("failure", run.failure ?? "internal");
  if (run.state !== "done") return t(`importstate.${run.state}`);
  if (run.dryRun) return t("import.result.trial", { bad });
  return t(run.bad > 0 ? "import.result.skipped" : "import.result.done", { count, bad });
}
