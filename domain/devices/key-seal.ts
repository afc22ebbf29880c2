import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { InvalidConfigError } from "../../base/errors.ts";
import { createSecretSeal, type SecretSeal } from "./secret-seal.ts";

/**
 * A root key at rest: version 1 · IV 12 · ciphertext 16 · tag 16, AES-256-GCM, bound to the terminal's address so
 * that rows cannot be exchanged.
 */
export interface KeySeal {
  seal(address: number, rootKey: Uint8Array): Uint8Array;
  /** Throws an InvalidConfigError when it was sealed under another key. */
  open(address: number, sealed: Uint8Array): Uint8Array;
  /** For what is no root key, such as a person's second factor. */
  readonly secrets: SecretSeal;
}

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ROOT_KEY_BYTES = 16;
export const KEY_ENCRYPTION_KEY_BYTES = 32;
const SEALED_BYTES = 1 + IV_BYTES + ROOT_KEY_BYTES + TAG_BYTES;

export function createKeySeal(keyEncryptionKey: Uint8Array): KeySeal {
  assert(keyEncryptionKey.length === KEY_ENCRYPTION_KEY_BYTES, "a key encryption key has 32 bytes");
  return {
    secrets: createSecretSeal(keyEncryptionKey),

    seal(address, rootKey) {
      assert(rootKey.length === ROOT_KEY_BYTES, "a root key has 16 bytes");
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", keyEncryptionKey, iv);
      cipher.setAAD(boundTo(address));
      const sealed = new Uint8Array(SEALED_BYTES);
      sealed[0] = VERSION;
      sealed.set(iv, 1);
      sealed.set(cipher.update(rootKey), 1 + IV_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), SEALED_BYTES - TAG_BYTES);
      return sealed;
    },

    open(address, sealed) {
      if (sealed.length !== SEALED_BYTES || sealed[0] !== VERSION) throw notOurs(address);
      const iv = sealed.subarray(1, 1 + IV_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", keyEncryptionKey, iv, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(boundTo(address));
      decipher.setAuthTag(sealed.subarray(SEALED_BYTES - TAG_BYTES));
      const rootKey = decipher.update(sealed.subarray(1 + IV_BYTES, SEALED_BYTES - TAG_BYTES));
      try {
        decipher.final();
      } catch {
        throw notOurs(address);
      }
      return new Uint8Array(rootKey);
    },
  };
}

const boundTo = (address: number): Uint8Array =>
  new TextEncoder().encode(`hopline root key ${address}`);

const notOurs = (address: number): InvalidConfigError =>
  new InvalidConfigError([
    `the root key of terminal ${address} was sealed under another key encryption key: KEY_ENCRYPTION_KEY, or the file key-encryption.key in DATA_DIR, must be the one that was used when it was enrolled`,
  ]);

/** Seals under the first and opens what either sealed: while one key takes the place of another. */
export function eitherSeal(first: KeySeal, second: KeySeal): KeySeal {
  const either = <T>(one: () => T, other: () => T): T => {
    try {
      return one();
    } catch (error) {
      if (!(error instanceof InvalidConfigError)) throw error;
      return other();
    }
  };
  return {
    seal: (address, rootKey) => first.seal(address, rootKey),
    open: (address, sealed) =>
      either(
        () => first.open(address, sealed),
        () => second.open(address, sealed),
      ),
    secrets: {
      seal: (owner, secret) => first.secrets.seal(owner, secret),
      open: (owner, sealed) =>
        either(
          () => first.secrets.open(owner, sealed),
          () => second.secrets.open(owner, sealed),
        ),
    },
  };
}
