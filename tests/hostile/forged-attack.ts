import { sql } from "kysely";
import { openMigrated } from "../migrated-database.ts";
import { sealed, uplinkBench } from "../uplink-bench.ts";
import { unwatched } from "./watch.ts";

const CAR = 5;
const SESSIONS = 64;
/** No session has it. */
const FORGED = { networkNonce: 99_999 } as const;

/** Batches full of forged tags for a terminal that has as many sessions as are tried: each is tried under all of them. */
export async function attackWithForgedTags(uplinks: number, watch = unwatched) {
  const db = await openMigrated();
  const bench = uplinkBench(db);
  await bench.enrol(CAR);
  await bench.attached(CAR, 1, 70_000);
  await sql`
    insert into session select (jsonb_populate_record(s, jsonb_build_object('network_nonce', n,
      'state', 'former', 'former_at', s.proven_at))).* from session s, generate_series(2, ${SESSIONS}::int) n`.execute(
    db,
  );
  const batch = Array.from({ length: uplinks }, (_, at) => bench.uplink(sealed(CAR, at, FORGED)));
  await watch(() => bench.uplinks.store(batch));
  const refusals = await db.selectFrom("refusal_count").selectAll().execute();
  await db.destroy();
  return { badTags: Number(refusals.find(({ verdict }) => verdict === "bad-tag")?.count ?? 0) };
}
