import { HttpError, InfluxDB, Point, setLogger } from "@influxdata/influxdb-client";
import { type Kysely, sql } from "kysely";
import { UnavailableError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Database } from "../db/database.ts";
import { type AskInflux, influxHistory } from "./influx-history.ts";
import {
  checkHistoryQuery,
  type DrainResult,
  type TelemetryDrain,
  type TelemetryPoint,
  type TelemetryReader,
  type TelemetryValue,
  type TelemetryWriter,
} from "./telemetry.ts";
import { toRow } from "./telemetry-postgres.ts";

export interface InfluxConfig {
  readonly INFLUX_URL: string;
  readonly INFLUX_DATABASE: string;
  readonly INFLUX_USERNAME?: string | undefined;
  readonly INFLUX_PASSWORD?: string | undefined;
  readonly INFLUX_TOKEN?: string | undefined;
}

export interface TelemetryInflux extends TelemetryWriter, TelemetryReader, TelemetryDrain {
  /** Makes the database where the server lets us (InfluxDB 1.x); elsewhere it must be there already. */
  prepare(): Promise<void>;
}

/** Where a test may stop the process: nothing may be lost or doubled after any. */
export const DRAIN_STEPS = ["points-read", "points-written", "points-removed"] as const;
export type DrainStep = (typeof DRAIN_STEPS)[number];

const BATCH_POINTS = 5_000;
const TIMEOUT_MS = 15_000;
/** Answers that no retry of the same line will change; all others may pass. */
const REFUSED_STATUS = new Set([400, 422]);
const TOO_LARGE_STATUS = 413;
/** The database does not exist. */
const MISSING_STATUS = 404;

