import { sql } from "kysely";
import { pino } from "pino";
import type { Log } from "../base/log.ts";
import type { Db } from "../domain/db/database.ts";
import { toHex } from "../protocol/hex.ts";

/** Names each key that some bytes hold, and how it is written in them. */
export type KeySearch = (bytes: Uint8Array | string) => readonly string[];

/**
 * Looks for keys as they are, as hexadecimal digits, as base64 of either alphabet at any place of a longer text, and as
 * JSON writes bytes. What is searched may be text or not.
 */
export function searchFor(keys: Readonly<Record<string, Uint8Array>>): KeySearch {
  const all = Object.entries(keys).map(([name, key]) => ({ name, forms: formsOf(key) }));
  return (bytes) => {
    const text = typeof bytes === "string" ? bytes : oneCharacterAByte(bytes);
    const lower = text.toLowerCase();
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return all.flatMap(({ name, forms }) =>
      [
        ...(text.includes(forms.raw) ? ["as it is"] : []),
        ...(lower.includes(forms.hex) ? ["in hexadecimal"] : []),
        ...(forms.base64.some((form) => base64.includes(form)) ? ["in base64"] : []),
        ...(forms.json.some((form) => text.includes(form)) ? ["in JSON"] : []),
      ].map((form) => `${name} ${form}`),
    );
  };
}

/** latin1 as browsers know it maps each byte to another character, and so finds bytes among bytes. */
const oneCharacterAByte = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

const formsOf = (key: Uint8Array) => ({
  raw: oneCharacterAByte(key),
  hex: toHex(key),
  base64: [0, 1, 2].map((before) => base64Behind(before, key)),
  json: [key.join(","), JSON.stringify(key).slice(1, -1)],
});

/** The digits that the key alone decides, where so many other bytes come before it. */
function base64Behind(before: number, key: Uint8Array): string {
  const bytes = [...new Uint8Array(before), ...key];
  const digits = btoa(String.fromCharCode(...bytes));
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** A log that keeps every line of every level. */
export function keptLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
  return { log, lines };
}

/** Each value that is in the database, with its table and column. */
export async function* everyValue(
  db: Db,
): AsyncGenerator<{ readonly column: string; readonly value: Uint8Array | string }> {
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(
      db,
    );
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        yield { column: `${name}.${column}`, value: asWritten(value) };
  }
}

/** A column's value as it can be searched. */
export const asWritten = (value: unknown): Uint8Array | string =>
  value instanceof Uint8Array || typeof value === "string"
    ? value
    : JSON.stringify(value, (_name, part: unknown) =>
        typeof part === "bigint" ? String(part) : part,
      );
