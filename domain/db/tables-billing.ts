import type { Generated } from "kysely";
import type { Cut, DunningPolicy } from "../billing/dunning.ts";
import type { PlanSpec } from "../billing/plan.ts";
import type { SpendRules } from "../billing/spend.ts";
import type { Pause, Placement, Term } from "../billing/subscription.ts";
import type { Int8, Json, NullableInt8 } from "./columns.ts";

/** Tables of plans, subscriptions, invoices, payments and the ledger. Money is in minor units, days are texts. */
export interface BillingTables {
  legal_entity: LegalEntityTable;
  plan_version: PlanVersionTable;
  billing_account: BillingAccountTable;
  subscription: SubscriptionTable;
  billing_run: BillingRunTable;
  billing_run_account: BillingRunAccountTable;
  billing_run_late: BillingRunLateTable;
  invoice: InvoiceTable;
  invoice_line: InvoiceLineTable;
  invoice_usage: InvoiceUsageTable;
  invoice_mail: InvoiceMailTable;
  page_usage: PageUsageTable;
  dunning_policy: DunningPolicyTable;
  dunning_case: DunningCaseTable;
  dunning_event: DunningEventTable;
  service_cut: ServiceCutTable;
  service_cut_past: ServiceCutPastTable;
  service_credit: ServiceCreditTable;
  gateway_away: GatewayAwayTable;
  spend_rule: SpendRuleTable;
  spend_told: SpendToldTable;
  spend_cursor: SpendCursorTable;
  ledger_transaction: LedgerTransactionTable;
  ledger_entry: LedgerEntryTable;
  payment: PaymentTable;
  payment_import_match: PaymentImportMatchTable;
  allocation: AllocationTable;
  deposit: DepositTable;
  payment_order: PaymentOrderTable;
  payment_notice: PaymentNoticeTable;
}

export interface LegalEntityTable {
  id: string;
  name: string;
  address: string;
  tax_id: string;
  bank: string;
  number_prefix: string;
  payment_days: number;
  tax_rates: Json<
    readonly { readonly taxClass: string; readonly region: string; readonly basisPoints: number }[]
  >;
  next_invoice: Generated<bigint>; // these three: the next number of its series
  next_credit_note: Generated<bigint>;
  next_debit_note: Generated<bigint>;
  version: number;
}

export interface PlanVersionTable {
  id: string;
  code: string;
  version: number;
  spec: Json<PlanSpec>;
  made_at: Date;
  made_by: string;
}

export interface BillingAccountTable {
  customer_id: string;
  legal_entity_id: string;
  currency: string;
  tax_region: string;
  is_tax_exempt: boolean;
  gross_max: Int8;
  version: number;
}

export interface SubscriptionTable {
  id: string;
  customer_id: string;
  plan_id: string; // of its last term
  address: NullableInt8; // its last terminal
  starts_on: string | null;
  trial_until: string | null;
  ends_on: string | null;
  terms: Json<readonly Term[]>;
  pauses: Json<readonly Pause[]>;
  terminals: Json<readonly Placement[]>;
  created_at: Date;
  version: number;
}

export interface BillingRunTable {
  id: string;
  legal_entity_id: string;
  month: string;
  dry_run: boolean;
  state: "running" | "done";
  usage_below: Int8; // what transactions from this one on stored is for the next close
  accounts: number;
  by_name: string;
  started_at: Date;
  ended_at: Date | null;
}

export interface BillingRunAccountTable {
  run_id: string;
  customer_id: string;
  state: "waiting" | "drafted" | "empty" | "parked";
  reason: string | null;
  detail: string | null;
  invoice_id: string | null;
  gross: NullableInt8;
  to_ns: NullableInt8; // where the month ended at the customer's
}

/** What may have come too late for the close before: looked up once a run. */
export interface BillingRunLateTable {
  run_id: string;
  address: Int8;
  received_at_ns: Int8;
  bytes: number;
  tx: Int8;
  packet_id: Int8;
}

export interface InvoiceTable {
  id: string;
  number: string | null;
  legal_entity_id: string;
  customer_id: string;
  kind: "invoice" | "credit-note" | "debit-note";
  state: "draft" | "approved" | "issued" | "paid" | "void";
  month: string;
  currency: string;
  net: Int8;
  tax: Int8;
  gross: Int8;
  open: Int8; // what is still to pay; of a credit note what is still to give, below zero
  run_id: string | null;
  corrects: string | null;
  document: string; // JSON: the lines, and once it is issued its customer and issuer as they were
  created_at: Date;
  issued_at: Date | null;
  due_on: string | null;
  version: number;
}

/** The part of a line that is searched and summed; the whole of it is in the document. */
export interface InvoiceLineTable {
  invoice_id: string;
  position: number;
  subscription_id: string | null;
  plan_id: string | null;
  kind: string;
  item: string;
  from_day: string;
  to_day: string;
  quantity: Int8;
  net: Int8;
  tax: Int8;
}

