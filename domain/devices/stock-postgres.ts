import { type Kysely, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { int8List } from "../db/json-rows.ts";
import type { Act, Audit, Deed } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { hasBadTagsSql } from "./bad-tags-postgres.ts";
import { type LifeCycleEvent, type LifeState, type StockDeed, stepTerminal } from "./life-cycle.ts";
import type {
  DoneToMany,
  Stock,
  StockCounts,
  StockEdit,
  StockFilter,
  StockTerminal,
} from "./stock.ts";
import {
  matchingStock,
  STOCK,
  type StockRow,
  stockPage,
  toStockTerminal,
} from "./stock-rows-postgres.ts";

export interface StockDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
}

const EXPORTED_AT_ONCE = 2_000;
type Event = LifeCycleEvent | StockDeed;

export function createStock({ db, audit }: StockDeps): Stock {
  const change = changeIn(audit);
  return {
    async move(within, address, event, act) {
      await change(within, { address, event, act });
    },

    do: (address, event, act, version) => change(db, { address, event, act, version }),

    doToMany: (addresses, deed, act) =>
      inTransaction(db, (tx) => doToMany(tx, audit, { addresses, deed, act })),

    edit: (address, edit, act, version) =>
      inTransaction(db, async (tx) => {
        const row = await one(tx, address, version);
        const columns = columnsOf(edit);
        const changed = { ...columns, version: row.version + 1 };
        await tx
          .updateTable("terminal")
          .set(changed)
          .where("address", "=", BigInt(address))
          .execute();
        await audit.record(tx, act, {
          action: "terminal.changed",
          subject: subjectOf(address),
          before: Object.fromEntries(
            Object.entries(columnsOf(row)).filter(([name]) => name in columns),
          ),
          after: columns,
        });
        return toStockTerminal({ ...row, ...changed });
      }),

    async find(address, reach) {
      const { rows } = await sql<StockRow>`
        select ${STOCK} from terminal t ${matchingStock({}, reach)} and t.address = ${address}::int8`.execute(
        db,
      );
      return rows[0] && withoutSecrets(toStockTerminal(rows[0]), reach);
    },

    async list(query, reach) {
      const { items, next } = await stockPage(db, query, reach);
      return { items: items.map((terminal) => withoutSecrets(terminal, reach)), next };
    },

    counts: (filter, reach) => counts(db, filter, reach),

    async *export(filter) {
      let after = -1;
      for (;;) {
        const { rows } = await sql<StockRow>`
          select ${STOCK} from terminal t ${matchingStock(filter, "all")} and t.address > ${after}::int8
          order by t.address limit ${EXPORTED_AT_ONCE}::int`.execute(db);
        if (rows.length === 0) return;
        yield rows.map(toStockTerminal);
        after = Number(rows.at(-1)?.address ?? after);
      }
    },
  };
}

interface Change {
  readonly address: number;
  readonly event: Event;
  readonly act: Act;
  readonly version?: number | undefined;
}

const changeIn =
  (audit: Audit) =>
  (within: Db, { address, event, act, version }: Change): Promise<StockTerminal> =>
    inTransaction(within, async (tx) => {
      const row = await one(tx, address, version);
      const next = decide(row, event, act);
      if (!next.ok)
        throw new ConflictError(`terminal ${address}: ${next.reason}`, { address, event });
      await save(tx, row, next.to);
      await audit.record(tx, act, deedOf(row, event, next.to));
      return toStockTerminal({
        ...row,
        life_cycle: next.to.lifeCycle,
        quarantine_reason: next.to.quarantineReason,
        version: row.version + 1,
      });
    });

interface Many {
  readonly addresses: readonly number[];
  readonly deed: StockDeed;
  readonly act: Act;
}

async function doToMany(tx: Db, audit: Audit, { addresses, deed, act }: Many): Promise<DoneToMany> {
  const rows = await held(tx, addresses);
  const done: number[] = [];
  const deeds: Deed[] = [];
  const refused = addresses
    .filter((address) => !rows.has(address))
    .map((address) => ({ address, reason: "it does not exist" }));
  for (const row of rows.values()) {
    const address = Number(row.address);
    const next = decide(row, deed, act);
    if (!next.ok) refused.push({ address, reason: next.reason });
    else {
      await save(tx, row, next.to);
      deeds.push(deedOf(row, deed, next.to));
      done.push(address);
    }
  }
  await audit.record(tx, act, ...deeds);
  return { done, refused };
}

