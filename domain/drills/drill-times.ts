import type { ChannelName } from "../notifications/backoff.ts";

/** The way of a drill, in its order; the first three are there where the terminal was asked by a command. */
export const HOPS = [
  "ordered",
  "page-sent",
  "obeyed",
  "measured",
  "gateway",
  "network",
  "alarm",
  "queued",
  "delivered",
  "acknowledged",
] as const;
export type Hop = (typeof HOPS)[number];
/** `waiting`: it may still happen in time. */
export type HopVerdict = "in-time" | "late" | "missing" | "waiting";

export interface HopTime {
  readonly hop: Hop;
  readonly atMs: number | null;
  /** Since what it follows on; null where either did not happen. */
  readonly tookMs: number | null;
  readonly limitMs: number;
  readonly verdict: HopVerdict;
}

export type ContactVerdict = "reached" | "not-reached" | "held-back" | "waiting";

/** Somebody to whom the drill was told. */
export interface ContactTimes {
  readonly kind: "user" | "contact" | "webhook" | "topic";
  readonly id: string;
  /** Of the operator's own. */
  readonly isOfOperator: boolean;
  readonly verdict: ContactVerdict;
  /** The first message that arrived, or where no receipts exist was taken over. */
  readonly reachedAtMs: number | null;
  readonly acknowledgedAtMs: number | null;
  readonly channels: readonly ChannelTimes[];
}

export interface ChannelTimes {
  readonly channel: ChannelName;
  readonly state: DrillDelivery["state"];
  readonly reason: string | null;
  readonly queuedAtMs: number;
  readonly sentAtMs: number | null;
  readonly deliveredAtMs: number | null;
}

/** What is frozen of a terminal's part in a drill. */
export interface MemberTimes {
  readonly hops: readonly HopTime[];
  readonly contacts: readonly ContactTimes[];
  readonly packetId: string | null;
  readonly alarmIds: readonly string[];
  readonly acknowledgedBy: Acknowledger | null;
}

export type Acknowledger = Pick<ContactTimes, "kind" | "id">;

export interface DrillDelivery {
  readonly kind: ContactTimes["kind"];
  readonly id: string;
  readonly isOfOperator: boolean;
  readonly channel: ChannelName;
  readonly state: "waiting" | "sending" | "sent" | "delivered" | "dead" | "suppressed";
  readonly reason: string | null;
  readonly queuedAtMs: number;
  readonly nextAtMs: number;
  readonly sentAtMs: number | null;
  readonly deliveredAtMs: number | null;
}

/** All that was written down of one terminal while the drill ran. */
export interface MemberFacts {
  /** Whether a command asked for it; else somebody on the spot is to call. */
  readonly isAsked: boolean;
  /** When its command was in the queue, approved where that is needed. */
  readonly orderedAtMs: number | null;
  readonly pageSentAtMs: number | null;
  readonly obeyedAtMs: number | null;
  readonly packet: {
    readonly id: string;
    readonly measuredAtMs: number;
    readonly receivedAtMs: number;
    readonly storedAtMs: number;
  } | null;
  readonly alarms: readonly {
    readonly id: string;
    readonly raisedAtMs: number;
    readonly queuedAtMs: number | null;
    readonly acknowledgedAtMs: number | null;
    /** A user's id, or of a contact who pressed a message's link `contact:` before it. */
    readonly acknowledgedBy: string | null;
  }[];
  readonly deliveries: readonly DrillDelivery[];
}

export interface DrillClock {
  readonly startedAtMs: number;
  /** A person has so long to answer. */
  readonly answerMs: number;
  readonly nowMs: number;
  /** What has not happened will not any more. */
  readonly isOver: boolean;
}

type ByPerson = "ordered" | "measured" | "acknowledged";

const S = 1_000;
/** What each hop follows on, and how long it may take after it. */
const WAY: Readonly<Record<Exclude<Hop, ByPerson>, readonly [Hop, number]>> = {
  "page-sent": ["ordered", 60 * S],
  obeyed: ["page-sent", 20 * S],
  gateway: ["measured", 20 * S],
  network: ["gateway", 5 * S],
  alarm: ["network", 2 * S],
  queued: ["alarm", 5 * S],
  delivered: ["queued", 60 * S],
};
const CALLED_AFTER_PAGE_MS = 60 * S;

/** What became of one terminal's part. Pure: the same facts at the same time say the same. */
export function timesOf(facts: MemberFacts, clock: DrillClock): MemberTimes {
  const contacts = contactsOf(facts, clock);
  const at = hopTimes(facts, contacts);
  const hops = facts.isAsked ? HOPS : HOPS.slice(HOPS.indexOf("measured"));
  return {
    hops: hops.map((hop) => hopTime(hop, at, facts.isAsked, clock)),
    contacts,
    packetId: facts.packet?.id ?? null,
    alarmIds: facts.alarms.map(({ id }) => id),
    acknowledgedBy: acknowledgers(facts.alarms)[0] ?? null,
  };
}

/** The first to acknowledge comes first. */
const acknowledgers = (alarms: MemberFacts["alarms"]): readonly Acknowledger[] =>
  alarms
    .flatMap(({ acknowledgedBy: by, acknowledgedAtMs: atMs }) =>
      by === null || atMs === null ? [] : [{ by: acknowledgerOf(by), atMs }],
    )
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ by }) => by);

function acknowledgerOf(by: string): Acknowledger {
  const contact = /^contact:(.*)$/.exec(by)?.[1];
  return contact === undefined ? { kind: "user", id: by } : { kind: "contact", id: contact };
}

