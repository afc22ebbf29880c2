import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type AuditFilter, auditExportUrl, auditQuery } from "../api/identity-queries.ts";
import type { AuditEntry } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { type AuditSearch, validAuditSearch } from "../search.ts";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { AuditCheck } from "./audit-check.tsx";
import { Diff } from "./diff.tsx";

export function AuditPage() {
  const { t } = useSpeech();
  useTitle(t("audit.title"));
  // what an address says besides must not reach the API, which refuses what it does not know
  const search = validAuditSearch({ ...useSearch({ from: "/audit" }) });
  const navigate = useNavigate();
  const filter = filterOf(search);
  const query = useInfiniteQuery(auditQuery(filter));
  const change = (next: AuditSearch): void =>
    void navigate({
      to: "/audit",
      search: validAuditSearch({ ...search, ...next }),
      replace: true,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("audit.title")}</h1>
        <span className="soft">{t("audit.detail")}</span>
        <span className="grow" />
        <Button href={auditExportUrl(filter)} download="hopline-audit.csv">
          {t("audit.export")}
        </Button>
      </div>
      <AuditCheck />
      <Filters search={search} change={change} />
      <Loaded query={query} rows={12}>
        {({ pages }) => <Entries entries={pages.flatMap(({ items }) => items)} />}
      </Loaded>
      <LoadMore query={query} />
    </div>
  );
}

/** A date field gives a day of the browser's; the API wants times. */
function filterOf({ from, to, ...rest }: AuditSearch): AuditFilter {
  const time = (text: string | undefined): string | undefined => {
    const ms = text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  };
  return { ...rest, from: time(from), to: time(to) };
}

interface FiltersProps {
  readonly search: AuditSearch;
  readonly change: (next: AuditSearch) => void;
}

const TEXTS = [
  ["action", "audit.action"],
  ["actor", "audit.actor"],
  ["subjectKind", "audit.kind"],
  ["subject", "audit.subject"],
] as const;

function Filters({ search, change }: FiltersProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  return (
    <div className="audit-filters">
      {TEXTS.map(([name, text]) => (
        <Input
          // what a link or a click sets is shown; what is typed counts with Enter or when left
          key={`${name} ${search[name] ?? ""}`}
          defaultValue={search[name] ?? ""}
          allowClear
          placeholder={t(text)}
          aria-label={t(text)}
          onPressEnter={(event) => {
            change({ [name]: event.currentTarget.value.trim() });
          }}
          onBlur={(event) => {
            change({ [name]: event.currentTarget.value.trim() });
          }}
        />
      ))}
      {(["from", "to"] as const).map((name) => (
        <Input
          key={name}
          type="datetime-local"
          value={search[name] ?? ""}
          prefix={<span className="soft">{t(`audit.${name}`)}</span>}
          aria-label={t(`audit.${name}`)}
          onChange={(event) => {
            change({ [name]: event.target.value });
          }}
        />
      ))}
      <Button onClick={() => void navigate({ to: "/audit", search: {} })}>
        {t("audit.clear")}
      </Button>
    </div>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { t } = useSpeech();
  if (entries.length === 0)
    return <Empty title={t("audit.none")} detail={t("audit.none.detail")} />;
  return (
    <div className="card audit-list">
      {entries.map((entry) => (
        <Entry key={entry.number} entry={entry} />
      ))}
    </div>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { t, format } = useSpeech();
  const now = useNow();
  const { actor, subject, reason } = entry;
  const facts = [
    `#${entry.number}`,
    format.fullTime(entry.at),
    actor.id,
    ...(entry.ip === null ? [] : [`${t("audit.ip")} ${entry.ip}`]),
    ...(entry.requestId === null ? [] : [`${t("audit.request")} ${entry.requestId}`]),
    ...(entry.customerId === null ? [] : [`${t("user.customer")} ${entry.customerId}`]),
    `${t("audit.hash")} ${entry.hash.slice(0, 16)}…`,
  ];
  return (
    <details className="audit-entry">
      <summary>
        <span className="soft">{format.time(entry.at, now)}</span>
        <span className="cut">{actor.kind === "system" ? t("audit.system") : actor.name}</span>
        <strong className="cut">{entry.action}</strong>
        <span className="cut">
          {subject.kind} <span className="mono soft">{subject.id}</span>
          {reason === null ? "" : ` · ${reason}`}
        </span>
      </summary>
      <div>
        <Diff before={entry.before} after={entry.after} />
        <p className="audit-facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
      </div>
    </details>
  );
}
