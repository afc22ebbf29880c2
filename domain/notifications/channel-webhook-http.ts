import type { Clock } from "../../base/clock.ts";
import type { Channel, SendResult } from "./channel.ts";
import { postPinned } from "./post-pinned.ts";
import { signWebhook } from "./webhook-signature.ts";

export interface WebhookTarget {
  readonly url: string;
  readonly secret: Uint8Array;
  readonly isDisabled: boolean;
}

export interface WebhookDeps {
  readonly clock: Clock;
  /** Loopback and private networks, and plain HTTP: for tests, and where the receiver stands beside us. */
  readonly isPrivateAllowed: boolean;
  readonly find: (id: string) => Promise<WebhookTarget | undefined>;
  /** Tells what became of an attempt, so that one that fails for days is disabled. */
  readonly note: (id: string, failure: string | undefined, isGone: boolean) => Promise<void>;
}

/** Events to a customer's own system, signed as Standard Webhooks say. */
export function channelWebhookHttp(deps: WebhookDeps): Channel {
  const { clock, isPrivateAllowed, find, note } = deps;
  return {
    isSetUp: true,
    unitCostMicros: 0,
    stop: async () => undefined,
    async send({ deliveryId, recipientId, event, signal }) {
      const target = await find(recipientId);
      if (target === undefined) return { outcome: "refused", why: "the webhook was removed" };
      if (target.isDisabled) return { outcome: "refused", why: "the webhook is disabled" };
      const body = JSON.stringify(event);
      const headers = {
        "content-type": "application/json",
        "user-agent": "Hopline-Webhooks/1",
        ...signWebhook(target.secret, deliveryId, clock.now(), body),
      };
      const result = resultOf(
        await postPinned({ url: target.url, headers, body, isPrivateAllowed, signal }),
        deliveryId,
      );
      const failure = "why" in result ? result.why : undefined;
      const isGone = "isGone" in result;
      await note(recipientId, failure, isGone);
      return result;
    },
  };
}

function resultOf(answer: Awaited<ReturnType<typeof postPinned>>, id: string): SendResult {
  if (!answer.ok) return { outcome: answer.isForbidden ? "refused" : "retry", why: answer.why };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { outcome: "delivered", reference: id, units: 1 }; // the receiver itself has answered
  const why = `HTTP ${status} ${text}`.trim();
  if (status === 410) return { outcome: "refused", why, isGone: true }; // Standard Webhooks: it wants no more
  return { outcome: "retry", why };
}
