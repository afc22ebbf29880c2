import { sql } from "kysely";
import type { Db } from "../domain/db/database.ts";
import type { Uplink } from "../protocol/messages.ts";
import { SECOND_NS, sealed, sealedAttach, stateReport, type uplinkBench } from "./uplink-bench.ts";

export const CAR = 3_478_009_551;

export type UplinkBench = ReturnType<typeof uplinkBench>;

/** One of everything that changes state, in an order in which the later depends on the earlier. */
export function mixture({ uplink, nowNs }: UplinkBench): Uplink[] {
  const heard = (bytes: Uint8Array, seconds: number, rest: Partial<Uplink> = {}) =>
    uplink(bytes, { receivedAtNs: nowNs() + BigInt(seconds) * SECOND_NS, ...rest });
  const confirmed = sealed(CAR, 1, { confirm: true });
  return [
    heard(sealed(CAR, 0), 0),
    heard(confirmed, 1),
    heard(confirmed, 1, { gatewayId: "gateway-2" }),
    heard(sealed(4711, 5), 2),
    heard(sealed(CAR, 9, { networkNonce: 5 }), 2),
    heard(confirmed, 11),
    heard(sealed(CAR, 1, { plaintext: stateReport(false, 0) }), 12),
    heard(sealed(CAR, 4, { plaintext: stateReport(true, 1) }), 13),
    heard(sealed(CAR, 3), 14, { backfilled: true }),
    heard(sealedAttach(CAR, 2), 15),
    heard(sealed(CAR, 0, { type: "link-test", networkNonce: 1001, attachNonce: 2 }), 16),
    heard(sealed(CAR, 1, { type: "emergency", networkNonce: 1001, attachNonce: 2 }), 17),
    heard(sealed(CAR, 0), 100),
  ];
}

/** All that uplinks write. */
export async function everything(db: Db) {
  const rows = async (
    table:
      | "packet"
      | "reception"
      | "usage_record"
      | "telemetry_point"
      | "device_state"
      | "page_request"
      | "session"
      | "refusal_count"
      | "attach_answer",
  ) =>
    (
      await sql<
        Record<string, unknown>
      >`select * from ${sql.table(table)} order by 1, 2, 3`.execute(db)
    ).rows;
  return {
    packet: await rows("packet"),
    reception: await rows("reception"),
    usage: await rows("usage_record"),
    points: await rows("telemetry_point"),
    states: await rows("device_state"),
    pages: await rows("page_request"),
    sessions: await rows("session"),
    refusals: await rows("refusal_count"),
    answers: await rows("attach_answer"),
  };
}

/** Numbers of packets and transactions differ from run to run. */
export function withoutIds(all: Readonly<Record<string, readonly Record<string, unknown>[]>>) {
  return Object.fromEntries(
    Object.entries(all).map(([table, rows]) => [
      table,
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(([name]) => !["id", "tx", "packet_id"].includes(name)),
        ),
      ),
    ]),
  );
}
