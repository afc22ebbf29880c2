import { InvalidInputError } from "../../base/errors.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Day } from "./calendar.ts";
import type { TaxRate } from "./draft.ts";
import { type Minor, requireCurrency } from "./money.ts";

/** Who sends the invoices: each has series of numbers of its own, without gaps. */
export interface LegalEntity {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly taxId: string;
  /** Where to pay, as it stands on the invoice. */
  readonly bank: string;
  readonly numberPrefix: string;
  readonly paymentDays: number;
  readonly taxRates: readonly TaxRate[];
  readonly version: number;
}
export type LegalEntityInput = Omit<LegalEntity, "id" | "version">;

/** How a customer pays. Its currency is for ever. */
export interface BillingAccount {
  readonly customerId: string;
  readonly customerName: string;
  readonly customerNumber: string;
  readonly legalEntityId: string;
  readonly currency: string;
  readonly taxRegion: string;
  readonly isTaxExempt: boolean;
  readonly grossMax: Minor;
  /** Above zero: the customer owes it. */
  readonly balance: Minor;
  readonly version: number;
}
export type BillingAccountInput = Pick<
  BillingAccount,
  "legalEntityId" | "currency" | "taxRegion" | "isTaxExempt" | "grossMax"
>;

export interface StatementEntry {
  readonly at: Date;
  readonly kind: string;
  readonly reference: string;
  readonly amount: Minor;
  /** After it. */
  readonly balance: Minor;
}

/** What is open, by how long it is overdue. */
/** What is open, by how many days it is overdue. */
export interface AgeingAmounts {
  readonly currency: string;
  readonly notDue: Minor;
  readonly to30: Minor;
  readonly to60: Minor;
  readonly to90: Minor;
  readonly over90: Minor;
  readonly total: Minor;
}

export interface Ageing extends AgeingAmounts {
  readonly customerId: string;
  readonly customerName: string;
}

export interface AgeingQuery {
  readonly day: Day;
  /** The last one that was shown. */
  readonly after?: Pick<Ageing, "total" | "customerId"> | undefined;
  readonly limit: number;
}

export interface BillingAccounts {
  entities(): Promise<readonly LegalEntity[]>;
  addEntity(input: LegalEntityInput, act: Act): Promise<LegalEntity>;
  changeEntity(
    at: { readonly id: string; readonly version: number | undefined },
    input: LegalEntityInput,
    act: Act,
  ): Promise<LegalEntity>;
  find(customerId: string, reach: Reach): Promise<BillingAccount | undefined>;
  /** Opens it, or changes all but its currency. */
  put(customerId: string, input: BillingAccountInput, act: Act): Promise<BillingAccount>;
  /** The newest first. */
  statement(customerId: string, limit: number): Promise<readonly StatementEntry[]>;
  /** On this day, the largest debt first. */
  ageing(query: AgeingQuery): Promise<readonly Ageing[]>;
  /** All of it, of each currency. */
  ageingSums(day: Day): Promise<readonly AgeingAmounts[]>;
}

const TAX_RATES_MAX = 100;
const PREFIX = /^[A-Z][A-Z0-9-]{0,11}$/;

/** Throws an InvalidInputError that names the first field at fault. */
export function requireEntity(input: LegalEntityInput): LegalEntityInput {
  if (input.name.trim() === "") throw new InvalidInputError("name", "name must not be empty");
  if (!PREFIX.test(input.numberPrefix))
    throw new InvalidInputError(
      "numberPrefix",
      "numberPrefix must be capital letters, digits and hyphens, at most 12, such as HL",
    );
  if (input.taxRates.length > TAX_RATES_MAX)
    throw new InvalidInputError("taxRates", `taxRates must be at most ${TAX_RATES_MAX}`);
  const seen = new Set<string>();
  for (const [at, { taxClass, region, basisPoints }] of input.taxRates.entries()) {
    const field = `taxRates.${at}`;
    if (seen.has(`${taxClass} ${region}`))
      throw new InvalidInputError(field, `there are two rates for ${taxClass} in ${region}`);
    seen.add(`${taxClass} ${region}`);
    if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > 10_000)
      throw new InvalidInputError(
        `${field}.basisPoints`,
        `${field}.basisPoints must be hundredths of a per cent from 0 to 10000`,
      );
  }
  return input;
}

export function requireAccount(input: BillingAccountInput): BillingAccountInput {
  requireCurrency("currency", input.currency);
  if (!Number.isSafeInteger(input.grossMax) || input.grossMax < 1)
    throw new InvalidInputError("grossMax", "grossMax must be an amount above zero");
  return input;
}
