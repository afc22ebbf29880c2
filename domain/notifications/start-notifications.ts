import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Alarms } from "../alerting/alarms.ts";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { systemRandomBytes } from "../identity/secrets.ts";
import { LINK_KEY_BYTES, LINK_VALID_MS, openLink, signLink } from "./acknowledge-link.ts";
import { acknowledgeByLink, findLinkedAlarm } from "./alarm-acknowledgement-postgres.ts";
import { notSetUp } from "./channel.ts";
import { channelDisplayPostgres } from "./channel-display-postgres.ts";
import { channelEmail, mailerNodemailer } from "./channel-email-nodemailer.ts";
import { channelMqttPostgres } from "./channel-mqtt-postgres.ts";
import { channelPushWebPush, makeVapidKeys, type VapidKeys } from "./channel-push-web-push.ts";
import { channelSmsSmpp } from "./channel-sms-smpp.ts";
import { channelWebhookHttp } from "./channel-webhook-http.ts";
import { createDeliveries } from "./deliveries-postgres.ts";
import type { Channels } from "./dispatcher.ts";
import { type Mailer, noMailer } from "./mailer.ts";
import { createMessageCaps } from "./message-caps-postgres.ts";
import type { AcknowledgeLinks, NotificationDesk } from "./notification-desk.ts";
import { insertNotifications } from "./notification-insert-postgres.ts";
import { createNotificationLog } from "./notification-log-postgres.ts";
import { ensureSecret, type NotificationSecret } from "./notification-secrets-postgres.ts";
import { createOnCall } from "./on-call-postgres.ts";
import { createPreferences } from "./preferences-postgres.ts";
import { createPushSubscriptions } from "./push-subscriptions-postgres.ts";
import { createWorker, type Worker } from "./start-worker.ts";
import { testEvent, testOccasion } from "./test-message.ts";
import { createWebhooks } from "./webhooks-postgres.ts";

export interface NotificationConfig {
  readonly SMTP_URL?: string | undefined;
  readonly MAIL_FROM?: string | undefined;
  readonly SMPP_URL?: string | undefined;
  readonly SMS_PART_COST_MICROS?: number | undefined;
  readonly WEBHOOKS_TO_PRIVATE?: "allowed" | "refused" | undefined;
  readonly PUBLIC_URL?: string | undefined;
}

/** As the setting's default has it, for whoever starts this without settings. */
const SENDER = "Hopline <hopline@hopline.local>";

export interface NotificationDeps {
  readonly db: Db;
  /** Who acknowledges for a link. */
  readonly alarms: Pick<Alarms, "does">;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: SecretSeal;
  /** Which device types have a display. */
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly config: NotificationConfig;
}

export interface StartedNotifications {
  readonly desk: NotificationDesk;
  readonly worker: Worker;
  /** For letters that are no notifications, such as invoices; the worker's end closes it. */
  readonly mailer: Mailer;
}

