import webPush from "web-push";
import type { Channel, Outgoing } from "./channel.ts";
import { postPinned } from "./post-pinned.ts";

export interface PushSubscriptionKeys {
  readonly id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
  /** `mailto:` or `https:` address at which a push service reaches the operator. */
  readonly subject: string;
}

export interface PushDeps {
  readonly vapid: () => Promise<VapidKeys>;
  readonly isPrivateAllowed: boolean;
  readonly subscriptionsOf: (userId: string) => Promise<readonly PushSubscriptionKeys[]>;
  /** The browser has taken it back. */
  readonly forget: (id: string) => Promise<void>;
}

/** What a service keeps for a browser that is off. */
const TTL_S = 24 * 3_600;
const TOO_MANY = 429;

/** Base64url, as VAPID and browsers write them. */
export const makeVapidKeys = (): { readonly publicKey: string; readonly privateKey: string } =>
  webPush.generateVAPIDKeys();

/** To every browser that a person has signed up, encrypted for each as RFC 8291 says. */
export const channelPushWebPush = (deps: PushDeps): Channel => ({
  isSetUp: true,
  unitCostMicros: 0,
  stop: async () => undefined,
  async send(outgoing) {
    const subscriptions = await deps.subscriptionsOf(outgoing.recipientId);
    const answers = await Promise.all(
      subscriptions.map((subscription) => pushOne(deps, subscription, outgoing)),
    );
    const gone = subscriptions.filter((_, at) => answers[at] === "gone");
    for (const { id } of gone) await deps.forget(id);
    const taken = answers.filter((answer) => answer === "taken").length;
    if (taken > 0) return { outcome: "sent", reference: outgoing.deliveryId, units: taken };
    const later = answers.find((answer) => answer !== "gone" && answer !== "taken");
    if (later !== undefined) return { outcome: "retry", why: later };
    return { outcome: "refused", why: "no browser is signed up any more", isGone: true };
  },
});

/** `taken`, `gone`, or why it is to be tried again. */
async function pushOne(
  { vapid, isPrivateAllowed }: PushDeps,
  { endpoint, p256dh, auth }: PushSubscriptionKeys,
  { deliveryId, message, isUrgent, signal }: Outgoing,
): Promise<string> {
  const details = webPush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    // the tag makes a browser show the same message once, however often it comes
    JSON.stringify({
      id: deliveryId,
      tag: deliveryId,
      title: message.subject,
      body: message.short,
    }),
    {
      vapidDetails: await vapid(),
      TTL: TTL_S,
      urgency: isUrgent ? "high" : "normal",
      contentEncoding: "aes128gcm",
    },
  );
  const answer = await postPinned({
    url: details.endpoint,
    headers: textsOf(details.headers),
    body: details.body,
    isPrivateAllowed,
    signal,
  });
  if (!answer.ok) return answer.isForbidden ? "gone" : answer.why;
  const { status } = answer;
  if (status >= 200 && status < 300) return "taken";
  // the service says for ever: not found, gone, or never right
  if (status >= 400 && status < 500 && status !== TOO_MANY) return "gone";
  return `HTTP ${status} ${answer.text}`;
}

/** Numbers among them, whatever the typing says. */
const textsOf = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
