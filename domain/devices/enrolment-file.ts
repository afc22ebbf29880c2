import { readFileSync } from "node:fs";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { InvalidConfigError } from "../../base/errors.ts";
import { parseHex } from "../../protocol/hex.ts";
import type { Profiles } from "./profile-load.ts";
import type { Enrolment } from "./terminals.ts";

const Row = Type.Object({
  address: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  serial: Type.String({ minLength: 1, maxLength: 64 }),
  rootKey: Type.String({ pattern: "^[0-9a-fA-F]{32}$", description: "32 hexadecimal digits" }),
  profile: Type.String(),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  latitude: Type.Optional(Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()])),
  longitude: Type.Optional(Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()])),
});

const PROBLEMS_MAX = 20;

/** Reads a JSON array of terminals. Throws one InvalidConfigError that names each wrong row and field, never a key. */
export function readEnrolments(path: string, profiles: Profiles): readonly Enrolment[] {
  const rows = readArray(path);
  const problems: string[] = [];
  const enrolments = rows.flatMap((row, i): Enrolment[] => {
    if (!Value.Check(Row, row)) {
      for (const { instancePath, message } of Value.Errors(Row, row))
        problems.push(`${path}: terminal ${i + 1}${instancePath.replaceAll("/", ".")}: ${message}`);
      return [];
    }
    if (!profiles.byName.has(row.profile)) {
      const known = [...profiles.byName.keys()].join(", ");
      problems.push(`${path}: terminal ${i + 1}.profile: ${row.profile} is none of ${known}`);
      return [];
    }
    const { latitude = null, longitude = null, rootKey } = row;
    return [{ ...row, latitude, longitude, rootKey: parseHex(rootKey) ?? new Uint8Array() }];
  });
  if (problems.length > 0) throw new InvalidConfigError(shortened(problems));
  return enrolments;
}

function readArray(path: string): readonly unknown[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is no JSON" : "cannot be read";
    throw new InvalidConfigError([`${path} ${why}; it must be a JSON array of terminals`]);
  }
  if (Array.isArray(content)) return content;
  throw new InvalidConfigError([`${path} must hold a JSON array of terminals`]);
}

const shortened = (problems: readonly string[]): readonly string[] =>
  problems.length <= PROBLEMS_MAX
    ? problems
    : [...problems.slice(0, PROBLEMS_MAX), `… and ${problems.length - PROBLEMS_MAX} more`];
