import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Days, Month } from "./calendar.ts";
import { taxOf } from "./charge-models.ts";
import type { CreditPart } from "./credit-parts.ts";
import { type InvoiceLine, totalsOf } from "./draft.ts";
import type { InvoiceDocument } from "./invoices.ts";
import type { Minor } from "./money.ts";
import type { Plan, PlanName } from "./plan.ts";
import type { ProofDay } from "./service-proof.ts";
import type { HeldProof } from "./service-proofs.ts";

export const SERVICE_CREDIT_STATES = ["drafted", "approved", "issued", "rejected"] as const;
export type ServiceCreditState = (typeof SERVICE_CREDIT_STATES)[number];

/** Without names: they are erased with their customer, and this is kept. */
export type KeptProof = Omit<HeldProof, "terminalName" | "assetName">;

/** What a credit follows from, as it was when it was drafted. */
export interface CreditEvidence {
  readonly parts: readonly CreditPart[];
  readonly proofs: readonly KeptProof[];
}

/** What a missed promise gives back; its credit note has the same id, as long as nobody has rejected it. */
export interface ServiceCredit {
  readonly id: string;
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly month: Month;
  readonly currency: string;
  /** Below zero. */
  readonly net: Minor;
  readonly state: ServiceCreditState;
  /** Of the note, once it is issued. */
  readonly number: string | null;
  readonly createdAt: Date;
  readonly rejectedAt: Date | null;
  readonly rejectedBy: string | null;
  readonly reason: string | null;
  readonly evidence: CreditEvidence;
  /** Of the operator's people; others may have named them since. */
  readonly terminals: readonly { readonly address: number; readonly name: string | null }[];
}

export interface CreditQuery {
  readonly reach: Reach;
  readonly month?: Month | undefined;
  readonly customerId?: string | undefined;
  readonly state?: ServiceCreditState | undefined;
  readonly before?: { readonly createdMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface CreditsDrafted {
  readonly drafted: number;
  /** Missed promises whose plan and account do not go together yet, by currency or tax rate. */
  readonly waiting: number;
  /** Accounts that the month's close has parked, or whose draft was thrown away: they have theirs once they are looked at again. */
  readonly parked: number;
}

/** Credit notes that are drafted where a promise was missed, each once, and that a person approves or rejects. */
export interface ServiceCredits {
  /**
   * Of a month that can be closed; those that there are stay as they are. Throws an InvalidInputError before, a
   * ConflictError while the same are being drafted, an UnavailableError when it was stopped before its end.
   */
  draft(
    order: { readonly legalEntityId: string; readonly month: Month },
    act: Act,
  ): Promise<CreditsDrafted>;
  /** The newest first; a customer's people see what is issued alone. */
  list(query: CreditQuery): Promise<readonly ServiceCredit[]>;
  find(id: string, reach: Reach): Promise<ServiceCredit | undefined>;
  /** Throws the draft away and keeps why; never drafted again. Throws a ConflictError once it is issued. */
  reject(id: string, reason: string, act: Act): Promise<ServiceCredit>;
  /** Lets the accounts that are under way end. */
  stop(): Promise<void>;
}

/** The same whenever it is drafted. */
export const creditId = (month: Month, subscriptionId: string): string =>
  `credit.${month}.${subscriptionId}`;

/** The days that were proved, of all the stretches in which the customer held the terminal. */
export const provedDays = (proofs: readonly HeldProof[], { from, to }: Days): readonly ProofDay[] =>
  proofs.flatMap(({ days }) => days.filter(({ day }) => day >= from && day < to));

export interface PricedPart {
  readonly part: CreditPart;
  readonly plan: Plan;
  readonly taxBasisPoints: number;
}

/** The credit note that is proposed; why stands on its lines in both languages. */
export function creditNote(
  month: Month,
  subscriptionId: string,
  parts: readonly PricedPart[],
): InvoiceDocument {
  const lines = parts.map(
    ({ part, plan: { id, version, spec }, taxBasisPoints }, at): InvoiceLine => ({
      ...{ position: at + 1, kind: "service-credit", subscriptionId, planId: id },
      ...{ planCode: spec.code, planVersion: version, planName: spec.name },
      ...{ item: "", itemName: reasonOf(part), serviceClass: spec.serviceClass, metric: null },
      ...{ from: part.from, to: part.to, quantity: part.days, late: 0, included: 0 },
      ...{ periodDays: 0, isCorrection: false, net: -part.credit, taxClass: spec.taxClass },
      ...{ taxBasisPoints, tax: taxOf(spec.currency, -part.credit, taxBasisPoints) },
    }),
  );
  const currency = parts[0]?.plan.spec.currency ?? "";
  return { kind: "credit-note", currency, month, lines, ...totalsOf(lines) };
}

const percentText = (basisPoints: number): string => `${(basisPoints / 100).toFixed(2)} %`;

const reasonOf = ({ availability, target, percent }: CreditPart): PlanName => ({
  en: `Service credit of ${percent} %: availability ${percentText(availability)}, promised ${percentText(target)}`,
  "zh-CN": `服务补偿 ${percent} %：可用率 ${percentText(availability)}，承诺 ${percentText(target)}`,
});
