import { sql } from "kysely";
import { systemClock } from "../../base/clock.ts";
import { createCommand } from "../../domain/commands/command.ts";
import { createCommandQueue } from "../../domain/commands/command-queue-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { pageStorePostgres } from "../../domain/packets/page-store-postgres.ts";
import { createAirtime } from "../../network/airtime.ts";
import { sealCommandPages } from "../../network/command-pages.ts";
import { newCounters } from "../../network/counters.ts";
import { createPager } from "../../network/pager.ts";
import { decodePageRequest } from "../../protocol/messages.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { KEY_SEAL_KEY } from "../uplink-bench.ts";
import { type Figure, rounded } from "./figure.ts";

const COMMANDS = 1_000_000;
const GATEWAYS = 500;
const WARM_UP_MS = 2_000;
const MEASURED_MS = 20_000;
const MIB = 2 ** 20;

/** Each to a terminal of its own that one gateway has heard, and all of them due. */
async function fill(db: Db, nowMs: number): Promise<void> {
  const command = createCommand(
    {
      ...{ safetyClass: "information", secondPerson: false, expiryS: 3_600 },
      createdBy: { kind: "user", id: "bench" },
    },
    nowMs,
  );
  const queued = JSON.stringify({ ...command, state: "queued" });
  const now = sql`${new Date(nowMs)}::timestamptz`;
  const nowNs = sql`${BigInt(nowMs) * 1_000_000n}::int8`;
  const each = sql`generate_series(1, ${COMMANDS}::int) as n`;
  const gateway = sql`'gw-' || (n % ${GATEWAYS}::int)`;
  const statements = [
    sql`insert into gateway (id, name, online, modems, counters)
      select 'gw-' || n, 'gw-' || n, true, '[]', '{}' from generate_series(0, ${GATEWAYS - 1}::int) as n`,
    sql`insert into terminal (address, serial, name, profile, life_cycle, root_key)
      select n, 'S' || n, 'Car ' || n, 'vehicle', 'active', '\\x00' from ${each}`,
    sql`insert into session (address, network_nonce, attach_nonce, state, created_at)
      select n, 1, 1, 'proven', ${now} from ${each}`,
    sql`insert into packet (id, address, session, counter, verdict, accepted, below_window, type, drill, confirm,
        measured_at_ns, received_at_ns, stored_at, gateway_id, bytes, payload)
      select n, n, 1, 0, 'new', true, false, 'report', false, false, ${nowNs}, ${nowNs}, ${now}, ${gateway}, 20, '\\x00'
      from ${each}`,
    sql`insert into reception (outbox_id, sequence, packet_id, gateway_id, modem_id, verdict, received_at_ns, rssi_dbm,
        snr_db, carrier_hz, fragments_total, fragments_lost, clock_state, backfilled)
      select 'bench', n, n, ${gateway}, 'm', 'new', ${nowNs}, -100, 5, 868e6, 3, 0, 2, false from ${each}`,
    sql`insert into commands (id, address, partition, profile, name, arguments, plaintext, is_drill, note, priority,
        state, command, due_at, created_at, created_by_kind, created_by_id, created_by_name)
      select lpad(n::text, 36, '0'), n, n % 64, 'vehicle', 'read-status', '{}', '\\x07', false, '', 1,
        'queued', ${queued}::jsonb, ${now}, ${now}, 'user', 'bench', 'Bench' from ${each}`,
    sql`analyze`,
  ];
  for (const statement of statements) await statement.execute(db);
}

/** The network's own parts on this database; every gateway sends at once what it is asked for. */
function headEnd(db: Db) {
  const counters = newCounters();
  const partitions = new Set(Array.from({ length: 64 }, (_, partition) => partition));
  const profiles = loadProfiles("profiles").byName;
  const queue = createCommandQueue({ db, profiles });
  const asked: string[] = [];
  const pager = createPager({
    ...{ clock: systemClock, pages: pageStorePostgres(db), commands: queue, counters },
    ...{ airtime: createAirtime(100), pageRate: 1200, partitions: { held: partitions } },
    link: {
      isConnected: true,
      async publish(_topic, payload) {
        const decoded = decodePageRequest(payload);
        if (decoded.ok) asked.push(decoded.message.id);
      },
    },
  });
  const { secrets } = createKeySeal(KEY_SEAL_KEY);
  const seal = sealCommandPages({ downKey: () => new Uint8Array(16) }, secrets);
  return {
    /** Answers how many pages were handed over. */
    async round(): Promise<number> {
      const before = counters.pagesRequested;
      await queue.work(systemClock.now(), partitions, seal);
      await pager.tick();
      const startedAtNs = BigInt(systemClock.now()) * 1_000_000n;
      for (const id of asked.splice(0)) await pager.result({ id, status: "sent", startedAtNs });
      return counters.pagesRequested - before;
    },
  };
}

/** A million commands queued at once: how many a second one network process gets to the gateways, and what they weigh. */
export async function queueFigures(): Promise<readonly Figure[]> {
  const server = await startPostgres();
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url }, { isPrepared: true });
  try {
    await migrate(db);
    await fill(db, systemClock.now());
    const { rows } = await sql<{ bytes: bigint }>`
      select pg_total_relation_size('commands') as bytes`.execute(db);
    const network = headEnd(db);
    const until = async (endMs: number): Promise<number> => {
      let pages = 0;
      while (performance.now() < endMs) pages += await network.round();
      return pages;
    };
    await until(performance.now() + WARM_UP_MS);
    const startedMs = performance.now();
    const pages = await until(startedMs + MEASURED_MS);
    const seconds = (performance.now() - startedMs) / 1_000;
    const note = `${COMMANDS} commands for ${GATEWAYS} gateways on PostgreSQL; judged, sealed, judged again and handed over by one network process`;
    return [
      { ...{ name: "paging.queue_1m", unit: "pages/s", note }, value: rounded(pages / seconds) },
      {
        ...{ name: "paging.queue_1m_memory", unit: "MiB" },
        value: rounded(process.memoryUsage().rss / MIB),
        note: `resident, of the network process, whatever is queued; the queue itself takes ${rounded(Number(rows[0]?.bytes ?? 0n) / COMMANDS)} bytes a command on the disk`,
      },
    ];
  } finally {
    await db.destroy();
    await server.stop();
  }
}
