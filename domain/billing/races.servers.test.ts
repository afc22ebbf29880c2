import { sql } from "kysely";
import { test as base, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { bankFileRead } from "../../tests/bank-file.ts";
import { onCleanup as afterTest, until } from "../../tests/until.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Db } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { DUNNING_DEFAULT } from "./dunning.ts";
import { startBilling } from "./start-billing.ts";
import { billingWorld } from "./test-billing.ts";

const ACCOUNTS = 24;
/** Processes, each with a pool of connections; fewer deeds at once than it has, so that none waits for one. */
const CLERKS = 4;
const HANDS = 6;
const MONTH = "2026-01";

const test = base
  .extend("url", { scope: "file" }, async ({}, { onCleanup }) => {
    const server = await startPostgres();
    onCleanup(() => server.stop());
    await migrate(await opened(server.url));
    return server.url;
  })
  .extend("office", ({ url }) => openOffice(url));

async function opened(url: string) {
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: url });
  afterTest(() => db.destroy());
  return db;
}

/** Approved drafts of a month, and clerks who share nothing but the database. */
async function openOffice(url: string) {
  const db = await opened(url);
  const names = (await db.introspection.getTables()).map(({ name }) => sql.table(name));
  await sql`truncate ${sql.join(names)} restart identity`.execute(db);
  const clock = fakeClock(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, ACCOUNTS);
  await world.subscribeAll("2026-01-01");
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  const run = await world.close(MONTH);
  await world.desk.invoices.approve({ runId: run?.id ?? "" }, world.act());
  const deskOf = (of: Db) => startBilling({ db: of, clock, log: silentLog });
  const clerks = await Promise.all(
    Array.from({ length: CLERKS }, async () => {
      const own = await opened(url);
      return { ...deskOf(own), own };
    }),
  );
  const accounts = world.customerIds.map((customerId) => ({
    customerId,
    id: `${MONTH}.${customerId}`,
  }));
  return { ...world, db, clock, clerks, accounts, deskOf, runId: run?.id ?? "" };
}

type Office = Awaited<ReturnType<typeof openOffice>>;
type Deed = (clerk: Office["clerks"][number]) => Promise<unknown>;

/** Each deed is the next clerk's; answers why some were refused. */
async function race({ clerks }: Office, deeds: readonly Deed[]): Promise<readonly string[]> {
  const reasons: string[] = [];
  await Promise.all(
    clerks.flatMap((clerk, nth) => {
      const own = deeds.filter((_, at) => at % clerks.length === nth).values();
      return Array.from({ length: HANDS }, async () => {
        for (const deed of own)
          await deed(clerk).catch((error: unknown) => {
            reasons.push(error instanceof Error ? error.message : String(error));
          });
      });
    }),
  );
  return reasons;
}

const payment = (customerId: string, amount: number, reference: string) => ({
  ...{ customerId, amount, currency: "CNY", receivedOn: "2026-02-03" },
  ...{ method: "bank" as const, reference, text: "" },
});

/** What has a number of this series, each number once and none left out. */
async function countSeries(db: Db, letter: "" | "C" | "D"): Promise<number> {
  const { rows } = await sql<{ number: string }>`
    select number from invoice where number ~ ${`^HL-${letter}[0-9]+$`} order by number`.execute(
    db,
  );
  const numbers = rows.map(({ number }) => number);
  expect(numbers).toEqual(
    numbers.map((_, nth) => `HL-${letter}${String(nth + 1).padStart(6, "0")}`),
  );
  return numbers.length;
}

async function expectBooksRight(db: Db): Promise<void> {
  const { rows: lopsided } = await sql`
    select from ledger_entry group by transaction_id, currency having sum(amount) <> 0`.execute(db);
  expect(lopsided).toEqual([]);
  const { rows: wrong } = await sql`
    select i.id from invoice i where i.kind <> 'credit-note' and i.number is not null
      and i.open <> i.gross - coalesce(
        (select sum(a.amount) from allocation a where a.invoice_id = i.id), 0)
    union all select p.id from payment p where p.open <> p.amount - coalesce(
      (select sum(a.amount) from allocation a where a.payment_id = p.id), 0)
    union all select a.customer_id from billing_account a where
      coalesce((select sum(e.amount) from ledger_entry e where e.customer_id = a.customer_id), 0)
        <> coalesce((select sum(i.open) from invoice i where i.customer_id = a.customer_id), 0)
        - coalesce((select sum(p.open) from payment p where p.customer_id = a.customer_id), 0)`.execute(
    db,
  );
  expect(wrong).toEqual([]);
  const { rows: forgotten } = await sql`
    select customer_id from invoice where open > 0 and number is not null intersect (
      select customer_id from payment where open > 0
      union select customer_id from invoice where open < 0)`.execute(db);
  expect(forgotten).toEqual([]); // nobody owes what has come in already
}

