import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { billingChanged, type CloseRun, invoicesQuery } from "./billing-queries.ts";
import { type Say, useBilling } from "./billing-words.ts";

interface CloseDeedsProps {
  readonly run: CloseRun;
}

type Deed = "approve" | "issue" | "retry";

const call = (deed: Deed, id: string): Promise<{ readonly changed?: number }> => {
  const body = { runId: id };
  if (deed === "approve") return answerOf(api.POST("/api/billing/invoices/approve", { body }));
  if (deed === "issue") return answerOf(api.POST("/api/billing/invoices/issue", { body }));
  const params = { path: { id } };
  return answerOf(api.POST("/api/billing/closes/{id}/retry", { params })).then(() => ({}));
};

/** What comes next of a close: look again at the parked, approve, issue. */
export function CloseDeeds({ run }: CloseDeedsProps) {
  const { w, t, format } = useBilling();
  const may = useMay();
  const doing = useDoing();
  const [told, setTold] = useState("");
  const next = useNext(run);
  if (run.state === "running" || run.dryRun) return undefined;
  const go = (deed: Deed): Promise<boolean> =>
    doing.run(async () => {
      const { changed } = await call(deed, run.id);
      setTold(changed === undefined ? "" : toldOf(w, deed, changed, format.number(changed)));
      await billingChanged();
    });
  return (
    <div className="actions">
      <span role="status" className="soft">
        {told}
      </span>
      <Refusal error={doing.error} />
      <Link to="/invoices" search={{ run: run.id }}>
        {w("close.invoices")}
      </Link>
      {may("plans:write") && run.parked > 0 ? (
        <Button loading={doing.isBusy} onClick={() => void go("retry")}>
          {w("close.retry")}
        </Button>
      ) : undefined}
      {may("billing:write") && run.drafted > 0 ? (
        <>
          <Button
            type={next === "approve" ? "primary" : "default"}
            disabled={next !== "approve"}
            loading={doing.isBusy}
            onClick={() => void go("approve")}
          >
            {w("approve.all")}
          </Button>
          <Popconfirm
            title={w("issue.sure.all")}
            description={w("issue.sure")}
            okText={w("issue")}
            cancelText={t("customers.cancel")}
            onConfirm={() => void go("issue")}
          >
            <Button
              type={next === "issue" ? "primary" : "default"}
              disabled={next !== "issue"}
              loading={doing.isBusy}
            >
              {w("issue.all")}
            </Button>
          </Popconfirm>
        </>
      ) : undefined}
    </div>
  );
}

/** Drafts are approved first, what is approved is issued; undefined: all of it is. */
function useNext({ id }: CloseRun): "approve" | "issue" | undefined {
  const drafts = useInfiniteQuery(invoicesQuery({ run: id, state: "draft" }, 1));
  const approved = useInfiniteQuery(invoicesQuery({ run: id, state: "approved" }, 1));
  const has = ({ data }: typeof drafts): boolean => (data?.pages[0]?.items.length ?? 0) > 0;
  if (has(drafts)) return "approve";
  return has(approved) ? "issue" : undefined;
}

function toldOf(w: Say, deed: Deed, changed: number, count: string): string {
  if (deed === "approve") return w(changed === 0 ? "approve.nothing" : "approve.done", { count });
  return w(changed === 0 ? "issue.nothing" : "issue.done", { count });
}
