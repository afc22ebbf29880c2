import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { InvalidConfigError } from "../base/errors.ts";
import type { Identity } from "./acl.ts";
import type { Authenticate } from "./members.ts";

/** Secrets are random and made by a machine, so a plain hash of one cannot be guessed back. */
export interface User {
  readonly username: string;
  readonly secretSha256: string;
  readonly identity: Identity;
}

const Id = Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$" });
const UsersFile = Type.Array(
  Type.Object({
    username: Type.String({ minLength: 1 }),
    secretSha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    identity: Type.Union([
      Type.Object({ kind: Type.Literal("gateway"), gatewayId: Id }),
      Type.Object({
        kind: Type.Literal("customer"),
        customerIds: Type.Array(Id, { maxItems: 1_000 }),
      }),
      Type.Object({ kind: Type.Literal("network") }),
      Type.Object({ kind: Type.Literal("api") }),
    ]),
  }),
  { maxItems: 100_000 },
);

export const hashSecret = (secret: string): string =>
  createHash("sha256").update(secret, "utf8").digest("hex");

/** One comparison of equal time whoever asks, so that an answer's time names no user. */
export function authenticateUsers(users: readonly User[]): Authenticate {
  const byName = new Map(users.map((user) => [user.username, user]));
  const nobody = hashSecret("");
  return (_clientId, username, password) => {
    if (username === undefined || !password) return undefined;
    const user = byName.get(username);
    const expected = new TextEncoder().encode(user?.secretSha256 ?? nobody);
    const given = new TextEncoder().encode(hashSecret(password));
    return timingSafeEqual(expected, given) ? user?.identity : undefined;
  };
}

export async function readUsers(path: string): Promise<readonly User[]> {
  let users: unknown;
  try {
    users = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new InvalidConfigError([`MQTT_USERS must be a JSON file of users, but it ${reason}`]);
  }
  if (Value.Check(UsersFile, users)) return users;
  throw new InvalidConfigError(
    Value.Errors(UsersFile, users).map((e) => `MQTT_USERS: ${e.instancePath} ${e.message}`),
  );
}
