import { createHmac, timingSafeEqual } from "node:crypto";
import { base64url, parseBase64url } from "./base64.ts";

/** What a signed link is good for: one alarm, by whoever got that delivery, until it expires. */
export interface AcknowledgeClaim {
  readonly alarmId: string;
  readonly deliveryId: string;
  readonly expiresAtMs: number;
}

export type LinkFault = "malformed" | "forged" | "expired";
export type OpenedLink =
  | { readonly ok: true; readonly claim: AcknowledgeClaim }
  | { readonly ok: false; readonly fault: LinkFault };

export const LINK_VALID_MS = 3 * 24 * 3_600_000;
export const LINK_KEY_BYTES = 32;
/** 128 bits: enough against guessing, and short enough for an SMS. */
const MAC_BYTES = 16;
const TOKEN = /^([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{22})$/;

export function signLink(key: Uint8Array, claim: AcknowledgeClaim): string {
  const { alarmId, deliveryId, expiresAtMs } = claim;
  const expires = Math.ceil(expiresAtMs / 1_000).toString(36);
  const body = base64url(new TextEncoder().encode(`${expires} ${deliveryId} ${alarmId}`));
  return `${body}.${base64url(macOf(key, body))}`;
}

/** Noise and forgeries are normal for what anybody may open, so they are answers. */
export function openLink(key: Uint8Array, token: string, nowMs: number): OpenedLink {
  const [, body, mac] = TOKEN.exec(token) ?? [];
  if (body === undefined || mac === undefined) return { ok: false, fault: "malformed" };
  const given = parseBase64url(mac);
  if (given?.length !== MAC_BYTES || !timingSafeEqual(given, macOf(key, body)))
    return { ok: false, fault: "forged" };
  const [seconds = "", deliveryId = "", ...rest] = new TextDecoder()
    .decode(parseBase64url(body) ?? new Uint8Array())
    .split(" ");
  const expiresAtMs = Number.parseInt(seconds, 36) * 1_000;
  if (!(nowMs < expiresAtMs)) return { ok: false, fault: "expired" };
  return { ok: true, claim: { alarmId: rest.join(" "), deliveryId, expiresAtMs } };
}

const macOf = (key: Uint8Array, body: string): Uint8Array =>
  new Uint8Array(createHmac("sha256", key).update(`acknowledge ${body}`).digest()).subarray(
    0,
    MAC_BYTES,
  );
