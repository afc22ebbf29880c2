import { createHmac, timingSafeEqual } from "node:crypto";
import { base64 } from "./base64.ts";

/** Standard Webhooks: 24 to 64 random bytes, as text behind this. */
export const SECRET_START = "whsec_";
export const SECRET_BYTES = 32;

export const secretText = (secret: Uint8Array): string => SECRET_START + base64(secret);

export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/** The three headers that Standard Webhooks asks for; the time is that of the attempt, the id is the delivery's. */
export function signWebhook(
  secret: Uint8Array,
  id: string,
  atMs: number,
  body: string,
): SignedHeaders {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = createHmac("sha256", secret)
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

/** A notice may be so old or so far ahead; Standard Webhooks says five minutes. */
const TOLERANCE_MS = 300_000;
const TIMESTAMP = /^\d{1,12}$/;

export const WEBHOOK_FAULTS = ["unsigned", "old", "forged"] as const;
export type WebhookFault = (typeof WEBHOOK_FAULTS)[number];

/**
 * Whether somebody who has the secret signed this body at about this time; undefined when so. Several signatures may stand
 * with blanks between, as while a secret is changed; one that is right is enough.
 */
export function webhookFault(
  secret: Uint8Array,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): WebhookFault | undefined {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const given = headers["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof given !== "string")
    return "unsigned";
  if (!TIMESTAMP.test(timestamp)) return "unsigned";
  const atMs = Number(timestamp) * 1_000;
  const text = new TextEncoder();
  const right = text.encode(signWebhook(secret, id, atMs, body)["webhook-signature"]);
  const isSigned = given
    .split(" ")
    .map((one) => text.encode(one))
    .some((one) => one.length === right.length && timingSafeEqual(one, right));
  if (!isSigned) return "forged";
  return Math.abs(nowMs - atMs) > TOLERANCE_MS ? "old" : undefined;
}
