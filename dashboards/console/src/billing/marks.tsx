import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../identity/me.tsx";
import type { Invoice } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

/** Where an invoice is on its way from a draft to the money. */
export function StateTag({ state }: { readonly state: Invoice["state"] }) {
  const { known } = useBilling();
  return <span className={`tag money-${state}`}>{known("state", state)}</span>;
}

interface MoneyProps {
  readonly minor: number;
  readonly currency: string;
}

/** An amount with its currency; below zero it says so in colour, too. */
export function Money({ minor, currency }: MoneyProps) {
  const { format } = useBilling();
  return (
    <span className={minor < 0 ? "money money-minus" : "money"}>
      {format.money(minor, currency)}
    </span>
  );
}

interface CustomerLinkProps {
  readonly id: string;
  readonly children: ReactNode;
}

export function CustomerLink({ id, children }: CustomerLinkProps) {
  return useMay()("customers:read") ? (
    <Link to="/customers/$id" params={{ id }}>
      {children}
    </Link>
  ) : (
    <span>{children}</span>
  );
}
