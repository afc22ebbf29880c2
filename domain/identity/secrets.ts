import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
export const KEY_START = "hl_";
const KEY_PREFIX_CHARACTERS = 10;
const PASSWORD_GROUPS = 4;
const RECOVERY_GROUPS = 2;
const GROUP_CHARACTERS = 5;
/** Without what is read as something else: 0 o, 1 l i. */
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789";

export type RandomBytes = (count: number) => Uint8Array;

export const systemRandomBytes: RandomBytes = (count) => new Uint8Array(randomBytes(count));

export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What a browser's cookie holds; the table has its SHA-256. 256 random bits need no slow hash. */
export const makeToken = (random: RandomBytes): string => base64url(random(TOKEN_BYTES));

export const makeApiKey = (random: RandomBytes): string => KEY_START + makeToken(random);

/** What people recognise a key by; far too little of it to be used. */
export const prefixOf = (key: string): string => key.slice(0, KEY_PREFIX_CHARACTERS);

function readable(random: RandomBytes, groups: number): string {
  const words: string[] = [];
  while (words.length < groups) {
    let word = "";
    while (word.length < GROUP_CHARACTERS)
      for (const byte of random(16)) {
        const sign = READABLE[byte & 31]; // one of 32 is none, so that each of the 31 is as likely
        if (sign !== undefined && word.length < GROUP_CHARACTERS) word += sign;
      }
    words.push(word);
  }
  return words.join("-");
}

/** 99 bits that can be read aloud. */
export const makePassword = (random: RandomBytes): string => readable(random, PASSWORD_GROUPS);

/** 49 bits, good once, and wrong tries are counted. */
export const makeRecoveryCode = (random: RandomBytes): string => readable(random, RECOVERY_GROUPS);

export const recoveryHash = (userId: string, code: string): string =>
  sha256Hex(`${userId} ${code.trim().toLowerCase()}`);
