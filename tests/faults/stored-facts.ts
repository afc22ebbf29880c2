import { sql } from "kysely";
import type { Db, StateValue } from "../../domain/db/database.ts";
import type { TelemetryValue } from "../../domain/telemetry/telemetry.ts";

// All that is stored, read as plainly as possible: no code of ours that a bug could share.

export interface PacketFact {
  readonly id: bigint;
  readonly address: bigint | null;
  readonly session: bigint | null;
  readonly counter: bigint | null;
  readonly verdict: string;
  readonly accepted: boolean;
  readonly type: string | null;
  readonly drill: boolean;
  readonly confirm: boolean;
  readonly report_number: number | null;
  readonly report: string | null;
  readonly measured_at_ns: bigint;
  readonly received_at_ns: bigint;
  readonly gateway_id: string;
  readonly bytes: number;
  readonly payload: Uint8Array;
  readonly plaintext: Uint8Array | null;
  readonly fields: Readonly<Record<string, TelemetryValue | null>> | null;
}

export interface ReceptionFact {
  readonly outbox_id: string;
  readonly sequence: bigint;
  readonly packet_id: bigint;
  readonly gateway_id: string;
  readonly modem_id: string;
  readonly verdict: string;
  readonly received_at_ns: bigint;
  readonly rssi_dbm: number | null;
  readonly snr_db: number;
  readonly carrier_hz: number;
  readonly fragments_total: number;
  readonly fragments_lost: number;
  readonly clock_state: number;
  readonly clock_error_ns: bigint | null;
}

export interface UsageFact {
  readonly packet_id: bigint;
  readonly address: bigint;
  readonly kind: string;
  readonly bytes: number;
  readonly measured_at_ns: bigint;
  readonly received_at_ns: bigint;
  readonly late: boolean;
}

export interface PointFact {
  readonly measurement: string;
  readonly terminal: string;
  readonly report: string;
  readonly timeNs: bigint;
  readonly fields: Readonly<Record<string, TelemetryValue>>;
}

export interface StoredFacts {
  readonly packets: readonly PacketFact[];
  readonly receptions: readonly ReceptionFact[];
  readonly usages: readonly UsageFact[];
  readonly points: readonly PointFact[];
  readonly states: ReadonlyMap<number, Readonly<Record<string, StateValue>>>;
  readonly sessions: readonly {
    address: bigint;
    network_nonce: bigint;
    attach_nonce: bigint;
    highest_counter: bigint;
  }[];
  readonly refusals: ReadonlyMap<string, bigint>;
  readonly waitingPoints: number;
  readonly refusedPoints: number;
}

export async function readStored(
  db: Db,
  influxUrl: string,
  measurements: readonly string[],
): Promise<StoredFacts> {
  const rows = async <T>(text: string): Promise<readonly T[]> =>
    (await sql.raw<T>(text).execute(db)).rows;
  const states = await rows<{ address: bigint; values: Readonly<Record<string, StateValue>> }>(
    "select address, values from device_state",
  );
  const refusals = await rows<{ gateway_id: string; verdict: string; count: bigint }>(
    "select * from refusal_count",
  );
  const count = async (table: string) =>
    Number((await rows<{ n: bigint }>(`select count(*) as n from ${table}`))[0]?.n);
  const points: PointFact[] = [];
  for (const measurement of measurements)
    points.push(...(await readPoints(influxUrl, measurement)));
  return {
    packets: await rows("select * from packet order by id"),
    receptions: await rows("select * from reception order by outbox_id, sequence"),
    usages: await rows("select * from usage_record"),
    points,
    states: new Map(states.map((row) => [Number(row.address), row.values])),
    sessions: await rows(
      "select address, network_nonce, attach_nonce, highest_counter from session",
    ),
    refusals: new Map(refusals.map((row) => [`${row.gateway_id} ${row.verdict}`, row.count])),
    waitingPoints: await count("telemetry_outbox"),
    refusedPoints: await count("telemetry_refusal"),
  };
}

interface InfluxAnswer {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly columns: readonly string[];
      readonly values: readonly (readonly (TelemetryValue | null)[])[];
    }[];
  }[];
}

async function readPoints(url: string, measurement: string): Promise<PointFact[]> {
  const query = new URLSearchParams({ db: "hopline", q: `SELECT * FROM "${measurement}"` });
  const answer = await fetch(`${url}/query?${query.toString()}`);
  const body = (await answer.json()) as InfluxAnswer; // as InfluxDB documents it
  const [result] = body.results;
  if (!answer.ok || result?.error !== undefined) throw new Error(result?.error ?? "no answer");
  const [series] = result?.series ?? [];
  return (series?.values ?? []).map((values) => {
    const row = new Map(series?.columns.map((name, at) => [name, values[at] ?? null]));
    const [time, terminal, report] = ["time", "terminal", "report"].map((name) => {
      const value = row.get(name);
      row.delete(name);
      return String(value);
    });
    const known = [...row].filter(([, value]) => value !== null);
    return {
      ...{ measurement, terminal: terminal ?? "", report: report ?? "" },
      timeNs: nanoseconds(time ?? ""),
      fields: Object.fromEntries(known) as PointFact["fields"], // null was left out
    };
  });
}

function nanoseconds(time: string): bigint {
  const [, seconds = "", decimals = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(decimals.padEnd(9, "0"));
}
