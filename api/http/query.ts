import { Type } from "typebox";
import { InvalidInputError } from "../../base/errors.ts";

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 500;

/** The parameters of every list. */
export const Paging = {
  cursor: Type.Optional(
    Type.String({ maxLength: 500, description: "`nextCursor` of the page before" }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
};

export const TimeParameter = Type.String({
  maxLength: 40,
  description: "ISO 8601, such as 2026-11-22T10:00:00Z",
});

const NS_PER_MS = 1_000_000n;
/** Beyond this PostgreSQL's int8 of nanoseconds ends (2262-04-11). */
const MS_MAX = 9_223_372_036_854;

/** Throws an InvalidInputError that names the parameter when it is no time. */
export function parseTime(field: string, text: string): bigint {
  const ms = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(ms) || Math.abs(ms) > MS_MAX)
    throw new InvalidInputError(
      field,
      `${field} must be a time such as 2026-11-22T10:00:00Z, between 1677 and 2262`,
    );
  return BigInt(ms) * NS_PER_MS;
}

export const parseOptionalTime = (field: string, text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : parseTime(field, text);

/** Reads a cursor that a list gave, or throws an InvalidInputError. */
export function parseCursor<T>(
  text: string | undefined,
  parse: (text: string) => T | undefined,
): T | undefined {
  if (text === undefined) return undefined;
  const cursor = parse(text);
  if (cursor === undefined)
    throw new InvalidInputError("cursor", "cursor must be a `nextCursor` that this list gave");
  return cursor;
}

export const isoTime = (ns: bigint): string => new Date(Number(ns / NS_PER_MS)).toISOString();

export const isoTimeOrNull = (ns: bigint | null): string | null =>
  ns === null ? null : isoTime(ns);