/** Where the usage of an invoice's metered lines was counted, as it was then: the way from a line to its packets. */
export interface InvoiceUsageTable {
  invoice_id: string;
  subscription_id: string;
  plan_id: string;
  address: Int8;
  from_ns: Int8;
  to_ns: Int8;
  is_late: boolean;
  cut_ns: Int8; // these two: what was billed before is not counted
  cut_tx: Int8;
  below_tx: Int8;
}

/** Outbox of invoices by e-mail. */
export interface InvoiceMailTable {
  invoice_id: string;
  target: string;
  language: string;
  state: "waiting" | "sent" | "dead" | "suppressed";
  reason: string | null;
  sends: Generated<number>; // 1, and more once it was asked for again
  attempts: Generated<number>;
  created_at: Date;
  next_at: Date;
  sent_at: Date | null;
}

export interface DunningPolicyTable {
  legal_entity_id: string;
  spec: Json<DunningPolicy>;
  version: number;
}

export interface DunningCaseTable {
  customer_id: string;
  step: number;
  stepped_on: string | null;
  held_until: string | null;
  held_reason: string | null;
}

export interface DunningEventTable {
  id: Generated<bigint>;
  customer_id: string;
  at: Date;
  kind: "step" | "relax" | "hold" | "unreachable";
  step: number;
  overdue: Int8;
  fee_note_id: string | null;
  by_name: string;
  reason: string | null;
}

/** What a terminal's holder goes without. */
export interface ServiceCutTable {
  address: Int8;
  customer_id: string;
  reason: "dunning" | "wallet" | "quota";
  cut: Cut;
  since: Date;
}

/** One that is over. */
export interface ServiceCutPastTable {
  address: Int8;
  customer_id: string;
  from_at: Date;
  to_at: Date;
}

/** What a missed promise proposes to give back; its draft has the same id, and is gone once it is rejected. */
export interface ServiceCreditTable {
  id: string;
  subscription_id: string;
  customer_id: string;
  month: string;
  currency: string;
  net: Int8; // below zero
  evidence: string; // JSON: what it follows from, see billing/service-credits.ts
  created_at: Date;
  rejected_at: Date | null;
  rejected_by: string | null;
  reason: string | null;
}

/** When nobody had it; one that is away now is in its own row. */
export interface GatewayAwayTable {
  gateway_id: string;
  from_at: Date;
  to_at: Date;
}

export interface SpendRuleTable {
  customer_id: string;
  spec: Json<SpendRules>;
  version: number;
  looked_at: Date | null;
}

/** What somebody was told of, until it does not hold any more. */
export interface SpendToldTable {
  customer_id: string;
  what: string;
  month: string;
}

/** Up to which transaction usage was looked at; there is one row. */
export interface SpendCursorTable {
  one: Generated<boolean>;
  tx: Int8;
}

export interface LedgerTransactionTable {
  id: Generated<bigint>;
  at: Date;
  kind:
    | ("issue" | "payment" | "match" | "refund" | "write-off")
    | ("deposit" | "deposit-applied" | "deposit-returned");
  customer_id: string | null;
  reference: string;
  by_name: string;
}

export interface LedgerEntryTable {
  transaction_id: Int8;
  position: number;
  account: "receivable" | "revenue" | "tax" | "bank" | "suspense" | "write-off" | "deposit";
  customer_id: string | null;
  currency: string;
  amount: Int8; // a debit is positive
}

export interface PaymentTable {
  id: string;
  customer_id: string | null;
  legal_entity_id: string;
  currency: string;
  amount: Int8;
  open: Int8; // not yet given to an invoice nor back
  received_on: string;
  method: "bank" | "cash" | "card" | "other";
  reference: string;
  text: string;
  import_id: string | null;
  by_name: string;
  created_at: Date;
}

/** What a dry run of a bank's file found. */
/** Append-only. */
export interface PageUsageTable {
  id: string; // of the page to a group, or of the command
  address: NullableInt8;
  customer_id: string | null;
  at: Date;
  tx: Generated<bigint>;
}

export interface PaymentImportMatchTable {
  import_id: string;
  line: number;
  received_on: string;
  amount: Int8;
  currency: string;
  reference: string;
  text: string;
  customer_id: string | null;
  invoice_id: string | null;
}

export interface DepositTable {
  payment_id: string; // by which it came in
  customer_id: string;
  amount: Int8;
  open: Int8; // still held
}

export interface PaymentOrderTable {
  id: string;
  customer_id: string;
  invoice_id: string | null;
  provider: string;
  currency: string;
  amount: Int8;
  state: "open" | "paid" | "failed";
  url: string;
  payment_id: string | null; // the last that was booked for it
  created_at: Date;
}

/** Append-only. */
export interface PaymentNoticeTable {
  provider: string;
  id: string; // the provider's own
  order_id: string;
  kind: "paid" | "failed";
  at: Date;
}

export interface AllocationTable {
  id: Generated<bigint>;
  invoice_id: string;
  payment_id: string | null;
  credit_note_id: string | null;
  write_off: string | null; // why
  amount: Int8;
  at: Date;
}
