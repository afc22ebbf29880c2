import type { Answer } from "../api/types.ts";

type InvoiceState = Answer<"/api/billing/invoices">["items"][number]["state"];

/** What stands in the address of the pages behind `?`. */
export interface InvoicesSearch {
  readonly customer?: string;
  readonly run?: string;
  readonly state?: InvoiceState;
  readonly number?: string;
}

export const INVOICE_STATES: readonly InvoiceState[] = [
  ...(["draft", "approved", "issued", "overdue", "paid", "void"] as const),
];

export interface PaymentsSearch {
  readonly customer?: string;
  readonly unmatched?: true;
  /** In place of what has come in: what was begun at the payment provider. */
  readonly show?: "provider";
}

export interface InvoiceSearch {
  /** Of a payer who comes back from the provider: what they were sent there for. */
  readonly payment?: string;
}

export const DUNNING_SHOWS = ["held", "unreachable"] as const;

export interface DunningSearch {
  readonly step?: number;
  readonly show?: (typeof DUNNING_SHOWS)[number];
  /** Whose dunning is open beside the board. */
  readonly customer?: string;
}

export const SERVICE_CREDIT_STATES = ["drafted", "approved", "issued", "rejected"] as const;

export interface ServiceCreditsSearch {
  readonly month?: string;
  readonly state?: (typeof SERVICE_CREDIT_STATES)[number];
  /** Whose proof is open beside the list. */
  readonly credit?: string;
}

export interface CloseSearch {
  readonly state?: CloseAccountState;
}

export const CLOSE_STATES = ["parked", "drafted", "empty", "waiting"] as const;
export type CloseAccountState = (typeof CLOSE_STATES)[number];

type Raw = Readonly<Record<string, unknown>>;

function text<Name extends string>(raw: Raw, name: Name): { [K in Name]?: string } {
  const value = raw[name];
  const taken: { [K in Name]?: string } = {};
  if ((typeof value === "string" && value !== "") || typeof value === "number")
    taken[name] = String(value);
  return taken;
}

/** A link may say anything: only what the page knows is taken. */
export function validInvoicesSearch(raw: Raw): InvoicesSearch {
  const state = INVOICE_STATES.find((one) => one === raw["state"]);
  return {
    ...text(raw, "customer"),
    ...text(raw, "run"),
    ...text(raw, "number"),
    ...(state === undefined ? {} : { state }),
  };
}

export const validPaymentsSearch = (raw: Raw): PaymentsSearch => ({
  ...text(raw, "customer"),
  ...(raw["unmatched"] === true ? { unmatched: true } : {}),
  ...(raw["show"] === "provider" ? { show: "provider" } : {}),
});

export const validInvoiceSearch = (raw: Raw): InvoiceSearch => text(raw, "payment");

export function validDunningSearch(raw: Raw): DunningSearch {
  const { step } = raw;
  const show = DUNNING_SHOWS.find((one) => one === raw["show"]);
  return {
    ...text(raw, "customer"),
    ...(typeof step === "number" && Number.isInteger(step) && step >= 0 ? { step } : {}),
    ...(show === undefined ? {} : { show }),
  };
}

export function validServiceCreditsSearch(raw: Raw): ServiceCreditsSearch {
  const { month } = raw;
  const state = SERVICE_CREDIT_STATES.find((one) => one === raw["state"]);
  return {
    ...text(raw, "credit"),
    ...(typeof month === "string" && /^20\d\d-\d\d$/.test(month) ? { month } : {}),
    ...(state === undefined ? {} : { state }),
  };
}

export function validCloseSearch(raw: Raw): CloseSearch {
  const state = CLOSE_STATES.find((one) => one === raw["state"]);
  return state === undefined ? {} : { state };
}
