import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Progress, Upload } from "antd";
import { useEffect, useState } from "react";
import { importQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { Loaded } from "../parts/states.tsx";
import type { ImportKind, ImportOrder } from "./import-kind.ts";
import { ImportProblems } from "./import-problems.tsx";
import { ImportRunning } from "./import-running.tsx";
import { UndoImport } from "./undo-import.tsx";

interface KindProps {
  readonly kind: ImportKind;
}

/** First a trial run of the file, then, when one has seen what comes of it, the same in earnest. */
export function ImportCard({ kind }: KindProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [file, setFile] = useState<File>();
  const [id, setId] = useState<string>();
  const [fault, setFault] = useState<string>();
  const begin = async (chosen: File, order: ImportOrder): Promise<void> => {
    setFile(chosen);
    setId(undefined);
    setFault(undefined);
    try {
      setId((await kind.upload(chosen, order)).id);
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <section className="card import-card" aria-live="polite">
      {file === undefined ? (
        <Choose kind={kind} choose={(chosen) => void begin(chosen, TRIAL)} />
      ) : (
        <>
          <h2>{file.name}</h2>
          {fault === undefined ? undefined : (
            <Alert type="error" showIcon title={fault} role="alert" />
          )}
          {id === undefined ? (
            fault === undefined && (
              <>
                <p>{t("import.sending")}</p>
                <Progress percent={0} showInfo={false} status="active" />
              </>
            )
          ) : (
            <Run
              kind={kind}
              id={id}
              go={(skipBad) => void begin(file, { dryRun: false, skipBad })}
            />
          )}
          <div className="import-actions">
            <Button
              onClick={() => {
                setFile(undefined);
              }}
            >
              {t("import.another")}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

const TRIAL: ImportOrder = { dryRun: true, skipBad: false };

function Choose({ kind, choose }: KindProps & { readonly choose: (file: File) => void }) {
  const { t } = useSpeech();
  const { columns, optional, texts } = kind;
  const empty = `${columns}, ${optional}`.replaceAll(", ", ",");
  return (
    <>
      <Upload.Dragger
        accept=".csv,text/csv"
        maxCount={1}
        showUploadList={false}
        beforeUpload={(chosen) => {
          choose(chosen);
          return false;
        }}
      >
        <p>
          <strong>{t(texts.drop)}</strong>
        </p>
        <p className="soft">{t("import.columns", { columns, optional })}</p>
        <p className="soft">{t(texts.hint)}</p>
      </Upload.Dragger>
      <p className="import-actions">
        <a href={`data:text/csv,${empty}%0A`} download="hopline.csv">
          {t("import.template")}
        </a>
      </p>
    </>
  );
}

interface RunProps extends KindProps {
  readonly id: string;
  readonly go: (skipBad: boolean) => void;
}

function Run({ kind, id, go }: RunProps) {
  const { t } = useSpeech();
  const query = useQuery(importQuery(id));
  const state = query.data?.state;
  useEffect(() => {
    if (state !== undefined && state !== "running") void kind.changed();
  }, [state, kind]);
  return (
    <Loaded query={query} rows={2}>
      {(run) =>
        run.state === "running" ? (
          <ImportRunning run={run} />
        ) : (
          <>
            <Outcome run={run} done={kind.texts.done} />
            {run.bad > 0 ? <ImportProblems id={run.id} title={t("import.problems")} /> : undefined}
            <Next kind={kind} run={run} go={go} />
          </>
        )
      }
    </Loaded>
  );
}

function Outcome({ run, done }: { readonly run: ImportRun; readonly done: TextKey }) {
  const { t, named, format } = useSpeech();
  const [bad, count] = [format.number(run.bad), format.number(run.linesDone)];
  if (run.state === "undone") return <Alert type="info" showIcon title={t("import.undone")} />;
  if (run.state === "failed")
    return (
      <Alert
        type="error"
        showIcon
        title={t("import.failed")}
        description={named("failure", run.failure ?? "internal")}
      />
    );
  if (!run.dryRun)
    return <Alert type="success" showIcon title={t(done, { count: format.number(run.added) })} />;
  if (run.bad === 0) return <Alert type="success" showIcon title={t("import.good", { count })} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={t("import.bad", { bad, count })}
      description={t("import.again")}
    />
  );
}

/** What may be done with what came of it. */
function Next({ kind, run, go }: Omit<RunProps, "id"> & { readonly run: ImportRun }) {
  const { t, format } = useSpeech();
  if (run.state !== "done") return undefined;
  if (!run.dryRun)
    return (
      <div className="import-actions">
        {kind.link(run)}
        <UndoImport kind={kind} run={run} />
      </div>
    );
  const good = run.linesDone - run.bad;
  if (good === 0) return undefined;
  const isGood = run.bad === 0;
  return (
    <div className="import-actions">
      <Button
        type={isGood ? "primary" : "default"}
        onClick={() => {
          go(!isGood);
        }}
      >
        {t(isGood ? kind.texts.do : "import.skip", { count: format.number(good) })}
      </Button>
    </div>
  );
}
