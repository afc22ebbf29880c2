/** Why a browser shows no push messages. */
export type PushFault = "unable" | "denied" | "failed";

export interface PushKeys {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export const canPush = (): boolean =>
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const SCRIPT = "/push-sw.js";
/** A place that no page is at: the worker answers for nothing but messages. */
const SCOPE = "/push/";

/** What this browser is signed up with, if it is. */
export async function presentEndpoint(): Promise<string | undefined> {
  if (!canPush()) return undefined;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  const subscription = await registration?.pushManager.getSubscription();
  return subscription?.endpoint;
}

/** Asks the person and the browser's push service; a no is an answer. */
export async function signUp(vapidPublicKey: string): Promise<PushKeys | PushFault> {
  if (!canPush()) return "unable";
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  try {
    const registration = await navigator.serviceWorker.register(SCRIPT, { scope: SCOPE });
    await active(registration);
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: vapidPublicKey,
    });
    const { endpoint, keys } = subscription.toJSON();
    if (endpoint === undefined || keys === undefined) return "failed";
    return { endpoint, p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" };
  } catch {
    return "failed"; // the browser's own words are for nobody
  }
}

/** A worker that was just registered takes a moment, and nothing can be signed up before. */
async function active({ installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing ?? waiting;
  if (worker === null || worker.state === "activated") return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  worker.addEventListener("statechange", () => {
    if (worker.state === "activated" || worker.state === "redundant") resolve(undefined);
  });
  await promise;
}
