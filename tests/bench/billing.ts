import { sql } from "kysely";
import { fakeClock } from "../../base/clock.ts";
import { every } from "../../base/every.ts";
import { silentLog } from "../../base/log.ts";
import { seededRandom } from "../../base/random.ts";
import { startBilling } from "../../domain/billing/start-billing.ts";
import { METERED } from "../../domain/billing/test-billing.ts";
import type { Db } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import type { UsageToStore } from "../../domain/packets/uplink-changes.ts";
import { uplinkWriterPostgres } from "../../domain/packets/uplink-commit-postgres.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { type Figure, median, rounded } from "./figure.ts";

/** `BENCH_SUBSCRIPTIONS=2000 npm run bench -- billing` is the small size; the aims are those of the whole one. */
const SUBSCRIPTIONS = Number(process.env["BENCH_SUBSCRIPTIONS"] ?? 100_000);
const REPORTS_EACH = 100;
const RECORDS = SUBSCRIPTIONS * REPORTS_EACH;
/** As many as the network process has in a batch when it is busy. */
const BATCH = 1_000;
const METERED_MAX = 200_000;
const LINES = 50;
const MIB = 1024 * 1024;
const MS_NS = 1_000_000n;
const SAMPLED_EVERY_MS = 100;
const MONTH = "2026-01";
const MONTH_MS = Date.parse("2026-01-01T00:00:00Z");
const SPREAD_MS = 30 * 86_400_000;

/** On Debian's PostgreSQL, by the same code as a production site: usage, the close of a month, and from a line to its packets. */
export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const postgres = await startPostgres();
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: postgres.url });
  try {
    await migrate(db);
    const metered = await meterBulk(db);
    if (!["billing.close_100k_s", "billing.lineage_ms"].some(isWanted)) return [metered];
    const closed = await closeMonth(db);
    return [metered, closed, await openLines(db)];
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}

/** By the transaction that stores uplinks, with nothing in it but what is metered. */
async function meterBulk(db: Db): Promise<Figure> {
  const writer = uplinkWriterPostgres({
    ...{ db, telemetry: telemetryPostgres(db), faultPoint: () => undefined },
  });
  const count = Math.min(METERED_MAX, RECORDS);
  const startedMs = performance.now();
  for (let first = 0; first < count; first += BATCH) {
    const usage = Array.from({ length: BATCH }, (_, at) => usageOf(first + at));
    await writer.commit({
      ...{ nowMs: MONTH_MS, packets: [], receptions: [], sessions: [], attaches: [], proven: [] },
      ...{ states: [], usage, pages: [], answers: [], events: [], locates: [], judged: [] },
      ...{ points: [], refusals: [] },
    });
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    ...{ name: "billing.usage_per_s", unit: "records/s", aim: "at least 20000" },
    value: rounded(count / seconds),
    note: `${count} records in batches of ${BATCH}, one connection, each batch a transaction`,
  };
}

/** Record n is of terminal n mod SUBSCRIPTIONS, so that each terminal's are all over the table as they are in life. */
function usageOf(n: number): UsageToStore {
  const atNs = BigInt(MONTH_MS + Math.floor((n / RECORDS) * SPREAD_MS)) * MS_NS;
  return {
    ...{ packetId: BigInt(n + 1), address: (n % SUBSCRIPTIONS) + 1, kind: "report", bytes: 24 },
    ...{ measuredAtNs: atNs, receivedAtNs: atNs, late: false },
  };
}

async function closeMonth(db: Db): Promise<Figure> {
  const clock = fakeClock(Date.parse("2026-02-03T00:00:00Z"));
  const { closes, act, entityId } = await fill(db, clock);
  let peak = 0;
  const before = process.memoryUsage().rss;
  const sampler = every(
    SAMPLED_EVERY_MS,
    async () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    },
    () => undefined,
  );
  const startedMs = performance.now();
  const run = await closes.start({ legalEntityId: entityId, month: MONTH, dryRun: false }, act);
  await closes.ended(run.id);
  const seconds = (performance.now() - startedMs) / 1_000;
  await sampler.stop();
  const done = await closes.find(run.id);
  if (done?.state !== "done" || done.drafted !== SUBSCRIPTIONS)
    throw new Error(`closed ${String(done?.drafted)} accounts and parked ${String(done?.parked)}`);
  return {
    ...{ name: "billing.close_100k_s", unit: "s", aim: "at most 300" },
    value: rounded(seconds),
    note: `${SUBSCRIPTIONS} subscriptions, each of its own account, ${RECORDS} usage records; memory grew by ${Math.round((peak - before) / MIB)} MiB to ${Math.round(peak / MIB)}`,
  };
}

