import { sql } from "kysely";
import { expect, it } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { onCleanup } from "../../tests/until.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { startBilling } from "./start-billing.ts";
import { billingWorld } from "./test-billing.ts";

const ACCOUNTS = 60;
const CLERKS = 4;

it("numbers have no gaps however many clerks issue, pay and fail at the same moment", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const open = async () => {
    const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
    onCleanup(() => db.destroy());
    return db;
  };
  const db = await open();
  await migrate(db);
  const clock = fakeClock(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, ACCOUNTS);
  const { act } = world;
  await world.subscribeAll("2026-01-01");
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  const run = await world.close("2026-01");
  await world.desk.invoices.approve({ runId: run?.id ?? "" }, act());
  const clerks = await Promise.all(
    Array.from({ length: CLERKS }, async () =>
      startBilling({ db: await open(), clock, log: silentLog }),
    ),
  );
  const ids = world.customerIds.map((id) => `2026-01.${id}`);
  const deeds = ids.flatMap((id, at) => {
    const clerk = clerks[at % CLERKS] ?? world.desk;
    const customerId = world.customerIds[at] ?? "";
    return [
      () => clerk.invoices.issue({ ids: [id, ids[(at + 7) % ids.length] ?? id] }, act()),
      // a payment that is booked twice is refused, and takes back all that its transaction did
      ...["first", "again"].map(
        () => () =>
          clerk.payments.add(
            {
              ...{ customerId, amount: 1_000, currency: "CNY", receivedOn: "2026-02-03" },
              ...{ method: "bank", reference: `B${at}`, text: "" },
            },
            act(),
          ),
      ),
      () =>
        clerk.invoices.note(
          id,
          { kind: "credit-note", lines: [{ position: 1, net: 100 }], reason: "late" },
          act(),
        ),
    ];
  });
  const outcomes = await Promise.allSettled(deeds.map((deed) => deed()));
  const reasons = outcomes.flatMap((one) =>
    one.status === "rejected" ? [(one.reason as Error).message] : [],
  );
  expect(reasons.filter((text) => text.includes("booked already")).length).toBe(ACCOUNTS);
  const { rows } = await sql<{ number: string }>`
    select number from invoice where number is not null order by number`.execute(db);
  const numbers = rows.map(({ number }) => number);
  for (const letter of ["", "C"]) {
    const series = numbers.filter((number) => new RegExp(`^HL-${letter}\\d+$`).test(number));
    expect(series).toEqual(series.map((_, n) => `HL-${letter}${String(n + 1).padStart(6, "0")}`));
    if (letter === "") expect(series).toHaveLength(ACCOUNTS);
  }
  const { rows: lopsided } = await sql`
    select from ledger_entry group by currency having sum(amount) <> 0`.execute(db);
  expect(lopsided).toEqual([]);
  const { rows: wrong } = await sql`
    select i.id from invoice i where i.kind = 'invoice' and i.open <> i.gross - coalesce(
      (select sum(a.amount) from allocation a where a.invoice_id = i.id), 0)`.execute(db);
  expect(wrong).toEqual([]);
});