/** Why a terminal is set aside is the operator's own matter. */
const withoutSecrets = (terminal: StockTerminal, reach: Reach): StockTerminal =>
  isWithin(reach, null)
    ? terminal
    : { ...terminal, quarantineReason: null, badTags: null, importId: null };

type HeldRow = StockRow & { readonly is_fixed: boolean };

/** Locked in the order of addresses, so that two who change many never wait for each other in a ring. */
async function held(tx: Db, addresses: readonly number[]): Promise<Map<number, HeldRow>> {
  const { rows } = await sql<HeldRow>`
    select ${STOCK}, exists (select from assignment a
        where a.address = t.address and a.to_ns is null) as is_fixed
    from terminal t where t.address in ${int8List(addresses)}
    order by t.address for update of t`.execute(tx);
  return new Map(rows.map((row) => [Number(row.address), row]));
}

async function one(tx: Db, address: number, version: number | undefined): Promise<HeldRow> {
  const row = (await held(tx, [address])).get(address);
  if (row === undefined) throw new NotFoundError("terminal", String(address));
  if (version !== undefined && version !== row.version)
    throw new StaleError(`terminal ${address}`, version, row.version);
  return row;
}

function decide(row: HeldRow, event: Event, { reason }: Act) {
  if (event === "retire" && row.is_fixed)
    return { ok: false, reason: "it is fixed to an asset; take it off first" } as const;
  return stepTerminal(stateOf(row), event, reason);
}

const stateOf = (row: HeldRow): LifeState => ({
  lifeCycle: row.life_cycle,
  quarantineReason: row.quarantine_reason,
});

const subjectOf = (address: number) => ({ kind: "terminal", id: String(address) });

const save = (tx: Db, row: HeldRow, { lifeCycle, quarantineReason }: LifeState) =>
  tx
    .updateTable("terminal")
    .set({
      life_cycle: lifeCycle,
      quarantine_reason: quarantineReason,
      version: row.version + 1,
    })
    .where("address", "=", row.address)
    .execute();

const PAST: Readonly<Record<Event, string>> = {
  assign: "assigned",
  install: "installed",
  accept: "accepted",
  activate: "activated",
  suspend: "suspended",
  resume: "resumed",
  free: "freed",
  return: "returned",
  retire: "retired",
  quarantine: "quarantined",
  release: "released",
};

const deedOf = (row: HeldRow, event: Event, after: LifeState): Deed => ({
  action: `terminal.${PAST[event]}`,
  subject: subjectOf(Number(row.address)),
  before: stateOf(row),
  after,
});

type Columns = Partial<Pick<HeldRow, "name" | "batch" | "latitude" | "longitude">>;

function columnsOf({ name, batch, latitude, longitude }: StockEdit): Columns {
  if ((latitude === undefined) !== (longitude === undefined))
    throw new InvalidInputError("latitude", "latitude and longitude are given together");
  if ((latitude === null) !== (longitude === null))
    throw new InvalidInputError("latitude", "latitude and longitude are both null, or neither");
  return {
    ...(name === undefined ? {} : { name }),
    ...(batch === undefined ? {} : { batch }),
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
  };
}

interface CountedRow {
  readonly life_cycle: string;
  readonly count: bigint;
  readonly quarantined: bigint;
  readonly with_bad_tags: bigint;
}

async function counts(db: Db, filter: StockFilter, reach: Reach): Promise<StockCounts> {
  const rest = { ...filter, lifeCycle: undefined };
  const { rows } = await sql<CountedRow>`
    select t.life_cycle, count(*) as count, count(t.quarantine_reason) as quarantined,
      count(*) filter (where ${hasBadTagsSql}) as with_bad_tags
    from terminal t ${matchingStock(rest, reach)} group by t.life_cycle`.execute(db);
  const of = (lifeCycle: string) =>
    Number(rows.find((row) => row.life_cycle === lifeCycle)?.count ?? 0n);
  const sum = (of: (row: CountedRow) => bigint) =>
    Number(rows.reduce((total, row) => total + of(row), 0n));
  const isTold = isWithin(reach, null);
  return {
    total: sum(({ count }) => count),
    quarantined: isTold ? sum(({ quarantined }) => quarantined) : 0,
    withBadTags: isTold ? sum((row) => row.with_bad_tags) : 0,
    byLifeCycle: {
      stocked: of("stocked"),
      assigned: of("assigned"),
      installed: of("installed"),
      accepted: of("accepted"),
      active: of("active"),
      suspended: of("suspended"),
      retired: of("retired"),
    },
  };
}