async function fill(db: Db, clock: ReturnType<typeof fakeClock>) {
  const { accounts, closes, plans } = startBilling({ db, clock, log: silentLog });
  const act = { actor: { kind: "system", id: "bench", name: "Bench" }, atMs: clock.now() } as const;
  const entity = await accounts.addEntity(
    {
      ...{ name: "Hopline", address: "", taxId: "", bank: "", numberPrefix: "HL", paymentDays: 30 },
      taxRates: [{ taxClass: "service", region: "CN", basisPoints: 600 }],
    },
    act,
  );
  const [plan] = await plans.save([METERED], act);
  const term = JSON.stringify([{ from: "2026-01-01", planId: plan?.id, addOns: [] }]);
  const each = sql`generate_series(1, ${SUBSCRIPTIONS}::int) n`;
  for (const statement of [
    sql`insert into customer (id, number, kind, name, language, time_zone, tags, name_key,
        created_at, version)
      select 'c' || n, 'K' || n, 'organisation', 'Customer ' || n, 'en', 'Asia/Shanghai', '[]',
        'customer' || n, now(), 1 from ${each}`,
    sql`insert into terminal (address, serial, name, profile, life_cycle, root_key)
      select n, 'HL-' || n, 'T' || n, 'vehicle', 'active', '' from ${each}`,
    sql`insert into billing_account (customer_id, legal_entity_id, currency, tax_region,
        is_tax_exempt, gross_max, version)
      select 'c' || n, ${entity.id}, 'CNY', 'CN', false, 1000000, 1 from ${each}`,
    sql`insert into subscription (id, customer_id, plan_id, address, starts_on, terms, pauses,
        terminals, created_at, version)
      select 's' || n, 'c' || n, ${plan?.id ?? ""}, n, '2026-01-01', ${term}::text::jsonb, '[]',
        jsonb_build_array(jsonb_build_object('from', '2026-01-01', 'address', n)), now(), 1
      from ${each}`,
    // what was not measured above, in the same order
    sql`insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
      select n + 1, n % ${SUBSCRIPTIONS}::int8 + 1, 'report', 24, t.ns, t.ns, false
      from generate_series(${Math.min(METERED_MAX, RECORDS)}::int8, ${RECORDS - 1}::int8) n
      cross join lateral (select (${MONTH_MS}::int8
        + (n * ${SPREAD_MS}::int8 / ${RECORDS}::int8)) * 1000000 as ns) t`,
    sql`analyze`,
  ])
    await statement.execute(db);
  return { closes, act, entityId: entity.id };
}

/** The days behind a line, the packets of one of them, and back from a packet to its line. */
async function openLines(db: Db): Promise<Figure> {
  const clock = fakeClock(Date.parse("2026-02-03T00:00:00Z"));
  const { lineage, invoices } = startBilling({ db, clock, log: silentLog });
  const random = seededRandom("lineage");
  const times: number[] = [];
  for (let n = 0; n < LINES; n++) {
    const id = `${MONTH}.c${1 + Math.floor(random.next() * SUBSCRIPTIONS)}`;
    const invoice = await invoices.find(id, "all", "2026-02-03");
    const line = invoice?.document.lines.find(({ kind }) => kind === "usage");
    if (line === undefined) throw new Error(`invoice ${id} has no usage`);
    const startedMs = performance.now();
    const [day] = await lineage.days(id, line.position, "all");
    if (day === undefined) throw new Error(`there are no days behind ${id}`);
    const [packet] = await lineage.packets(id, line.position, day, "all");
    const cost = await lineage.cost(BigInt(packet?.packetId ?? 0), "all");
    times.push(performance.now() - startedMs);
    if (cost.lines[0]?.invoiceId !== id) throw new Error(`a packet of ${id} is not on its line`);
  }
  return {
    ...{ name: "billing.lineage_ms", unit: "ms", aim: "at most 1000" },
    value: rounded(Math.max(...times)),
    note: `the slowest of ${LINES} lines, each to its days, to a day's packets and back; median ${rounded(median(times))} ms`,
  };
}
