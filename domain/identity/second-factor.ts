import { Secret, TOTP } from "otpauth";

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, 30 s. */
const PERIOD_S = 30;
export const SECRET_BYTES = 20;
/** A phone's clock may be a step off. */
const STEPS_AROUND = 1;
export const RECOVERY_CODES = 10;

const totpOf = (secret: Uint8Array, label: string): TOTP =>
  new TOTP({
    issuer: "Hopline",
    label,
    period: PERIOD_S,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  });

/** What an authenticator app scans, and the same to be typed. */
export const enrolmentOf = (secret: Uint8Array, email: string) => ({
  uri: totpOf(secret, email).toString(),
  secret: totpOf(secret, email).secret.base32,
});

/** The step of time that the code is of, if it is one of now and later than the last one used: a code is good once. */
export function acceptedStep(
  secret: Uint8Array,
  code: string,
  nowMs: number,
  lastStep: bigint | null,
): bigint | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const off = totpOf(secret, "").validate({ token: code, timestamp: nowMs, window: STEPS_AROUND });
  if (off === null) return undefined;
  const step = BigInt(Math.floor(nowMs / 1_000 / PERIOD_S) + off);
  return lastStep !== null && step <= lastStep ? undefined : step;
}
