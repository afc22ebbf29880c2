import { type Static, Type } from "typebox";
import { CHANNEL_NAMES } from "../domain/notifications/backoff.ts";
import type { Ladder } from "../domain/notifications/ladder.ts";
import { MINUTES_MAX, STEPS_MAX } from "../domain/notifications/ladder.ts";
import { DELIVERY_STATES, type LoggedDelivery } from "../domain/notifications/notification-log.ts";
import { LANGUAGES } from "../domain/notifications/occasion.ts";
import type { Shift, StoredLadder } from "../domain/notifications/on-call.ts";
import { PERSON_CHANNELS } from "../domain/notifications/preferences.ts";
import type { StoredPreferences } from "../domain/notifications/preferences-postgres.ts";
import { SEVERITIES } from "../domain/notifications/severity.ts";
import type { Webhook } from "../domain/notifications/webhooks.ts";

export const Time = Type.String({ description: "ISO 8601, UTC" });
export const OptionalTime = Type.Union([Time, Type.Null()]);
export const Severity = Type.Enum([...SEVERITIES]);
export const PersonChannel = Type.Enum([...PERSON_CHANNELS]);
export const ChannelName = Type.Enum([...CHANNEL_NAMES]);
export const DeliveryState = Type.Enum([...DELIVERY_STATES]);
export const Version = Type.Integer();

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const Channels = Type.Array(PersonChannel, { maxItems: PERSON_CHANNELS.length, uniqueItems: true });
const Minute = Type.Integer({
  minimum: 0,
  maximum: 1439,
  description: "since midnight, own clock",
});

export const PreferencesBody = Type.Object({
  channels: Type.Object({
    critical: Channels,
    major: Channels,
    minor: Channels,
    warning: Channels,
  }),
  fallback: Type.Union([PersonChannel, Type.Null()]),
  quiet: Type.Union([Type.Object({ fromMinute: Minute, toMinute: Minute }), Type.Null()]),
  tellCleared: Type.Boolean(),
  tellDrills: Type.Optional(
    Type.Boolean({ description: "false for whoever must never hear of a drill; not said is true" }),
  ),
  display: Type.Optional(
    Type.Union([
      Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: "a terminal with a display" }),
      Type.Null(),
    ]),
  ),
  language: Type.Union([Type.Enum([...LANGUAGES]), Type.Null()]),
});

export const Phone = Type.Union([Type.String({ maxLength: 40 }), Type.Null()]);

export const PreferencesView = Type.Object({
  preferences: PreferencesBody,
  phone: Phone,
  version: Version,
  setUp: Type.Array(PersonChannel, { description: "channels that the operator has set up" }),
});

export function preferencesView(
  { preferences, phone, version }: StoredPreferences,
  isSetUp: (channel: (typeof PERSON_CHANNELS)[number]) => boolean,
): Static<typeof PreferencesView> {
  const { critical, major, minor, warning } = preferences.channels;
  return {
    preferences: {
      ...preferences,
      channels: {
        critical: [...critical],
        major: [...major],
        minor: [...minor],
        warning: [...warning],
      },
    },
    phone,
    version,
    setUp: PERSON_CHANNELS.filter(isSetUp),
  };
}

export const DeliveryView = Type.Object({
  id: Type.String(),
  customerId: Type.Union([Type.String(), Type.Null()]),
  recipientKind: Type.Enum(["user", "contact", "webhook", "topic"]),
  recipientId: Type.String(),
  recipientName: Type.String(),
  channel: ChannelName,
  target: Type.String(),
  language: Type.String(),
  severity: Severity,
  kind: Type.String(),
  titleEn: Type.String(),
  titleZh: Type.String(),
  alarmId: Type.Union([Type.String(), Type.Null()]),
  state: DeliveryState,
  reason: Type.Union([Type.String(), Type.Null()]),
  items: Type.Integer({ description: "how many notifications it stands for" }),
  attempts: Type.Integer(),
  createdAt: Time,
  nextAt: Time,
  sentAt: OptionalTime,
  deliveredAt: OptionalTime,
  units: Type.Integer(),
  costMicros: Type.Integer({ description: "millionths of the currency" }),
  fallbackOf: Type.Union([Type.String(), Type.Null()]),
});

