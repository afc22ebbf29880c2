import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";

interface EmptyProps {
  readonly title: string;
  readonly detail?: string;
  readonly children?: ReactNode;
}

export function Empty({ title, detail, children }: EmptyProps) {
  return (
    <div className="empty" role="status">
      <svg width="72" height="40" viewBox="0 0 72 40" aria-hidden="true">
        <path
          fill="currentColor"
          opacity=".35"
          d="M4 26h10v6H4zM17 12h10v6H17zM30 20h10v6H30zM43 6h10v6H43zM56 16h10v6H56z"
        />
      </svg>
      <h2>{title}</h2>
      {detail === undefined ? undefined : <p>{detail}</p>}
      {children}
    </div>
  );
}

function errorText({ t }: Speech, error: unknown): string {
  if (!(error instanceof ApiError) || error.away) return t("error.away");
  if (error.detail !== undefined) return t("error.refused", { detail: error.detail });
  return t("error.other", { status: error.status });
}

interface FailureProps {
  readonly error: unknown;
  readonly retry: () => void;
}

export function Failure({ error, retry }: FailureProps) {
  const speech = useSpeech();
  return (
    <div className="empty" role="alert">
      <h2>{speech.t("error.title")}</h2>
      <p>{errorText(speech, error)}</p>
      <Button type="primary" onClick={retry}>
        {speech.t("app.retry")}
      </Button>
    </div>
  );
}

export function Loading({ rows = 6 }: { readonly rows?: number }) {
  const { t } = useSpeech();
  return (
    <div className="loading" role="status" aria-label={t("app.loading")}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

interface Query<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface LoadedProps<T> {
  readonly query: Query<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/** Data when there is any, also when the last refresh failed; else the error, else a skeleton. */
export function Loaded<T>({ query, rows, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(rows === undefined ? {} : { rows })} />;
}
