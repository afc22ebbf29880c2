import "./stock.css";
import { Link } from "@tanstack/react-router";
import { queryClient } from "../api/queries.ts";
import { importsQuery, uploadTerminals } from "../api/stock-queries.ts";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ImportCard } from "./import-card.tsx";
import { ImportHistory } from "./import-history.tsx";
import type { ImportKind } from "./import-kind.ts";

const TERMINALS: ImportKind = {
  columns: "address, serial, root_key, profile, hardware_version, firmware_version, batch",
  optional: "name, latitude, longitude",
  texts: {
    drop: "import.drop",
    hint: "import.keys",
    do: "import.do",
    done: "import.done",
    undo: "import.undo.ask",
  },
  upload: uploadTerminals,
  changed: () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: importsQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ["stock"] }),
    ]),
  link: (run) => <ToStock run={run} />,
};

export function ImportsPage() {
  const { t } = useSpeech();
  useTitle(t("import.title"));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("import.title")}</h1>
      </div>
      <ImportCard kind={TERMINALS} />
      <ImportHistory kind={TERMINALS} />
    </div>
  );
}

function ToStock({ run }: { readonly run: ImportRun }) {
  const { t } = useSpeech();
  return (
    <Link to="/stock" search={{ importId: run.id }}>
      {t("import.show")}
    </Link>
  );
}
