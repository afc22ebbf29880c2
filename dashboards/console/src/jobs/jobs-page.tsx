import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import { useState } from "react";
import { jobsQuery } from "../api/job-queries.ts";
import type { JobState, JobSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Age } from "../parts/age.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { FieldAddress } from "./field-address.tsx";

const STATES = ["open", "accepted", "failed", "undone"] as const;

/** What the engineers are at, and where their phones find the field app. */
export function JobsPage() {
  const { t } = useSpeech();
  useTitle(t("jobs.title"));
  const [state, setState] = useState<JobState>();
  const query = useInfiniteQuery(jobsQuery(state));
  return (
    <div className="page jobs-page">
      <div className="page-head">
        <h1>{t("jobs.title")}</h1>
        <span className="grow" />
        <Select<JobState>
          allowClear
          placeholder={t("jobs.any")}
          aria-label={t("jobs.state")}
          style={{ width: 150 }}
          options={STATES.map((each) => ({ value: each, label: t(`field.state.${each}`) }))}
          onChange={(next?: JobState) => {
            setState(next);
          }}
        />
      </div>
      <div className="card">
        <FieldAddress />
      </div>
      <Loaded query={query} rows={8}>
        {({ pages }) => <JobTable jobs={pages.flatMap(({ items }) => items)} />}
      </Loaded>
      <LoadMore query={query} />
    </div>
  );
}

function JobTable({ jobs }: { readonly jobs: readonly JobSummary[] }) {
  const { t } = useSpeech();
  const may = useMay();
  if (jobs.length === 0)
    return (
      <Empty title={t("jobs.none")} detail={t("jobs.none.detail")}>
        {may("users:write") ? <Link to="/users">{t("jobs.none.users")}</Link> : undefined}
      </Empty>
    );
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{t("jobs.terminal")}</th>
            <th>{t("jobs.state")}</th>
            <th>{t("jobs.customer")}</th>
            <th>{t("jobs.engineer")}</th>
            <th>{t("jobs.opened")}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <span className="two-lines">
                  <JobName job={job} />
                  <span className="soft mono">{job.serial ?? "–"}</span>
                </span>
              </td>
              <td data-label={t("jobs.state")}>{t(`field.state.${job.state}`)}</td>
              <td data-label={t("jobs.customer")}>{job.customerName ?? "–"}</td>
              <td data-label={t("jobs.engineer")}>{job.engineerName}</td>
              <td data-label={t("jobs.opened")}>
                <Age at={job.openedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The way to what its terminal reports. */
function JobName({ job }: { readonly job: JobSummary }) {
  const { t } = useSpeech();
  const name = job.assetName ?? t("field.unnamed");
  if (job.address === null) return <span>{name}</span>;
  return (
    <Link to="/terminals/$address" params={{ address: String(job.address) }}>
      {name}
    </Link>
  );
}
