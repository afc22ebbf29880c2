import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { InvalidConfigError } from "../../base/errors.ts";

/**
 * Any short secret at rest: version 1 · IV 12 · ciphertext · tag 16, AES-256-GCM under a key of its own derived from the
 * key-encryption key, bound to whose it is so that rows cannot be exchanged.
 */
export interface SecretSeal {
  seal(owner: string, secret: Uint8Array): Uint8Array;
  /** Throws an InvalidConfigError when it was sealed under another key or for somebody else. */
  open(owner: string, sealed: Uint8Array): Uint8Array;
}

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

export function createSecretSeal(keyEncryptionKey: Uint8Array): SecretSeal {
  const key = new Uint8Array(
    hkdfSync("sha256", keyEncryptionKey, new Uint8Array(), "hopline secrets", KEY_BYTES),
  );
  return {
    seal(owner, secret) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      cipher.setAAD(boundTo(owner));
      const sealed = new Uint8Array(1 + IV_BYTES + secret.length + TAG_BYTES);
      sealed[0] = VERSION;
      sealed.set(iv, 1);
      sealed.set(cipher.update(secret), 1 + IV_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), sealed.length - TAG_BYTES);
      return sealed;
    },

    open(owner, sealed) {
      if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw notOurs(owner);
      const iv = sealed.subarray(1, 1 + IV_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(boundTo(owner));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const secret = decipher.update(sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES));
      try {
        decipher.final();
      } catch {
        throw notOurs(owner);
      }
      return new Uint8Array(secret);
    },
  };
}

const boundTo = (owner: string): Uint8Array => new TextEncoder().encode(`hopline secret ${owner}`);

const notOurs = (owner: string): InvalidConfigError =>
  new InvalidConfigError([
    `the secret of ${owner} was sealed under another key encryption key: KEY_ENCRYPTION_KEY, or the file key-encryption.key in DATA_DIR, must be the one that was used when it was made`,
  ]);