/** Whether everything happened, and in time. */
export const isInTime = ({ hops }: Pick<MemberTimes, "hops">): boolean =>
  hops.every(({ verdict }) => verdict === "in-time");

type Times = Readonly<Record<Hop, number | null>>;

function hopTimes(
  { orderedAtMs, pageSentAtMs, obeyedAtMs, packet, alarms }: MemberFacts,
  contacts: readonly ContactTimes[],
): Times {
  return {
    ordered: orderedAtMs,
    "page-sent": pageSentAtMs,
    obeyed: obeyedAtMs,
    measured: packet?.measuredAtMs ?? null,
    gateway: packet?.receivedAtMs ?? null,
    network: packet?.storedAtMs ?? null,
    alarm: first(alarms.map(({ raisedAtMs }) => raisedAtMs)),
    queued: first(alarms.map(({ queuedAtMs }) => queuedAtMs)),
    // a machine that was told has not told anybody yet
    delivered: first(contacts.filter(isPerson).map(({ reachedAtMs }) => reachedAtMs)),
    acknowledged: first(alarms.map(({ acknowledgedAtMs }) => acknowledgedAtMs)),
  };
}

const isPerson = ({ kind }: ContactTimes): boolean => kind === "user" || kind === "contact";

function hopTime(hop: Hop, at: Times, isAsked: boolean, clock: DrillClock): HopTime {
  const [sinceMs, limitMs] = sinceOf(hop, at, isAsked, clock);
  const atMs = at[hop];
  const tookMs = atMs === null || sinceMs === null ? null : Math.max(0, atMs - sinceMs);
  return {
    hop,
    atMs,
    tookMs,
    limitMs,
    verdict: verdictOf({ atMs, tookMs, sinceMs, limitMs }, clock),
  };
}

function sinceOf(
  hop: Hop,
  at: Times,
  isAsked: boolean,
  { startedAtMs, answerMs }: DrillClock,
): readonly [sinceMs: number | null, limitMs: number] {
  if (hop === "ordered") return [startedAtMs, answerMs];
  if (hop === "acknowledged") return [at.queued, answerMs];
  if (hop === "measured")
    return isAsked ? [at["page-sent"], CALLED_AFTER_PAGE_MS] : [startedAtMs, answerMs];
  const [follows, limitMs] = WAY[hop];
  return [at[follows], limitMs];
}

function verdictOf(
  {
    atMs,
    tookMs,
    sinceMs,
    limitMs,
  }: Pick<HopTime, "atMs" | "tookMs" | "limitMs"> & { readonly sinceMs: number | null },
  { nowMs, isOver }: DrillClock,
): HopVerdict {
  if (atMs !== null) return (tookMs ?? 0) <= limitMs ? "in-time" : "late";
  if (isOver) return "missing";
  return sinceMs !== null && nowMs - sinceMs > limitMs ? "missing" : "waiting";
}

function contactsOf({ deliveries, alarms }: MemberFacts, clock: DrillClock): ContactTimes[] {
  const people = Map.groupBy(deliveries, ({ kind, id }) => `${kind}:${id}`);
  const told = [...people.values()].flatMap((own): readonly ContactTimes[] => {
    const [one] = own;
    if (one === undefined) return [];
    const { kind, id, isOfOperator } = one;
    const acknowledgedAtMs = first(
      alarms
        .filter(({ acknowledgedBy: by }) => by !== null && isSame(acknowledgerOf(by), one))
        .map(({ acknowledgedAtMs: atMs }) => atMs),
    );
    const reachedAtMs = first(own.map(arrivedAtMs));
    const isReached = reachedAtMs !== null || acknowledgedAtMs !== null;
    return [
      {
        ...{ kind, id, isOfOperator, reachedAtMs, acknowledgedAtMs },
        verdict: isReached ? "reached" : verdictOfUnreached(own, clock),
        channels: own.map(({ channel, state, reason, queuedAtMs, sentAtMs, deliveredAtMs }) => ({
          ...{ channel, state, reason, queuedAtMs, sentAtMs, deliveredAtMs },
        })),
      },
    ];
  });
  return told.toSorted(byReached);
}

/** Whoever was reached comes in the order of time, and then who was not. */
function byReached(a: ContactTimes, b: ContactTimes): number {
  const never = Number.MAX_SAFE_INTEGER;
  return (a.reachedAtMs ?? never) - (b.reachedAtMs ?? never) || (a.id < b.id ? -1 : 1);
}

const isSame = (a: Acknowledger, b: Acknowledger): boolean => a.kind === b.kind && a.id === b.id;

function verdictOfUnreached(own: readonly DrillDelivery[], clock: DrillClock): ContactVerdict {
  const isOnWay = ({ state }: DrillDelivery): boolean => state === "waiting" || state === "sending";
  const isHeld = (each: DrillDelivery): boolean =>
    each.state === "waiting" && each.nextAtMs - each.queuedAtMs > WAY.delivered[1];
  if (own.some(isHeld)) return "held-back";
  // an SMS whose receipt is still out counts as on its way
  const isComing = own.some((each) => isOnWay(each) || each.state === "sent");
  return isComing && !clock.isOver ? "waiting" : "not-reached";
}

/** Only an SMS is receipted; what else was taken over by the other side has arrived as far as anybody knows. */
function arrivedAtMs({ channel, deliveredAtMs, sentAtMs }: DrillDelivery): number | null {
  return deliveredAtMs ?? (channel === "sms" || channel === "display" ? null : sentAtMs);
}

function first(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
