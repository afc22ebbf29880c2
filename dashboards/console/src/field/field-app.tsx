import { useSyncExternalStore } from "react";
import { LANGUAGES, useSpeech } from "../i18n/language.tsx";
import { JobPage } from "./job-page.tsx";
import { tell } from "./steps.ts";
import type { LocalJob } from "./store.ts";
import { signOut } from "./sync.ts";
import { unsentIn, useJobs, useSync, useWho } from "./use-jobs.ts";

const subscribeHash = (listener: () => void): (() => void) => {
  window.addEventListener("hashchange", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
  };
};
const jobInHash = (): string => window.location.hash.slice(1);

/** The engineer's phone: a list of jobs, or one of them. */
export function FieldApp() {
  const { t } = useSpeech();
  const jobs = useJobs();
  const jobId = useSyncExternalStore(subscribeHash, jobInHash);
  return (
    <div className="field">
      <header className="field-head">
        {jobId === "" ? (
          <h1>{t("field.title")}</h1>
        ) : (
          <a className="field-back" href="#">
            ‹ {t("field.jobs")}
          </a>
        )}
        <SyncMark jobs={jobs ?? []} />
        <Languages />
      </header>
      <SyncBanner />
      <main className="field-main" id="content">
        {jobs === undefined ? undefined : jobId === "" ? (
          <JobList jobs={jobs} />
        ) : (
          <JobPage key={jobId} jobId={jobId} job={jobs.find(({ id }) => id === jobId)} />
        )}
      </main>
    </div>
  );
}

function JobList({ jobs }: { readonly jobs: readonly LocalJob[] }) {
  const { t } = useSpeech();
  return (
    <>
      <button
        type="button"
        className="field-big"
        onClick={() => {
          window.location.hash = crypto.randomUUID();
        }}
      >
        + {t("field.new")}
      </button>
      {jobs.length === 0 && (
        <div className="field-empty">
          <strong>{t("field.none")}</strong>
          <p>{t("field.none.detail")}</p>
        </div>
      )}
      <ul className="field-jobs">
        {jobs.map((job) => (
          <li key={job.id}>
            <JobLink job={job} />
          </li>
        ))}
      </ul>
      <SignOut jobs={jobs} />
    </>
  );
}

/** Who works with this phone, and the way to hand it on. Without a network nobody can be signed out. */
function SignOut({ jobs }: { readonly jobs: readonly LocalJob[] }) {
  const { t } = useSpeech();
  const state = useSync();
  const who = useWho();
  if (who === undefined || state === "away" || state === "signed-out") return undefined;
  return (
    <p className="field-who">
      <span className="soft">{who.name}</span>
      <button
        type="button"
        className="field-link"
        onClick={() => {
          const count = unsentIn(jobs);
          if (count === 0 || window.confirm(t("field.signout.ask", { count }))) void signOut();
        }}
      >
        {t("field.signout")}
      </button>
    </p>
  );
}

function JobLink({ job }: { readonly job: LocalJob }) {
  const { t, format } = useSpeech();
  const told = tell(job.steps);
  const state = told.undone ? "undone" : (job.server?.state ?? "open");
  const name = told.assetName ?? told.serial ?? t("field.unnamed");
  return (
    <a href={`#${job.id}`}>
      <span className="field-job-name">{name}</span>
      <span className={`field-chip field-chip-${state}`}>{t(`field.state.${state}`)}</span>
      <span className="soft">{[told.serial, told.customerName].filter(Boolean).join(" · ")}</span>
      <time className="soft" dateTime={job.openedAt}>
        {format.time(job.openedAt, Date.now())}
      </time>
    </a>
  );
}

function SyncMark({ jobs }: { readonly jobs: readonly LocalJob[] }) {
  const { t } = useSpeech();
  const state = useSync();
  const count = unsentIn(jobs);
  const key = state === "sending" ? "sending" : count > 0 ? "waiting" : state;
  return (
    <span className={`field-sync field-sync-${state}`} role="status">
      {t(SYNC_TEXTS[key], { count })}
    </span>
  );
}

const SYNC_TEXTS = {
  starting: "field.sync.starting",
  idle: "field.sync.idle",
  sending: "field.sync.sending",
  waiting: "field.sync.waiting",
  away: "field.sync.away",
  "signed-out": "field.sync.signed-out",
  "no-right": "field.sync.signed-out",
} as const;

/** Why nothing can be sent; work goes on all the same. */
function SyncBanner() {
  const { t } = useSpeech();
  const state = useSync();
  if (state === "starting" || state === "idle" || state === "sending") return undefined;
  return (
    <p className={`field-banner field-banner-${state}`} role="status">
      {t(`field.banner.${state}`)}
      {state !== "away" && (
        <a href={`/sign-in?next=${encodeURIComponent("/field/")}`}>{t("field.signin")}</a>
      )}
    </p>
  );
}

const SHORT = { en: "EN", "zh-CN": "中文" } as const;

function Languages() {
  const { t, language, choose } = useSpeech();
  const other = LANGUAGES.find((each) => each !== language) ?? language;
  return (
    <button
      type="button"
      className="field-language"
      lang={other}
      aria-label={t("app.language")}
      onClick={() => {
        choose(other);
      }}
    >
      {SHORT[other]}
    </button>
  );
}
