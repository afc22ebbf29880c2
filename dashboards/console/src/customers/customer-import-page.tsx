import "../stock/stock.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ImportRun } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ImportCard } from "../stock/import-card.tsx";
import type { ImportKind } from "../stock/import-kind.ts";
import { ImportResult } from "../stock/import-result.tsx";
import { UndoImport } from "../stock/undo-import.tsx";
import { customerChanged, customerImportsQuery, uploadCustomers } from "./customer-queries.ts";

const CUSTOMERS: ImportKind = {
  columns: "kind, name",
  optional: "number, parent_number, email, phone, address, tax_id, language, time_zone, tags",
  texts: {
    drop: "customers.import.drop",
    hint: "customers.import.parents",
    do: "customers.import.do",
    done: "customers.import.done",
    undo: "customers.import.undo",
  },
  upload: uploadCustomers,
  changed: () => customerChanged(),
  link: () => <ToCustomers />,
};

export function CustomerImportPage() {
  const { t } = useSpeech();
  useTitle(t("customers.import.title"));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("customers.import.title")}</h1>
        <span className="grow" />
        <ToCustomers />
      </div>
      <ImportCard kind={CUSTOMERS} />
      <Earlier />
    </div>
  );
}

function ToCustomers() {
  const { t } = useSpeech();
  return <Link to="/customers">{t("customers.title")}</Link>;
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
  const { t } = useSpeech();
  return (
    <li>
      <span className="contact">
        <span>
          <strong>{run.fileName}</strong>{" "}
          {run.dryRun ? <span className="tag">{t("import.trial")}</span> : undefined}
        </span>
        <span className="soft">
          <Age at={run.startedAt} /> · {run.byName} · <ImportResult run={run} />
        </span>
      </span>
      {run.state === "done" && !run.dryRun ? <UndoImport kind={CUSTOMERS} run={run} /> : undefined}
    </li>
  );
}
