import { closesChain, type Language, type Occasion } from "./occasion.ts";
import { PERSON_CHANNELS, type PersonChannel, type Preferences } from "./preferences.ts";
import { quietUntil } from "./quiet-hours.ts";

/** Somebody who may be told, with all that decides how. */
export interface Recipient {
  readonly kind: "user" | "contact";
  readonly id: string;
  readonly language: Language;
  readonly timeZone: string;
  /** Where each channel reaches this person; a channel that is not there does not. */
  readonly addresses: Readonly<Partial<Record<PersonChannel, string>>>;
  readonly preferences: Preferences;
  /** Channels for which consent was taken back. */
  readonly refused: ReadonlySet<PersonChannel>;
}

/** Why somebody is not told by a channel that was chosen. */
export type Suppression = "no-address" | "consent-withdrawn" | "plan-cap" | "not-set-up";

export interface PlannedDelivery {
  readonly recipient: Pick<Recipient, "kind" | "id">;
  readonly channel: PersonChannel;
  readonly target: string;
  readonly language: Language;
  readonly template: Occasion["kind"];
  readonly notBeforeMs: number;
  /** What takes over when the channel gives up. */
  readonly fallback: PersonChannel | null;
  readonly suppressed: Suppression | undefined;
}

export interface PlanContext {
  readonly nowMs: number;
  /** Channels that the operator has set up. */
  readonly isSetUp: (channel: PersonChannel) => boolean;
  /** How many more messages the customer's plan has in it this month. */
  readonly left: (channel: PersonChannel) => number;
}

/**
 * Who is told of an occasion by what and when. `named` are told because a ladder or a person said so, whatever they
 * prefer: by every channel they chose for what is critical, else by all that reach them.
 */
export function planDeliveries(
  occasion: Occasion,
  recipients: readonly Recipient[],
  named: ReadonlySet<string>,
  context: PlanContext,
): readonly PlannedDelivery[] {
  const taken = new Set<string>();
  const planned: PlannedDelivery[] = [];
  const left = countdown(context.left);
  for (const recipient of recipients) {
    const isNamed = named.has(recipientKey(recipient));
    for (const delivery of planFor(occasion, recipient, isNamed, { ...context, left })) {
      // one telephone may be a user's and a contact's
      const place = `${delivery.channel} ${delivery.target}`;
      if (delivery.suppressed === undefined && taken.has(place)) continue;
      if (delivery.suppressed === undefined) taken.add(place);
      planned.push(delivery);
    }
  }
  return planned;
}

export const recipientKey = ({ kind, id }: Pick<Recipient, "kind" | "id">): string =>
  `${kind}:${id}`;

/** Within one plan, too, no more is sent than is left. */
function countdown(left: PlanContext["left"]): (channel: PersonChannel, take?: boolean) => number {
  const counts = new Map<PersonChannel, number>();
  return (channel, take = false) => {
    const count = counts.get(channel) ?? left(channel);
    if (take) counts.set(channel, count - 1);
    return count;
  };
}

interface Counted extends Omit<PlanContext, "left"> {
  readonly left: (channel: PersonChannel, take?: boolean) => number;
}

function planFor(
  occasion: Occasion,
  recipient: Recipient,
  isNamed: boolean,
  context: Counted,
): readonly PlannedDelivery[] {
  const chosen = channelsFor(occasion, recipient, isNamed);
  const { fallback } = recipient.preferences;
  const planned = new Map<PersonChannel, PlannedDelivery>();
  for (const channel of chosen) {
    const delivery = planOne(occasion, recipient, channel, context);
    planned.set(channel, delivery);
  }
  const isReached = [...planned.values()].some(({ suppressed }) => suppressed === undefined);
  if (chosen.length > 0 && !isReached && fallback !== null && !planned.has(fallback))
    planned.set(fallback, planOne(occasion, recipient, fallback, context));
  for (const { channel, suppressed } of planned.values())
    if (suppressed === undefined) context.left(channel, true);
  return [...planned.values()];
}

function channelsFor(
  { kind, severity, isDrill }: Occasion,
  { preferences, addresses }: Recipient,
  isNamed: boolean,
): readonly PersonChannel[] {
  if (isDrill && preferences.tellDrills === false) return [];
  if (closesChain(kind) && !preferences.tellCleared && !isNamed) return [];
  const chosen = preferences.channels[severity];
  if (!isNamed || chosen.length > 0) return chosen;
  const urgent = preferences.channels.critical;
  return urgent.length > 0
    ? urgent
    : PERSON_CHANNELS.filter((channel) => addresses[channel] !== undefined);
}

function planOne(
  occasion: Occasion,
  recipient: Recipient,
  channel: PersonChannel,
  context: Counted,
): PlannedDelivery {
  const { preferences } = recipient;
  return {
    recipient: { kind: recipient.kind, id: recipient.id },
    channel,
    target: recipient.addresses[channel] ?? "",
    language: preferences.language ?? recipient.language,
    template: occasion.kind,
    notBeforeMs: notBefore(occasion, recipient, context.nowMs),
    fallback: preferences.fallback === channel ? null : preferences.fallback,
    suppressed: suppressionOf(occasion, recipient, channel, context),
  };
}

function suppressionOf(
  { isLifeSafety }: Occasion,
  { addresses, refused }: Recipient,
  channel: PersonChannel,
  { isSetUp, left }: Counted,
): Suppression | undefined {
  if (addresses[channel] === undefined) return "no-address";
  if (refused.has(channel)) return "consent-withdrawn";
  if (!isSetUp(channel)) return "not-set-up";
  if (!isLifeSafety && left(channel) <= 0) return "plan-cap";
  return undefined;
}

/** Quiet hours hold back what can wait: every drill; never what is critical, life-safety, or asked for by the person. */
function notBefore(
  { severity, isLifeSafety, isDrill, kind }: Occasion,
  { preferences: { quiet }, timeZone }: Recipient,
  nowMs: number,
): number {
  const isUrgent = (severity === "critical" || isLifeSafety) && !isDrill;
  if (quiet === null || isUrgent || kind === "test") return nowMs;
  return quietUntil(quiet, timeZone, nowMs);
}