test("numbers have no gaps and a reference is booked once, however many issue, pay and fail at once", async ({
  office,
}) => {
  const { db, act, accounts, deskOf } = office;
  const deeds = accounts.flatMap(({ id, customerId }, at): Deed[] => [
    ({ invoices }) => invoices.issue({ ids: [id, accounts[(at + 7) % ACCOUNTS]?.id ?? id] }, act()),
    ...[1, 2].map(
      (): Deed =>
        ({ payments }) =>
          payments.add(payment(customerId, 1_000, `B${at}`), act()),
    ),
    ({ own }) =>
      own.transaction().execute(async (tx) => {
        await deskOf(tx).invoices.issue({ ids: [id] }, act());
        throw new Error("taken back");
      }),
    ({ invoices }) =>
      invoices.note(
        id,
        { kind: "credit-note", lines: [{ position: 1, net: 100 }], reason: "late" },
        act(),
      ),
  ]);
  const reasons = Map.groupBy(await race(office, deeds), (text) => text.replace(/\bB\d+/, "B"));
  const early = "a note corrects an issued invoice";
  const tooEarly = reasons.get(early)?.length ?? 0;
  reasons.delete(early);
  expect([...reasons].map(([text, all]) => `${all.length} ${text}`).toSorted()).toEqual([
    `${ACCOUNTS} a payment with the reference B is booked already`,
    `${ACCOUNTS} taken back`,
  ]);
  expect(await countSeries(db, "")).toBe(ACCOUNTS);
  expect(await countSeries(db, "C")).toBe(ACCOUNTS - tooEarly);
  await expectBooksRight(db);
});

test("who pays while dunning takes its step is on no step afterwards, and nobody waits in a circle", async ({
  office,
}) => {
  const { db, act, accounts, clock, desk, entity, runId } = office;
  await desk.invoices.issue({ runId }, act());
  const [first, ...others] = DUNNING_DEFAULT.steps;
  if (first === undefined) throw new Error("the policy has no step");
  const steps = [{ ...first, fee: 500 }, ...others];
  const graceDays = { A: 0, B: 0, C: 0, D: 0 };
  const policy = { ...DUNNING_DEFAULT, currency: "CNY", graceDays, steps };
  await desk.dunning.putPolicy({ legalEntityId: entity.id, version: 0 }, policy, act());
  clock.set(Date.parse("2026-03-15T00:00:00Z")); // ten days behind the day when they are due
  const dun: Deed = ({ dunning }) => dunning.run(clock.now());
  const gross = (await desk.invoices.find(`${MONTH}.c0001`, "all", "2026-03-15"))?.gross ?? 0;
  const paysAll = (at: number) => at % 2 === 0;
  const deeds = accounts.flatMap(({ id, customerId }, at): Deed[] => {
    const amount = paysAll(at) ? gross : 1_000;
    const pay: Deed = ({ payments }) => payments.add(payment(customerId, amount, `B${at}`), act());
    const giveUp: Deed = ({ payments }) => payments.writeOff(id, 100, "too late", act());
    const mail: Deed = ({ invoices }) => invoices.mailAgain(id, act());
    return [...(at % 8 === 0 ? [dun] : []), pay, mail, ...(paysAll(at) ? [] : [giveUp])];
  });
  expect(await race(office, deeds)).toEqual([]);
  await desk.dunning.run(clock.now());
  const board = await desk.dunning.board({ limit: ACCOUNTS, nowMs: clock.now() });
  expect(board.map(({ customerId, step }) => `${customerId} ${step}`)).toEqual(
    accounts.filter((_, at) => !paysAll(at)).map(({ customerId }) => `${customerId} 1`),
  );
  const { rows } = await sql<{ fees: bigint }>`
    select count(fee_note_id) as fees from dunning_event where kind = 'step'`.execute(db);
  expect(await countSeries(db, "D")).toBe(Number(rows[0]?.fees));
  await expectBooksRight(db);
});

test("a bank's file comes in while what it pays is issued and clerks book the same customers", async ({
  office,
}) => {
  const { db, act, accounts, clock, runId } = office;
  const lines = accounts.toReversed().map(({ customerId }) => ({
    reference: `F ${customerId}`,
    text: customerId.replace("c", "K"),
  }));
  const takeIn = await bankFileRead(db, clock, lines, ACCOUNTS / 8);
  const deeds = accounts.flatMap(({ customerId }, at): Deed[] => [
    ({ payments }) => payments.add(payment(customerId, 1_000, `B${at}`), act()),
    ({ invoices }) => invoices.issue({ runId }, act()),
  ]);
  const reasons = await race(office, [takeIn, ...deeds]);
  expect(reasons).toEqual([]);
  expect(await countSeries(db, "")).toBe(ACCOUNTS);
  const { rows } = await sql<{ count: bigint }>`
    select count(*) from payment where import_id is not null and customer_id is not null`.execute(
    db,
  );
  expect(rows).toEqual([{ count: BigInt(ACCOUNTS) }]);
  await expectBooksRight(db);
});

test("who throws a draft away waits for its account before the draft is held", async ({
  office,
}) => {
  const { db, act, accounts, clerks } = office;
  const [{ id, customerId } = { id: "", customerId: "" }] = accounts;
  const thrown = await db.transaction().execute(async (tx) => {
    await holdAccounts(tx, [customerId]);
    const discarded = clerks[0]?.invoices.discard(id, act());
    await until(async () => {
      const { rows } = await sql`select from pg_locks where not granted`.execute(db);
      return rows.length > 0;
    });
    const { rows: free } = await sql`
      select from invoice where id = ${id} for update skip locked`.execute(tx);
    expect(free).toHaveLength(1);
    return { discarded };
  });
  await thrown.discarded;
  expect(await clerks[0]?.invoices.find(id, "all", "2026-02-03")).toBeUndefined();
});
