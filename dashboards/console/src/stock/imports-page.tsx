import "./stock.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress, Upload } from "antd";
import { useEffect, useState } from "react";
import { queryClient } from "../api/queries.ts";
import { importQuery, importsQuery, uploadTerminals } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ImportHistory } from "./import-history.tsx";
import { ImportProblems } from "./import-problems.tsx";
import { ImportRunning } from "./import-running.tsx";
import { UndoImport } from "./undo-import.tsx";

const COLUMNS = "address, serial, root_key, profile, hardware_version, firmware_version, batch";
const OPTIONAL = "name, latitude, longitude";

/** First a trial run of the file, then, when one has seen what comes of it, the same in earnest. */
export function ImportsPage() {
  const speech = useSpeech();
  const { t } = speech;
  useTitle(t("import.title"));
  const [file, setFile] = useState<File>();
  const [id, setId] = useState<string>();
  const [fault, setFault] = useState<string>();
  const begin = async (chosen: File, dryRun: boolean, skipBad: boolean): Promise<void> => {
    setFile(chosen);
    setId(undefined);
    setFault(undefined);
    try {
      setId((await uploadTerminals(chosen, { dryRun, skipBad })).id);
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const reset = (): void => {
    setFile(undefined);
    setId(undefined);
    setFault(undefined);
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("import.title")}</h1>
      </div>
      <section className="card import-card" aria-live="polite">
        {file === undefined ? (
          <Upload.Dragger
            accept=".csv,text/csv"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              void begin(chosen, true, false);
              return false;
            }}
          >
            <p>
              <strong>{t("import.drop")}</strong>
            </p>
            <p className="soft">{t("import.columns", { columns: COLUMNS, optional: OPTIONAL })}</p>
            <p className="soft">{t("import.keys")}</p>
          </Upload.Dragger>
        ) : (
          <>
            <h2>{file.name}</h2>
            {fault === undefined ? undefined : (
              <Alert type="error" showIcon title={fault} role="alert" />
            )}
            {id === undefined ? (
              fault === undefined && <Progress percent={0} showInfo={false} status="active" />
            ) : (
              <Run id={id} go={(skipBad) => void begin(file, false, skipBad)} />
            )}
            <div className="import-actions">
              <Button onClick={reset}>{t("import.another")}</Button>
            </div>
          </>
        )}
      </section>
      <ImportHistory />
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
    if (state === undefined || state === "running") return;
    void queryClient.invalidateQueries({ queryKey: importsQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: ["stock"] });
  }, [state]);
  return (
    <Loaded query={query} rows={2}>
      {(run) =>
        run.state === "running" ? (
          <ImportRunning run={run} />
        ) : run.dryRun ? (
          <Tried run={run} go={go} />
        ) : (
          <Ended run={run} />
        )
      }
    </Loaded>
  );
}

function Tried({ run, go }: { readonly run: ImportRun } & Pick<RunProps, "go">) {
  const { t, named, format } = useSpeech();
  const good = run.linesDone - run.bad;
  if (run.state === "failed")
    return (
      <>
        <Alert type="error" showIcon title={named("failure", run.failure ?? "internal")} />
        <ImportProblems id={run.id} title={t("import.problems")} />
      </>
    );
  if (run.bad === 0)
    return (
      <>
        <Alert
          type="success"
          showIcon
          title={t("import.good", { count: format.number(run.linesDone) })}
        />
        <div className="import-actions">
          <Button
            type="primary"
            onClick={() => {
              go(false);
            }}
          >
            {t("import.do", { count: format.number(good) })}
          </Button>
        </div>
      </>
    );
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title={t("import.bad", {
          bad: format.number(run.bad),
          count: format.number(run.linesDone),
        })}
        description={t("import.again")}
      />
      <ImportProblems id={run.id} title={t("import.problems")} />
      {good > 0 ? (
        <div className="import-actions">
          <Button
            onClick={() => {
              go(true);
            }}
          >
            {t("import.skip", { count: format.number(good) })}
          </Button>
        </div>
      ) : undefined}
    </>
  );
}

function Ended({ run }: { readonly run: ImportRun }) {
  const { t, named, format } = useSpeech();
  if (run.state === "failed")
    return (
      <>
        <Alert
          type="error"
          showIcon
          title={t("import.failed")}
          description={named("failure", run.failure ?? "internal")}
        />
        <ImportProblems id={run.id} title={t("import.problems")} />
      </>
    );
  if (run.state === "undone") return <Alert type="info" showIcon title={t("import.undone")} />;
  return (
    <>
      <Alert
        type="success"
        showIcon
        title={t("import.done", { count: format.number(run.added) })}
      />
      <div className="import-actions">
        <Link to="/stock" search={{ importId: run.id }}>
          {t("import.show")}
        </Link>
        <UndoImport run={run} />
      </div>
    </>
  );
}