export const deliveryView = (row: LoggedDelivery): Static<typeof DeliveryView> => ({
  id: row.id,
  customerId: row.customerId,
  recipientKind: row.recipientKind,
  recipientId: row.recipientId,
  recipientName: row.recipientName,
  channel: row.channel,
  target: row.target,
  language: row.language,
  severity: row.severity,
  kind: row.kind,
  titleEn: row.title.en,
  titleZh: row.title["zh-CN"],
  alarmId: row.alarmId,
  state: row.state,
  reason: row.reason,
  items: row.items,
  attempts: row.attempts,
  createdAt: iso(row.createdAtMs),
  nextAt: iso(row.nextAtMs),
  sentAt: isoOrNull(row.sentAtMs),
  deliveredAt: isoOrNull(row.deliveredAtMs),
  units: row.units,
  costMicros: row.costMicros,
  fallbackOf: row.fallbackOf,
});

export const AttemptView = Type.Object({
  number: Type.Integer(),
  at: Time,
  outcome: Type.String(),
  detail: Type.String(),
});

export const WebhookBody = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  url: Type.String({ minLength: 1, maxLength: 2_000 }),
  severities: Type.Array(Severity, { minItems: 1, maxItems: 4, uniqueItems: true }),
};

export const WebhookView = Type.Object({
  id: Type.String(),
  customerId: Type.Union([Type.String(), Type.Null()]),
  name: Type.String(),
  url: Type.String(),
  severities: Type.Array(Severity),
  createdAt: Time,
  failures: Type.Integer({ description: "in a row" }),
  failingSince: OptionalTime,
  disabledAt: OptionalTime,
  disabledWhy: Type.Union([Type.String(), Type.Null()]),
  version: Version,
});

export const WebhookWithSecret = Type.Object({
  webhook: WebhookView,
  secret: Type.String({ description: "whsec_…, shown this once" }),
});

export const webhookView = (webhook: Webhook): Static<typeof WebhookView> => ({
  id: webhook.id,
  customerId: webhook.customerId,
  name: webhook.name,
  url: webhook.url,
  severities: [...webhook.severities],
  createdAt: iso(webhook.createdAtMs),
  failures: webhook.failures,
  failingSince: isoOrNull(webhook.failingSinceMs),
  disabledAt: isoOrNull(webhook.disabledAtMs),
  disabledWhy: webhook.disabledWhy,
  version: webhook.version,
});

export const ShiftView = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  userName: Type.String(),
  startsAt: Time,
  endsAt: Time,
  note: Type.String(),
});

export const shiftView = (shift: Shift): Static<typeof ShiftView> => ({
  id: shift.id,
  userId: shift.userId,
  userName: shift.userName,
  startsAt: iso(shift.startsAtMs),
  endsAt: iso(shift.endsAtMs),
  note: shift.note,
});

const Target = Type.Object({
  kind: Type.Enum(["told", "on-call", "administrators", "user"]),
  id: Type.Optional(Type.String({ maxLength: 64, description: "of a user" })),
});
const Minutes = Type.Integer({ minimum: 0, maximum: MINUTES_MAX });

export const LadderBody = Type.Object({
  name: Type.String({ maxLength: 100 }),
  severities: Type.Array(Severity, { maxItems: 4, uniqueItems: true }),
  repeatMinutes: Type.Integer({ minimum: 5, maximum: MINUTES_MAX }),
  steps: Type.Array(
    Type.Object({
      afterMinutes: Minutes,
      targets: Type.Array(Target, { minItems: 1, maxItems: 10 }),
    }),
    { minItems: 1, maxItems: STEPS_MAX },
  ),
});
export const LadderView = Type.Object({
  ...LadderBody.properties,
  version: Type.Integer({ description: "0: none of one's own, this is the standard one" }),
  people: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
    description: "who can be named on it",
  }),
});

type People = Static<typeof LadderView>["people"];

export const ladderView = (
  { name, ladder, version }: StoredLadder,
  people: readonly People[number][],
): Static<typeof LadderView> => ({
  name,
  version,
  severities: [...ladder.severities],
  repeatMinutes: ladder.repeatMinutes,
  steps: ladder.steps.map(({ afterMinutes, targets }) => ({
    afterMinutes,
    targets: targets.map((target) => ({ ...target })),
  })),
  people: [...people],
});

/** A target of kind user without an id names nobody, which the rules refuse. */
export const ladderOf = (body: Static<typeof LadderBody>): Ladder => ({
  severities: body.severities,
  repeatMinutes: body.repeatMinutes,
  steps: body.steps.map(({ afterMinutes, targets }) => ({
    afterMinutes,
    targets: targets.map(({ kind, id }) => (kind === "user" ? { kind, id: id ?? "" } : { kind })),
  })),
});