/** Everything of notifications on one database; the worker is made and not started. */
export function startNotifications(deps: NotificationDeps): StartedNotifications {
  const { db, clock, log, secrets, config, profiles } = deps;
  const changes = { db, audit: createAudit(db), makeId: () => randomUUID() };
  const isPrivateAllowed = config.WEBHOOKS_TO_PRIVATE === "allowed";
  const deliveries = createDeliveries(db);
  const push = createPushSubscriptions({ ...changes, isPrivateAllowed });
  const webhooks = createWebhooks({
    ...{ ...changes, clock, secrets, isPrivateAllowed, random: systemRandomBytes },
  });
  const vapid = lazyVapid(deps);
  const links = createLinks(deps);
  const mailer = mailerOf(config);
  const channels: Channels = {
    email: channelEmail(mailer),
    sms: smsOf(deps, (reference, state, detail) =>
      deliveries.receipt(reference, state, detail, clock.now()),
    ),
    push: channelPushWebPush({
      ...{ vapid, isPrivateAllowed },
      subscriptionsOf: (userId) => push.keysOf(userId),
      forget: (id) => push.forget(id),
    }),
    webhook: channelWebhookHttp({
      ...{ clock, isPrivateAllowed },
      find: (id) => webhooks.target(id),
      note: (id, failure, isGone) => webhooks.note(id, failure, isGone),
    }),
    display: channelDisplayPostgres({ ...changes, clock, profiles }),
    mqtt: channelMqttPostgres({ db, clock }),
  };
  const worker = createWorker({
    ...{ db, clock, log, deliveries, channels },
    random: { next: () => randomBytes(4).readUInt32BE() / 0x1_0000_0000 },
    acknowledgeUrl: links.urlOf,
    consoleUrl: config.PUBLIC_URL,
  });
  const desk: NotificationDesk = {
    ...{ deliveries, push, webhooks, links },
    preferences: createPreferences({ ...changes, profiles }),
    onCall: createOnCall(changes),
    caps: createMessageCaps(changes),
    log: createNotificationLog(db),
    vapidPublicKey: async () => (await vapid()).publicKey,
    isSetUp: (channel) => channels[channel].isSetUp,
    async sendTest(userId, customerId) {
      const nowMs = clock.now();
      const occasion = testOccasion(randomUUID(), customerId, nowMs);
      await insertNotifications(db, [{ ...occasion, targets: [`user:${userId}`] }], nowMs);
    },
    async testWebhook(at) {
      const { id, customerId, url } = await webhooks.find(at);
      return channels.webhook.send({
        ...{ deliveryId: `test-${randomUUID()}`, attempt: 1, target: url, recipientId: id },
        ...{ customerId, isUrgent: false, signal: new AbortController().signal },
        event: testEvent(randomUUID(), customerId, clock.now()),
        message: { subject: "", text: "", html: "", short: "", display: "" },
      });
    },
  };
  return { desk, worker, mailer };
}

const mailerOf = ({ SMTP_URL: url, MAIL_FROM: from = SENDER }: NotificationConfig): Mailer =>
  url === undefined ? noMailer : mailerNodemailer({ url, from });

const smsOf = (
  { config: { SMPP_URL: url, SMS_PART_COST_MICROS: unitCostMicros = 0 }, log }: NotificationDeps,
  receipt: Parameters<typeof channelSmsSmpp>[0]["receipt"],
) => (url === undefined ? notSetUp : channelSmsSmpp({ url, unitCostMicros, log, receipt }));

/** Made when it is first asked for; a failure is not kept. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const lazyVapid = ({ db, secrets, config }: NotificationDeps): (() => Promise<VapidKeys>) =>
  lazily(async () => {
    const kept = await ensureSecret(db, secrets, "vapid", (): NotificationSecret => {
      const { publicKey, privateKey } = makeVapidKeys();
      return { secret: new TextEncoder().encode(privateKey), publicPart: publicKey };
    });
    const isWeb = config.PUBLIC_URL?.startsWith("https://") === true;
    const from = config.MAIL_FROM ?? SENDER;
    const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
    return {
      publicKey: kept.publicPart,
      privateKey: new TextDecoder().decode(kept.secret),
      subject: isWeb ? (config.PUBLIC_URL ?? "") : `mailto:${address}`,
    };
  });

function createLinks(deps: NotificationDeps): AcknowledgeLinks {
  const { db, secrets, clock, config } = deps;
  const key = lazily(async () => {
    const kept = await ensureSecret(db, secrets, "links", () => ({
      secret: systemRandomBytes(LINK_KEY_BYTES),
      publicPart: "",
    }));
    return kept.secret;
  });
  return {
    async urlOf(alarmId, deliveryId) {
      if (config.PUBLIC_URL === undefined) return undefined;
      const expiresAtMs = clock.now() + LINK_VALID_MS;
      const token = signLink(await key(), { alarmId, deliveryId, expiresAtMs });
      return new URL(`/acknowledge/${token}`, config.PUBLIC_URL).href;
    },
    async look(token) {
      const opened = openLink(await key(), token, clock.now());
      return opened.ok ? findLinkedAlarm(db, opened.claim.alarmId) : undefined;
    },
    async acknowledge(token) {
      const opened = openLink(await key(), token, clock.now());
      return opened.ok ? acknowledgeByLink(deps, opened.claim, clock.now()) : undefined;
    },
  };
}
