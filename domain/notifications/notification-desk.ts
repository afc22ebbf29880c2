import type { LinkedAlarm } from "./alarm-acknowledgement-postgres.ts";
import type { ChannelName } from "./backoff.ts";
import type { SendResult } from "./channel.ts";
import type { Deliveries } from "./deliveries.ts";
import type { MessageCapStore } from "./message-caps-postgres.ts";
import type { NotificationLog } from "./notification-log.ts";
import type { OnCall } from "./on-call.ts";
import type { PreferenceStore } from "./preferences-postgres.ts";
import type { PushSubscriptions } from "./push-subscriptions.ts";
import type { WebhookAt, Webhooks } from "./webhooks.ts";

/** Links that acknowledge one alarm without signing in. Undefined for what is forged, expired or of nothing. */
export interface AcknowledgeLinks {
  /** Undefined where PUBLIC_URL is not set: nobody outside could follow it. */
  readonly urlOf: (alarmId: string, deliveryId: string) => Promise<string | undefined>;
  /** Looking changes nothing: programs that scan mail follow every link. */
  look(token: string): Promise<LinkedAlarm | undefined>;
  acknowledge(token: string): Promise<LinkedAlarm | undefined>;
}

/** Everything that people and programs can ask about notifications. */
export interface NotificationDesk {
  readonly preferences: PreferenceStore;
  readonly push: PushSubscriptions;
  readonly onCall: OnCall;
  readonly caps: MessageCapStore;
  readonly log: NotificationLog;
  readonly deliveries: Pick<Deliveries, "replay">;
  readonly webhooks: Webhooks;
  readonly links: AcknowledgeLinks;
  /** By which a browser knows who may send to it. */
  vapidPublicKey(): Promise<string>;
  readonly isSetUp: (channel: ChannelName) => boolean;
  /** A message to somebody by every channel chosen for what is critical. */
  sendTest(userId: string, customerId: string | null): Promise<void>;
  testWebhook(at: WebhookAt): Promise<SendResult>;
}
