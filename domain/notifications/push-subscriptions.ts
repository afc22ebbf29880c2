import { InvalidInputError } from "../../base/errors.ts";
import { parseBase64url } from "./base64.ts";
import type { PushSubscriptionKeys } from "./channel-push-web-push.ts";
import { targetFault } from "./targets.ts";

/** Of one person: more browsers nobody uses, and the oldest has to go. */
export const SUBSCRIPTIONS_MAX = 20;
const ENDPOINT_CHARACTERS_MAX = 2_000;
const PUBLIC_KEY_BYTES = 65;
const AUTH_BYTES = 16;

export interface PushSubscriptionInput {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly userAgent: string;
}

/** As its person sees it, without what others could send by. */
export interface PushSubscription {
  readonly id: string;
  readonly endpoint: string;
  readonly userAgent: string;
  readonly createdAtMs: number;
}

/** Browsers in which people want to be told. */
export interface PushSubscriptions {
  list(userId: string): Promise<readonly PushSubscription[]>;
  /** The same browser again is the same subscription, now of whoever signed it up last. */
  add(userId: string, input: PushSubscriptionInput, nowMs: number): Promise<PushSubscription>;
  /** False when this person has none with this id. */
  remove(userId: string, id: string): Promise<boolean>;
  keysOf(userId: string): Promise<readonly PushSubscriptionKeys[]>;
  forget(id: string): Promise<void>;
}

/** Throws an InvalidInputError that names the first field at fault. */
export function requireSubscription(input: PushSubscriptionInput, isPrivateAllowed: boolean): void {
  const { endpoint, p256dh, auth } = input;
  if (
    endpoint.length > ENDPOINT_CHARACTERS_MAX ||
    targetFault(endpoint, isPrivateAllowed) !== undefined
  )
    throw new InvalidInputError(
      "endpoint",
      "endpoint must be the public https address of a push service",
    );
  const key = parseBase64url(p256dh);
  if (key?.length !== PUBLIC_KEY_BYTES || key[0] !== 4)
    throw new InvalidInputError(
      "p256dh",
      "p256dh must be an uncompressed P-256 point in base64url",
    );
  if (parseBase64url(auth)?.length !== AUTH_BYTES)
    throw new InvalidInputError("auth", "auth must be 16 bytes in base64url");
}
