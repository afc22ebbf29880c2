import { Alert, Button, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { importQuery } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import type { ImportKind } from "./import-kind.ts";

interface UndoImportProps {
  readonly kind: ImportKind;
  readonly run: ImportRun;
}

export function UndoImport({ kind, run }: UndoImportProps) {
  const speech = useSpeech();
  const { t, format } = speech;
  const [fault, setFault] = useState<string>();
  const undo = async (): Promise<void> => {
    setFault(undefined);
    try {
      const after = await answerOf(
        api.POST("/api/imports/{id}/undo", { params: { path: { id: run.id } }, body: {} }),
      );
      queryClient.setQueryData(importQuery(run.id).queryKey, after);
      await kind.changed();
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <>
      <Popconfirm
        title={t(kind.texts.undo, { count: format.number(run.added) })}
        description={t("import.undo.detail")}
        onConfirm={() => void undo()}
      >
        <Button size="small" danger>
          {t("import.undo")}
        </Button>
      </Popconfirm>
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </>
  );
}