/** InfluxDB behind an outbox in the packet's own transaction: written at least once, which for a point is once. */
export function telemetryInflux(
  db: Kysely<Database>,
  config: InfluxConfig,
  log: Log,
  faultPoint: (step: DrainStep) => void = () => undefined,
): TelemetryInflux {
  const write = lineWriter(config, log);
  const ask = asker(config);
  async function prepare(): Promise<void> {
    const made = await ask(`CREATE DATABASE "${config.INFLUX_DATABASE}"`, "POST");
    if (!made.ok) log.info({ status: made.status }, "database not made: it must exist");
  }
  return {
    prepare,

    async record(tx, points) {
      if (points.length > 0)
        await tx.insertInto("telemetry_outbox").values(points.map(toRow)).execute();
    },

    async history(query) {
      checkHistoryQuery(query);
      return influxHistory(query, ask);
    },

    async waiting() {
      const { count } = await db
        .selectFrom("telemetry_outbox")
        .select(db.fn.countAll<bigint>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async drain() {
      try {
        return await drainBatch({ db, write, log, faultPoint });
      } catch (error) {
        if (isMissing(error)) await prepare(); // it was away when we started, or came back empty
        throw error;
      }
    },
  };
}

interface Waiting {
  readonly id: bigint;
  readonly point: TelemetryPoint;
}

type WriteLines = (lines: readonly string[]) => Promise<void>;

interface DrainDeps {
  readonly db: Kysely<Database>;
  readonly write: WriteLines;
  readonly log: Log;
  readonly faultPoint: (step: DrainStep) => void;
}

async function drainBatch({ db, write, log, faultPoint }: DrainDeps): Promise<DrainResult> {
  const batch = await takeBatch(db);
  if (batch.length === 0) return { written: 0, refused: 0, isMore: false };
  faultPoint("points-read");
  const refused = await writeIsolated(batch, write);
  faultPoint("points-written");
  const reasons = refused.map(({ waiting, reason }) => ({
    ...toRow(waiting.point),
    reason,
  }));
  await db.transaction().execute(async (tx) => {
    if (reasons.length > 0) await tx.insertInto("telemetry_refusal").values(reasons).execute();
    await sql`delete from telemetry_outbox where id = any(${batch.map(({ id }) => id.toString())}::bigint[])`.execute(
      tx,
    );
  });
  faultPoint("points-removed");
  for (const { waiting, reason } of refused) {
    log.warn({ terminal: waiting.point.tags.terminal, reason }, "InfluxDB refused a point");
  }
  return {
    written: batch.length - refused.length,
    refused: refused.length,
    isMore: batch.length === BATCH_POINTS,
  };
}

async function takeBatch(db: Kysely<Database>): Promise<Waiting[]> {
  const rows = await db
    .selectFrom("telemetry_outbox")
    .selectAll()
    .orderBy("id")
    .limit(BATCH_POINTS)
    .execute();
  return rows.map(({ id, measurement, terminal, report, time_ns, fields }) => ({
    id,
    point: { measurement, tags: { terminal, report }, timeNs: time_ns, fields },
  }));
}

interface Refused {
  readonly waiting: Waiting;
  readonly reason: string;
}

/** On a refusal the batch is halved until the points at fault stand alone. Good points are written again on the way, to the same place. */
async function writeIsolated(batch: readonly Waiting[], write: WriteLines): Promise<Refused[]> {
  try {
    await write(batch.map(({ point }) => toLine(point)));
    return [];
  } catch (error) {
    if (!(error instanceof HttpError)) throw away(error);
    const [only] = batch;
    const mayPass = !REFUSED_STATUS.has(error.statusCode) && error.statusCode !== TOO_LARGE_STATUS;
    if (mayPass || only === undefined) throw away(error);
    if (batch.length === 1) return [{ waiting: only, reason: reasonOf(error) }];
    const half = batch.length >> 1;
    const first = await writeIsolated(batch.slice(0, half), write);
    return [...first, ...(await writeIsolated(batch.slice(half), write))];
  }
}

const reasonOf = (error: HttpError): string => (error.body ?? error.message).slice(0, 500);

const away = (error: unknown): UnavailableError =>
  new UnavailableError(
    "InfluxDB did not take the readings; they wait in the outbox",
    {},
    { cause: error },
  );

const isMissing = (error: unknown): boolean =>
  error instanceof UnavailableError &&
  error.cause instanceof HttpError &&
  error.cause.statusCode === MISSING_STATUS;

function toLine({ measurement, tags, timeNs, fields }: TelemetryPoint): string {
  const point = new Point(measurement).tag("terminal", tags.terminal).tag("report", tags.report);
  for (const [name, value] of Object.entries<TelemetryValue>(fields)) {
    if (typeof value === "number") point.floatField(name, value);
    else if (typeof value === "boolean") point.booleanField(name, value);
    else point.stringField(name, value);
  }
  return point.timestamp(timeNs.toString()).toLineProtocol() ?? "";
}

function lineWriter(config: InfluxConfig, log: Log): WriteLines {
  setLogger({
    error: (message, error) => {
      log.debug({ err: error }, message);
    },
    warn: (message, error) => {
      log.debug({ err: error }, message);
    },
  });
  const influx = new InfluxDB({
    url: config.INFLUX_URL,
    timeout: TIMEOUT_MS,
    headers: authorization(config),
  });
  return async (lines) => {
    // only an explicit flush is awaited by the library, so nothing may make it send by itself
    const api = influx.getWriteApi("", config.INFLUX_DATABASE, "ns", {
      batchSize: lines.length + 1,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      flushInterval: 0,
      maxRetries: 0,
      gzipThreshold: 1_000_000_000,
    });
    api.path = `/write?${new URLSearchParams({ db: config.INFLUX_DATABASE, precision: "ns" }).toString()}`;
    api.writeRecords(lines.filter((line) => line !== ""));
    await api.flush();
  };
}

function asker(config: InfluxConfig): AskInflux {
  return async (statement, method = "GET") => {
    const parameters = new URLSearchParams({ db: config.INFLUX_DATABASE, q: statement });
    const url = new URL("query", config.INFLUX_URL.replace(/\/*$/, "/"));
    if (method === "GET") url.search = parameters.toString();
    try {
      return await fetch(url, {
        method,
        headers: authorization(config),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(method === "POST" ? { body: parameters } : {}),
      });
    } catch (error) {
      throw new UnavailableError("InfluxDB does not answer", {}, { cause: error });
    }
  };
}

function authorization(config: InfluxConfig): Record<string, string> {
  const { INFLUX_TOKEN: token, INFLUX_USERNAME: user, INFLUX_PASSWORD: password } = config;
  if (token !== undefined) return { authorization: `Token ${token}` };
  if (user === undefined) return {};
  return { authorization: `Basic ${btoa(`${user}:${password ?? ""}`)}` };
}
