import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidConfigError } from "../../base/errors.ts";
import { parseHex } from "../../protocol/hex.ts";
import type { Db } from "../db/database.ts";
import { groupKeyOwner } from "../groups/group-keys.ts";
import { secretOwner, webhookOwner } from "../notifications/sealed-for.ts";
import { createKeySeal, eitherSeal, KEY_ENCRYPTION_KEY_BYTES, type KeySeal } from "./key-seal.ts";

export interface KeySealConfig {
  readonly DATA_DIR: string;
  /** 64 hexadecimal digits. */
  readonly KEY_ENCRYPTION_KEY?: string | undefined;
}

const FILE = "key-encryption.key";
/** The key that a rotation goes to; there as long as the rotation is not finished. */
const NEXT_FILE = "key-encryption.key.next";
const HEX_KEY = /^[0-9a-f]{64}$/i;

/**
 * The seal of the setting, else of the file in DATA_DIR. Made only while nothing is sealed: a lost key is an error, not
 * a new key. While a rotation is half done both keys open, and the old one seals.
 */
export async function openKeySeal(config: KeySealConfig, db: Db): Promise<KeySeal> {
  const sealed = await someSealed(db);
  const path = join(config.DATA_DIR, FILE);
  const nextPath = join(config.DATA_DIR, NEXT_FILE);
  const next = readKey(nextPath);
  const text =
    config.KEY_ENCRYPTION_KEY ??
    readKey(path) ??
    next ?? // the rotation was killed between its last two steps
    (sealed.length > 0 ? lost(path) : makeKey(path));
  const seal = sealOf(text, path);
  const both = next === undefined ? seal : eitherSeal(seal, sealOf(next, nextPath));
  for (const row of sealed) row.open(both);
  return both;
}

/** The lowest and the highest of each table: a rotation goes from one end to the other. */
async function someSealed(db: Db): Promise<readonly { open(seal: KeySeal): unknown }[]> {
  const terminals = db.selectFrom("terminal").select(["address", "root_key"]).limit(1);
  const users = db
    .selectFrom("app_user")
    .select(["id", "totp_secret"])
    .where("totp_secret", "is not", null)
    .limit(1);
  const webhooks = db.selectFrom("webhook").select(["id", "sealed"]).limit(1);
  const groups = db.selectFrom("group_key").select(["id", "sealed"]).limit(1);
  const keys = db.selectFrom("notification_secret").select(["name", "sealed"]).limit(1);
  return [
    ...(await terminals.orderBy("address").execute()).map(ofTerminal),
    ...(await terminals.orderBy("address", "desc").execute()).map(ofTerminal),
    ...(await users.orderBy("id").execute()).map(ofUser),
    ...(await users.orderBy("id", "desc").execute()).map(ofUser),
    ...(await webhooks.orderBy("id").execute()).map(ofWebhook),
    ...(await webhooks.orderBy("id", "desc").execute()).map(ofWebhook),
    ...(await groups.orderBy("id").execute()).map(ofGroup),
    ...(await groups.orderBy("id", "desc").execute()).map(ofGroup),
    ...(await keys.orderBy("name").execute()).map(ofKey),
    ...(await keys.orderBy("name", "desc").execute()).map(ofKey),
  ];
}

const ofWebhook = (row: { readonly id: string; readonly sealed: Uint8Array }) => ({
  open: (seal: KeySeal) => seal.secrets.open(webhookOwner(row.id), row.sealed),
});

const ofGroup = (row: { readonly id: bigint; readonly sealed: Uint8Array }) => ({
  open: (seal: KeySeal) => seal.secrets.open(groupKeyOwner(Number(row.id)), row.sealed),
});

const ofKey = (row: { readonly name: string; readonly sealed: Uint8Array }) => ({
  open: (seal: KeySeal) => seal.secrets.open(secretOwner(row.name), row.sealed),
});

const ofTerminal = (row: { readonly address: bigint; readonly root_key: Uint8Array }) => ({
  open: (seal: KeySeal) => seal.open(Number(row.address), row.root_key),
});

const ofUser = (row: { readonly id: string; readonly totp_secret: Uint8Array | null }) => ({
  open: (seal: KeySeal) => row.totp_secret && seal.secrets.open(row.id, row.totp_secret),
});

/** Throws an InvalidConfigError that names where it came from, never the key. */
export function sealOf(text: string, from: string): KeySeal {
  const key = HEX_KEY.test(text) ? parseHex(text) : undefined;
  if (key === undefined)
    throw new InvalidConfigError([`${from} must hold 64 hexadecimal digits and nothing else`]);
  return createKeySeal(key);
}

/** The two keys of a rotation, the same ones again when it goes on after a kill. */
export function openRotation(
  config: KeySealConfig & { readonly NEW_KEY_ENCRYPTION_KEY?: string | undefined },
): { readonly from: KeySeal; readonly to: KeySeal; readonly finish: (stamp: string) => string } {
  const path = join(config.DATA_DIR, FILE);
  const nextPath = join(config.DATA_DIR, NEXT_FILE);
  const from = config.KEY_ENCRYPTION_KEY ?? readKey(path) ?? lost(path);
  const given = config.NEW_KEY_ENCRYPTION_KEY;
  const to = given ?? readKey(nextPath) ?? makeKey(nextPath);
  if (from.toLowerCase() === to.toLowerCase())
    throw new InvalidConfigError(["the new key encryption key is the old one: nothing to do"]);
  return {
    from: sealOf(from, config.KEY_ENCRYPTION_KEY === undefined ? path : "KEY_ENCRYPTION_KEY"),
    to: sealOf(to, given === undefined ? nextPath : "NEW_KEY_ENCRYPTION_KEY"),
    finish(stamp) {
      if (given !== undefined)
        return "Set KEY_ENCRYPTION_KEY to the new key from now on. Keep the old one with the backups made until today.";
      const old = `${path}.until-${stamp}`;
      if (existsSync(path)) renameSync(path, old);
      renameSync(nextPath, path);
      return config.KEY_ENCRYPTION_KEY === undefined
        ? `The new key is in ${path}. The old one is in ${old}: it opens the backups made until today, so keep it with them.`
        : `The new key is in ${path}: unset KEY_ENCRYPTION_KEY, or set it to what the file holds. Keep the old key with the backups made until today.`;
    },
  };
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function makeKey(path: string): string {
  const text = randomBytes(KEY_ENCRYPTION_KEY_BYTES).toString("hex");
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `${text}\n`, { mode: 0o600, flag: "wx" });
  return text;
}

function lost(path: string): never {
  throw new InvalidConfigError([
    `root keys of terminals or second factors of people are sealed, and neither KEY_ENCRYPTION_KEY nor ${path} is there to open them: put back the one that was used when they were made`,
  ]);
}
