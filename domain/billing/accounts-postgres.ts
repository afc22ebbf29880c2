import { type RawBuilder, type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { LegalEntityTable } from "../db/tables-billing.ts";
import type { Reach } from "../identity/policy.ts";
import {
  type AgeingAmounts,
  type BillingAccount,
  type BillingAccounts,
  type LegalEntity,
  type LegalEntityInput,
  requireAccount,
  requireEntity,
} from "./accounts.ts";
import type { Day } from "./calendar.ts";
import type { BillingDeps } from "./plans-postgres.ts";

const ENTITIES_MAX = 100;

export const createBillingAccounts = (deps: BillingDeps): BillingAccounts => ({
  ...entitiesOf(deps),
  ...accountsOf(deps),
  ...readsOf(deps.db),
});

const entitiesOf = ({
  db,
  audit,
  makeId,
}: BillingDeps): Pick<BillingAccounts, "entities" | "addEntity" | "changeEntity"> => ({
  async entities() {
    const rows = await db
      .selectFrom("legal_entity")
      .selectAll()
      .orderBy("name")
      .orderBy("id")
      .limit(ENTITIES_MAX)
      .execute();
    return rows.map(entityOf);
  },

  addEntity: (input, act) =>
    inTransaction(db, async (tx) => {
      const id = makeId();
      await requireFreePrefix(tx, id, requireEntity(input));
      const row = await tx
        .insertInto("legal_entity")
        .values({ id, ...columnsOf(input), version: 1 })
        .returningAll()
        .executeTakeFirstOrThrow();
      const subject = { kind: "legal-entity", id };
      await audit.record(tx, act, { action: "legal-entity.added", subject, after: input });
      return entityOf(row);
    }),

  changeEntity: ({ id, version }, input, act) =>
    inTransaction(db, async (tx) => {
      await requireFreePrefix(tx, id, requireEntity(input));
      const before = await tx
        .selectFrom("legal_entity")
        .selectAll()
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError("legal entity", id);
      if (version !== undefined && version !== before.version)
        throw new StaleError("legal entity", version, before.version);
      const row = await tx
        .updateTable("legal_entity")
        .set({ ...columnsOf(input), version: before.version + 1 })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await audit.record(tx, act, {
        ...{ action: "legal-entity.changed", subject: { kind: "legal-entity", id } },
        ...{ before: entityOf(before), after: input },
      });
      return entityOf(row);
    }),
});

const columnsOf = (input: LegalEntityInput) => ({
  name: input.name,
  address: input.address,
  tax_id: input.taxId,
  bank: input.bank,
  number_prefix: input.numberPrefix,
  payment_days: input.paymentDays,
  tax_rates: JSON.stringify(input.taxRates),
});

/** Numbers of two issuers must not be the same. */
async function requireFreePrefix(tx: Db, id: string, input: LegalEntityInput): Promise<void> {
  const taken = await tx
    .selectFrom("legal_entity")
    .select("name")
    .where("number_prefix", "=", input.numberPrefix)
    .where("id", "<>", id)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new InvalidInputError("numberPrefix", `${taken.name} has this numberPrefix already`);
}

export const entityOf = (row: Selectable<LegalEntityTable>): LegalEntity => ({
  id: row.id,
  name: row.name,
  address: row.address,
  taxId: row.tax_id,
  bank: row.bank,
  numberPrefix: row.number_prefix,
  paymentDays: row.payment_days,
  taxRates: row.tax_rates,
  version: row.version,
});

const accountsOf = ({ db, audit }: BillingDeps): Pick<BillingAccounts, "find" | "put"> => ({
  find: (customerId, reach) => findAccount(db, customerId, reach),

  put: (customerId, input, act) =>
    inTransaction(db, async (tx) => {
      const { legalEntityId, currency } = requireAccount(input);
      const { rows: customers } = await sql`
        select from customer where id = ${customerId} and merged_into is null and erased_at is null
        for update`.execute(tx);
      if (customers.length === 0) throw new NotFoundError("customer", customerId);
      const { rows: entities } = await sql`
        select from legal_entity where id = ${legalEntityId}`.execute(tx);
      if (entities.length === 0)
        throw new InvalidInputError(
          "legalEntityId",
          `legal entity ${legalEntityId} does not exist`,
        );
      const before = await findAccount(tx, customerId, "all");
      if (before !== undefined && before.currency !== currency)
        throw new ConflictError(
          `the account is in ${before.currency}; one currency per account, for ever`,
          { field: "currency" },
        );
      if (before !== undefined && before.legalEntityId !== legalEntityId)
        throw new ConflictError("the account stays with its legal entity", {
          field: "legalEntityId",
        });
      await sql`
        insert into billing_account (customer_id, legal_entity_id, currency, tax_region,
          is_tax_exempt, gross_max, version)
        values (${customerId}, ${legalEntityId}, ${currency}, ${input.taxRegion},
          ${input.isTaxExempt}::boolean, ${input.grossMax}::int8, 1)
        on conflict (customer_id) do update set tax_region = excluded.tax_region,
          is_tax_exempt = excluded.is_tax_exempt, gross_max = excluded.gross_max,
          version = billing_account.version + 1`.execute(tx);
      await audit.record(tx, act, {
        action: before === undefined ? "billing-account.opened" : "billing-account.changed",
        ...{ subject: { kind: "billing-account", id: customerId }, customerId },
        ...(before === undefined ? {} : { before: termsOf(before) }),
        after: input,
      });
      const after = await findAccount(tx, customerId, "all");
      if (after === undefined) throw new NotFoundError("account", customerId);
      return after;
    }),
});

/** What the audit log is told of it. */
const termsOf = ({ taxRegion, isTaxExempt, grossMax }: BillingAccount) => ({
  ...{ taxRegion, isTaxExempt, grossMax },
});

interface AccountRow {
  readonly customer_id: string;
  readonly name: string;
  readonly number: string;
  readonly legal_entity_id: string;
  readonly currency: string;
  readonly tax_region: string;
  readonly is_tax_exempt: boolean;
  readonly gross_max: bigint;
  readonly balance: bigint;
  readonly version: number;
}

export async function findAccount(
  db: Db,
  customerId: string,
  reach: Reach,
): Promise<BillingAccount | undefined> {
  const { rows } = await sql<AccountRow>`
    select a.*, c.name, c.number, coalesce((select sum(e.amount) from ledger_entry e
      where e.account = 'receivable' and e.customer_id = a.customer_id), 0)::int8 as balance
    from billing_account a join customer c on c.id = a.customer_id
    where a.customer_id = ${customerId} and ${withinReach(reach, sql`a.customer_id`)}`.execute(db);
  const [row] = rows;
  return (
    row && {
      customerId: row.customer_id,
      customerName: row.name,
      customerNumber: row.number,
      legalEntityId: row.legal_entity_id,
      currency: row.currency,
      taxRegion: row.tax_region,
      isTaxExempt: row.is_tax_exempt,
      grossMax: Number(row.gross_max),
      balance: Number(row.balance),
      version: row.version,
    }
  );
}

interface StatementRow {
  readonly at: Date;
  readonly kind: string;
  readonly reference: string;
  readonly amount: bigint;
  readonly balance: bigint;
}

interface AgeingSumRow {
  readonly currency: string;
  readonly not_due: bigint;
  readonly to_30: bigint;
  readonly to_60: bigint;
  readonly to_90: bigint;
  readonly over_90: bigint;
  readonly total: bigint;
}

interface AgeingRow extends AgeingSumRow {
  readonly customer_id: string;
  readonly name: string;
}

function ageingColumns(day: Day): RawBuilder<unknown> {
  const late = (from: number, to: number | null) => sql`coalesce(sum(i.open) filter (
    where (${day}::date - i.due_on::date) >= ${from}::int
      and ${to === null ? sql`true` : sql`(${day}::date - i.due_on::date) <= ${to}::int`}), 0)::int8`;
  return sql`i.currency,
    coalesce(sum(i.open) filter (where i.due_on >= ${day}), 0)::int8 as not_due,
    ${late(1, 30)} as to_30, ${late(31, 60)} as to_60, ${late(61, 90)} as to_90,
    ${late(91, null)} as over_90, sum(i.open)::int8 as total`;
}

const ageingAmounts = (row: AgeingSumRow): AgeingAmounts => ({
  currency: row.currency,
  notDue: Number(row.not_due),
  to30: Number(row.to_30),
  to60: Number(row.to_60),
  to90: Number(row.to_90),
  over90: Number(row.over_90),
  total: Number(row.total),
});

const readsOf = (db: Db): Pick<BillingAccounts, "statement" | "ageing" | "ageingSums"> => ({
  async statement(customerId, limit) {
    const { rows } = await sql<StatementRow>`
      select at, kind, reference, amount, balance from (
        select t.id, e.position, t.at, t.kind, t.reference, e.amount,
          (sum(e.amount) over (order by t.id, e.position))::int8 as balance
        from ledger_entry e join ledger_transaction t on t.id = e.transaction_id
        where e.account = 'receivable' and e.customer_id = ${customerId}) s
      order by id desc, position desc limit ${limit}::int`.execute(db);
    return rows.map((row) => ({
      ...row,
      amount: Number(row.amount),
      balance: Number(row.balance),
    }));
  },

  async ageing({ day, after, limit }) {
    const onward =
      after === undefined
        ? sql`true`
        : sql`(-total, customer_id) > (${-after.total}::int8, ${after.customerId})`;
    const { rows } = await sql<AgeingRow>`
      select * from (
        select i.customer_id, c.name, ${ageingColumns(day)}
        from invoice i join customer c on c.id = i.customer_id
        where i.open > 0 and i.number is not null group by i.customer_id, c.name, i.currency) a
      where ${onward} order by -total, customer_id limit ${limit}::int`.execute(db);
    return rows.map((row) => ({
      ...{ customerId: row.customer_id, customerName: row.name },
      ...ageingAmounts(row),
    }));
  },

  async ageingSums(day) {
    const { rows } = await sql<AgeingSumRow>`
      select ${ageingColumns(day)} from invoice i where i.open > 0 and i.number is not null
      group by i.currency order by i.currency`.execute(db);
    return rows.map(ageingAmounts);
  },
});
