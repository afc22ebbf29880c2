import { createHmac } from "node:crypto";
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
