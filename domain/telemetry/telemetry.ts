import { InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";

export type TelemetryValue = number | boolean | string;

/**
 * One report's readings. Its identity is measurement + tags + time, so writing it again changes nothing;
 * the time is made unique per terminal before it comes here. Numbers are always floats, enums their labels.
 */
export interface TelemetryPoint {
  /** Name of the terminal's profile. */
  readonly measurement: string;
  readonly tags: { readonly terminal: string; readonly report: string };
  readonly timeNs: bigint;
  readonly fields: Readonly<Record<string, TelemetryValue>>;
}

/**
 * Each identity once, with the fields of all; of a field written twice the later one, as if they came one by one.
 * Two sessions' packets of one counter, said to be heard within one millisecond, have the same identity.
 */
export function pointsOnce(points: readonly TelemetryPoint[]): readonly TelemetryPoint[] {
  const once = new Map<string, TelemetryPoint>();
  for (const point of points) {
    const { measurement, tags, timeNs, fields } = point;
    const key = JSON.stringify([tags.terminal, String(timeNs), tags.report, measurement]);
    const before = once.get(key);
    once.set(key, before ? { ...point, fields: { ...before.fields, ...fields } } : point);
  }
  return once.size === points.length ? points : [...once.values()];
}

export interface TelemetryWriter {
  /** Keeps the points with the transaction that it is given: they are there if and only if it commits. */
  record(tx: Db, points: readonly TelemetryPoint[]): Promise<void>;
}

export const AGGREGATES = ["mean", "min", "max", "sum", "count", "last"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export interface HistoryQuery {
  readonly profile: string;
  readonly address: number;
  readonly fields: readonly string[];
  readonly fromNs: bigint;
  /** Exclusive. */
  readonly toNs: bigint;
  /** One row a window, aligned to the Unix epoch, with windows that hold nothing left out; else every reading. */
  readonly window?: { readonly ms: number; readonly aggregate: Aggregate } | undefined;
  /** When there are more rows, the newest. */
  readonly limit: number;
}

/** mean, min, max and sum take numbers alone: a field of another kind has no value then. */
export interface HistoryRow {
  /** Of the reading, or the start of the window. */
  readonly timeNs: bigint;
  readonly values: Readonly<Record<string, TelemetryValue | null>>;
}

export interface TelemetryReader {
  /** Rows in order of time. Throws an InvalidInputError when the query cannot be asked, an UnavailableError when the store is away. */
  history(query: HistoryQuery): Promise<readonly HistoryRow[]>;
}

export interface DrainResult {
  readonly written: number;
  /** Points that the store will never take; they are kept in telemetry_refusal with its reason. */
  readonly refused: number;
  /** Whether the outbox may hold more. */
  readonly isMore: boolean;
}

export interface TelemetryDrain {
  /** Moves one batch from the outbox to the store. Throws an UnavailableError when the store is away; nothing is lost then. */
  drain(): Promise<DrainResult>;
  /** How many points wait. */
  waiting(): Promise<number>;
}

export const HISTORY_ROWS_MAX = 50_000;
export const HISTORY_FIELDS_MAX = 16;
const NAME = /^[a-z][a-z0-9_-]{0,63}$/i;

/** Names go into query text, so only plain ones pass. */
export function checkHistoryQuery(query: HistoryQuery): void {
  const { fields, limit, window, fromNs, toNs } = query;
  if (fields.length === 0 || fields.length > HISTORY_FIELDS_MAX)
    throw new InvalidInputError("fields", `Ask for 1 to ${HISTORY_FIELDS_MAX} fields at a time`);
  const odd = [query.profile, ...fields].find((name) => !NAME.test(name));
  if (odd !== undefined)
    throw new InvalidInputError("fields", `${JSON.stringify(odd)} is no name of a field`);
  if (toNs <= fromNs) throw new InvalidInputError("to", "`to` must be later than `from`");
  if (!Number.isInteger(limit) || limit < 1 || limit > HISTORY_ROWS_MAX)
    throw new InvalidInputError("limit", `limit must be 1 to ${HISTORY_ROWS_MAX}`);
  if (window === undefined) return;
  if (!Number.isInteger(window.ms) || window.ms < 1000)
    throw new InvalidInputError("window", "A window is a whole number of seconds, at least 1s");
}
