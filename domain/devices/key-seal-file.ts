import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidConfigError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { createKeySeal, KEY_ENCRYPTION_KEY_BYTES, type KeySeal } from "./key-seal.ts";

export interface KeySealConfig {
  readonly DATA_DIR: string;
  /** 64 hexadecimal digits. */
  readonly KEY_ENCRYPTION_KEY?: string | undefined;
}

const FILE = "key-encryption.key";
const HEX_KEY = /^[0-9a-f]{64}$/i;

/** The seal of the setting, else of the file in DATA_DIR. Made only while nothing is sealed: a lost key is an error, not a new key. */
export async function openKeySeal(config: KeySealConfig, db: Db): Promise<KeySeal> {
  const sealed = await db
    .selectFrom("terminal")
    .select(["address", "root_key"])
    .limit(1)
    .executeTakeFirst();
  const path = join(config.DATA_DIR, FILE);
  const text = config.KEY_ENCRYPTION_KEY ?? readKey(path) ?? (sealed ? lost(path) : makeKey(path));
  if (!HEX_KEY.test(text)) {
    throw new InvalidConfigError([`${path} must hold 64 hexadecimal digits and nothing else`]);
  }
  const seal = createKeySeal(
    Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );
  if (sealed) seal.open(Number(sealed.address), sealed.root_key);
  return seal;
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
    `the terminals' root keys are sealed, and neither KEY_ENCRYPTION_KEY nor ${path} is there to open them: put back the one that was used when they were enrolled`,
  ]);
}
