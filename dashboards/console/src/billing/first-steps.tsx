import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { entitiesQuery, plansQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

/** From nothing to the first invoice, in order, with what is done already. */
export function FirstSteps() {
  const { w } = useBilling();
  const hasEntity = (useQuery(entitiesQuery).data?.items.length ?? 0) > 0;
  const hasPlan = (useQuery(plansQuery()).data?.items.length ?? 0) > 0;
  return (
    <ol className="first-steps">
      <Step isDone={hasEntity}>
        <Link to="/closes">{w("first.entity")}</Link>
      </Step>
      <Step isDone={hasPlan}>
        <Link to="/plans">{w("first.plan")}</Link>
      </Step>
      <Step isDone={false}>
        <Link to="/customers">{w("first.account")}</Link>
      </Step>
      <Step isDone={false}>
        <Link to="/closes">{w("first.close")}</Link>
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly isDone: boolean;
  readonly children: ReactNode;
}

function Step({ isDone, children }: StepProps) {
  const { w } = useBilling();
  return (
    <li>
      {children} {isDone ? <span className="tag money-paid">{w("first.done")}</span> : undefined}
    </li>
  );
}
