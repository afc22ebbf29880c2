import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Random } from "../../base/random.ts";
import { backoffMs, type ChannelName, RETRIES } from "./backoff.ts";
import type { Channel, MachineEvent, Outgoing, SendResult } from "./channel.ts";
import type { Claimed, DeliveredItem, Deliveries } from "./deliveries.ts";
import { MACHINE_ITEMS_MAX } from "./machines.ts";
import { LISTED_MAX, type Message, render, type TemplateItem } from "./templates.ts";

export type Channels = Readonly<Record<ChannelName, Channel>>;

export interface DispatcherDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly deliveries: Deliveries;
  readonly channels: Channels;
  /** Where one alarm is acknowledged by whoever got this delivery. */
  readonly acknowledgeUrl: (alarmId: string, deliveryId: string) => Promise<string | undefined>;
  readonly consoleUrl: string | undefined;
}

/** On the way at the same time over one channel. */
const AT_ONCE = 16;

/** Sends what is due on one channel; each channel has its own, so that one that hangs holds up no other. */
export function createDispatcher(deps: DispatcherDeps, name: ChannelName) {
  const { clock, deliveries, channels } = deps;
  const stopping = new AbortController();
  return {
    /** Answers how many it tried. */
    async tick(): Promise<number> {
      if (!channels[name].isSetUp || stopping.signal.aborted) return 0;
      const claimed = await deliveries.claim(name, clock.now(), AT_ONCE);
      await Promise.all(claimed.map((each) => attempt(deps, each, stopping.signal)));
      return claimed.length;
    },
    stop(): void {
      stopping.abort();
    },
  };
}

async function attempt(deps: DispatcherDeps, claimed: Claimed, signal: AbortSignal): Promise<void> {
  const { clock, deliveries, channels, log } = deps;
  const channel = channels[claimed.channel];
  const result = await sendOne(deps, claimed, signal);
  const nowMs = clock.now();
  if ("why" in result)
    log.warn(
      {
        deliveryId: claimed.id,
        channel: claimed.channel,
        attempt: claimed.attempt,
        outcome: result.outcome,
      },
      "a message did not go out",
    );
  await deliveries.finish(claimed, {
    result,
    nowMs,
    nextAtMs: nextAttempt(deps, claimed, result, nowMs),
    costMicros: "units" in result ? result.units * channel.unitCostMicros : 0,
  });
}

async function sendOne(
  deps: DispatcherDeps,
  claimed: Claimed,
  signal: AbortSignal,
): Promise<SendResult> {
  try {
    const outgoing = await outgoingOf(deps, claimed, signal);
    if (outgoing === undefined) return { outcome: "refused", why: "it tells of nothing any more" };
    return await deps.channels[claimed.channel].send(outgoing);
  } catch (error) {
    return { outcome: "retry", why: error instanceof Error ? error.message : String(error) };
  }
}

function nextAttempt(
  { random }: DispatcherDeps,
  { channel, attempt: attempts }: Claimed,
  result: SendResult,
  nowMs: number,
): number | undefined {
  if (result.outcome !== "retry" || attempts >= RETRIES[channel].attemptsMax) return undefined;
  return nowMs + backoffMs(RETRIES[channel], attempts, random);
}

async function outgoingOf(
  deps: DispatcherDeps,
  claimed: Claimed,
  signal: AbortSignal,
): Promise<Outgoing | undefined> {
  const isMachine = claimed.channel === "webhook" || claimed.channel === "mqtt";
  const items = await deps.deliveries.items(claimed.id, isMachine ? MACHINE_ITEMS_MAX : LISTED_MAX);
  const [first, ...more] = items;
  if (first === undefined) return undefined;
  const { id, target, recipientId, isUrgent, customerId, attempt: number } = claimed;
  return {
    ...{ deliveryId: id, target, recipientId, isUrgent, customerId, signal, attempt: number },
    message: await messageOf(deps, claimed, [first, ...more]),
    event: eventOf(items),
  };
}

async function messageOf(
  { deliveries, acknowledgeUrl, consoleUrl }: DispatcherDeps,
  claimed: Claimed,
  [first, ...more]: readonly [DeliveredItem, ...DeliveredItem[]],
): Promise<Message> {
  const { alarmId, kind } = first.occasion;
  const isToAnswer = claimed.items === 1 && alarmId !== null && kind !== "cleared";
  return render({
    language: claimed.language,
    timeZone: await deliveries.timeZoneOf(claimed),
    items: [itemOf(first), ...more.map(itemOf)],
    total: claimed.items,
    acknowledgeUrl: isToAnswer ? await acknowledgeUrl(alarmId, claimed.id) : undefined,
    consoleUrl,
  });
}

const itemOf = ({ occasion, place }: DeliveredItem): TemplateItem => ({
  kind: occasion.kind,
  title: occasion.title,
  severity: occasion.severity,
  isDrill: occasion.isDrill,
  place,
  atMs: occasion.atMs,
});

/** The same at every attempt: under one id there is one content. */
const eventOf = (items: readonly DeliveredItem[]): MachineEvent => ({
  type: "alarms",
  timestamp: new Date(Math.max(...items.map(({ occasion }) => occasion.atMs))).toISOString(),
  data: {
    alarms: items.map(({ occasion }) => ({
      notificationId: occasion.id,
      kind: occasion.kind,
      alarmId: occasion.alarmId,
      customerId: occasion.customerId,
      address: occasion.address,
      assetId: occasion.assetId,
      severity: occasion.severity,
      isDrill: occasion.isDrill,
      title: occasion.title,
      at: new Date(occasion.atMs).toISOString(),
    })),
  },
});
