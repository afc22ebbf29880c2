import { Aedes, type AedesOptions, type AuthenticateError, type Client } from "aedes";
import type { Clock } from "../base/clock.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import {
  type Grants,
  grantsOf,
  type Identity,
  isAsWide,
  keyIdOf,
  mayPublish,
  mayReceive,
  mayRetain,
  maySubscribe,
  nameOf,
  sameIdentity,
} from "./acl.ts";
import { type Pace, pace, type RateLimit } from "./rate-limit.ts";

export interface BrokerLimits {
  readonly connectionsMax: number;
  readonly connectionsPerIdentityMax: number;
  readonly packetBytesMax: number;
  readonly clientIdBytesMax: number;
  readonly topicBytesMax: number;
  readonly topicLevelsMax: number;
  readonly subscriptionsPerClientMax: number;
  readonly publishes: RateLimit;
  /** How often it is asked what a key that is connected may still hear. */
  readonly keysAskedEveryMs: number;
}

export const BROKER_LIMITS: BrokerLimits = {
  connectionsMax: 10_000,
  connectionsPerIdentityMax: 20,
  packetBytesMax: 262_144, // a gateway's state with many modems, or 64 k of receipts, is far below
  clientIdBytesMax: 128,
  topicBytesMax: 256,
  topicLevelsMax: 12,
  subscriptionsPerClientMax: 100,
  publishes: { perSecond: 2000, burst: 4000 },
  keysAskedEveryMs: 2_000,
};

export type Authenticate = (
  clientId: string,
  username: string | undefined,
  password: string | undefined,
) => Identity | undefined | Promise<Identity | undefined>;

/** API keys as the broker asks for them. */
export interface Keys {
  find(secret: string): Promise<Identity | undefined>;
  /** Of keys found before: who they are now; one that is over is missing. */
  current(keyIds: readonly string[]): Promise<ReadonlyMap<string, Identity>>;
}

export interface BrokerCounters {
  refusedConnections: number;
  refusedPublishes: number;
  refusedSubscriptions: number;
  refusedPackets: number;
  slowedPublishes: number;
}

/** Where a test may stop the process: no message of a client may be lost for good by it, or change what is stored. */
export const BROKER_STEPS = ["publish-allowed", "publish-forwarding", "publish-forwarded"] as const;
export type BrokerStep = (typeof BROKER_STEPS)[number];

export interface LiveClient {
  readonly client: Client;
  readonly identity: Identity;
}

/** A client that has proven who it is. */
interface Member {
  readonly identity: Identity;
  readonly grants: Grants;
  readonly filters: Set<string>;
  pace: Pace;
}

interface Waiting {
  readonly client: Client;
  readonly dueMs: number;
  readonly allow: () => void;
}

const RELEASE_MS = 20;
/** For so long a key is trusted while nobody can say whether it still holds. */
const KEYS_UNKNOWN_MAX_MS = 30_000;
const IDENTIFIER_REJECTED = 2; // MQTT 3.1.1, table 3.1
const NOT_AUTHORIZED = 5;
const CLIENT_ID_TAKEN = "client id is taken";
const utf8 = new TextDecoder();
const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

export interface Broker {
  readonly aedes: Aedes;
  readonly counters: BrokerCounters;
  /** Cuts off everybody of whom this is true and answers how many: whose secret was taken back, say. */
  drop(isGone: (identity: Identity) => boolean): number;
  stop(): Promise<void>;
}

export interface BrokerDeps {
  readonly authenticate: Authenticate;
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly faultPoint: (step: BrokerStep) => void;
  /** API keys of customers' own systems, looked at again now and then. */
  readonly keys?: Keys | undefined;
}

interface Parts extends BrokerDeps {
  readonly members: WeakMap<Client, Member>;
  readonly wills: WeakMap<Client, { topic: string; retain: boolean }>;
  readonly live: Map<string, LiveClient>;
  readonly waiting: Waiting[];
  readonly counters: BrokerCounters;
}

/** The rules of `acl.ts` and the limits, hung into aedes. Whatever is refused is counted. */
export async function createBroker(deps: BrokerDeps): Promise<Broker> {
  const { limits, log, faultPoint, keys } = deps;
  const counters: BrokerCounters = {
    refusedConnections: 0,
    refusedPublishes: 0,
    refusedSubscriptions: 0,
    refusedPackets: 0,
    slowedPublishes: 0,
  };
  const parts: Parts = {
    ...deps,
    members: new WeakMap(),
    wills: new WeakMap(),
    live: new Map(),
    waiting: [],
    counters,
  };
  const aedes = await Aedes.createBroker({
    connectTimeout: 10_000,
    drainTimeout: 5_000, // a reader that takes nothing for so long holds up everyone: it goes
    queueLimit: 32,
    maxInflightInbound: 32,
    maxClientsIdLength: limits.clientIdBytesMax,
    maxTopicLevels: limits.topicLevelsMax,
    preConnect: preConnect(parts),
    authenticate: admit(parts),
    authorizePublish: authorizePublish(parts),
    authorizeSubscribe: authorizeSubscribe(parts),
    authorizeForward(client, packet) {
      const member = parts.members.get(client);
      if (!member || !mayReceive(member.grants, packet.topic)) return null;
      faultPoint("publish-forwarding");
      return packet;
    },
  });
  follow(aedes, parts);
  const release = every(
    RELEASE_MS,
    async () => {
      releaseDue(parts);
    },
    (error) => {
      log.error({ err: error }, "slowed publish failed");
    },
  );
  const looking = keys && lookAfterKeys(keys, parts);
  return {
    aedes,
    counters,
    drop: (isGone) => cutOff(parts, isGone),
    async stop() {
      await looking?.stop();
      await release.stop();
      await new Promise<void>((resolve) => {
        aedes.close(() => {
          resolve();
        });
      });
    },
  };
}

function cutOff({ live, log }: Parts, isGone: (identity: Identity) => boolean): number {
  const gone = [...live.values()].filter(({ identity }) => isGone(identity));
  for (const { client, identity } of gone) {
    log.info({ clientId: client.id, who: nameOf(identity) }, "client cut off");
    client.conn.destroy();
  }
  return gone.length;
}

function preConnect({ limits, wills }: Parts): NonNullable<AedesOptions["preConnect"]> {
  return (client, packet, done) => {
    // No sessions: a queue for an absent client would grow without bound and pass to whoever takes its id.
    // Gateways keep on disk what is not stored, and send it again.
    packet.clean = true;
    const { will } = packet;
    if (will) wills.set(client, { topic: will.topic, retain: will.retain ?? false });
    const fits = utf8Bytes(packet.clientId) <= limits.clientIdBytesMax;
    done(fits ? null : new Error("client id is too long"), fits);
  };
}

function admit(parts: Parts): NonNullable<AedesOptions["authenticate"]> {
  return (client, username, password, done) => {
    const secret = password && utf8.decode(password);
    void identify(parts, client, username, secret).then((identity) => {
      enter(parts, { client, username, identity }, done);
    });
  };
}

/** Whoever cannot be judged stays outside. */
async function identify(
  { authenticate, log }: Parts,
  client: Client,
  username: string | undefined,
  secret: string | undefined,
): Promise<Identity | undefined> {
  try {
    return await authenticate(client.id, username, secret);
  } catch (error) {
    log.warn({ err: error, clientId: client.id }, "a client could not be judged");
    return undefined;
  }
}

type Entering = {
  readonly client: Client;
  readonly username: string | undefined;
  readonly identity: Identity | undefined;
};
type Entered = Parameters<NonNullable<AedesOptions["authenticate"]>>[3];

function enter(parts: Parts, { client, username, identity }: Entering, done: Entered): void {
  const member = identity && {
    identity,
    grants: grantsOf(identity),
    filters: new Set<string>(),
    pace: { dueMs: 0 },
  };
  const gone = client.closed || client.conn.destroyed;
  const reason = gone
    ? "gone meanwhile"
    : member
      ? refusal(parts, client, member)
      : "bad name or secret";
  if (!member || reason) {
    parts.counters.refusedConnections += 1;
    parts.log.warn({ clientId: client.id, username, reason }, "client refused");
    const returnCode = reason === CLIENT_ID_TAKEN ? IDENTIFIER_REJECTED : NOT_AUTHORIZED;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum: type stripping leaves none of its values
    const error: AuthenticateError = Object.assign(new Error(reason), { returnCode });
    done(error, false);
    return;
  }
  parts.members.set(client, member);
  parts.live.set(client.id, { client, identity: member.identity });
  client.conn.once("close", () => {
    if (parts.live.get(client.id)?.client === client) parts.live.delete(client.id);
  });
  done(null, true);
}

/** Every few seconds: a key that is over ends its connections, and so does one that may hear less than before. */
function lookAfterKeys(keys: Keys, { live, members, clock, limits, log }: Parts) {
  let answeredMs = clock.now();
  const look = async (): Promise<void> => {
    const asked = [...live]; // whoever comes while the answer is on its way was not asked about
    const current = await keys.current(
      asked.flatMap(([, { identity }]) => keyIdOf(identity) ?? []),
    );
    answeredMs = clock.now();
    for (const [clientId, { client, identity }] of asked) {
      if (live.get(clientId)?.client !== client) continue;
      const keyId = keyIdOf(identity);
      const now = keyId === undefined ? identity : current.get(keyId);
      const member = members.get(client);
      if (now === identity || member === undefined) continue;
      if (now === undefined || !isAsWide(now, identity)) {
        log.info({ clientId, who: nameOf(identity) }, "key may hear less: client closed");
        members.delete(client); // from here on it receives nothing more
        client.close();
        continue;
      }
      members.set(client, { ...member, identity: now, grants: grantsOf(now) });
      live.set(clientId, { client, identity: now });
    }
  };
  return every(limits.keysAskedEveryMs, look, (error) => {
    log.warn({ err: error }, "it is not known which keys still hold");
    if (clock.now() - answeredMs < KEYS_UNKNOWN_MAX_MS) return;
    for (const { client, identity } of live.values())
      if (keyIdOf(identity) !== undefined) client.close();
  });
}

/** Why a client that has proven its name may still not come in. */
function refusal({ wills, live, limits }: Parts, client: Client, member: Member) {
  const will = wills.get(client);
  if (will && !publishAllowed(limits, member, will.topic, will.retain))
    return "will is not allowed";
  const holder = live.get(client.id);
  if (holder && !sameIdentity(holder.identity, member.identity)) return CLIENT_ID_TAKEN;
  const own = [...live.values()].filter((one) => sameIdentity(one.identity, member.identity));
  const full = !holder && own.length >= limits.connectionsPerIdentityMax;
  return full ? "too many connections" : undefined;
}

const publishAllowed = (
  limits: BrokerLimits,
  { grants }: Member,
  topic: string,
  retain: boolean,
): boolean =>
  utf8Bytes(topic) <= limits.topicBytesMax &&
  mayPublish(grants, topic) &&
  (!retain || mayRetain(grants, topic));

function authorizePublish(parts: Parts): NonNullable<AedesOptions["authorizePublish"]> {
  const { limits, clock, counters, log } = parts;
  return (client, packet, done) => {
    const member = client ? parts.members.get(client) : undefined;
    if (!client || !member || !publishAllowed(limits, member, packet.topic, packet.retain)) {
      counters.refusedPublishes += 1;
      log.warn({ clientId: client?.id, topic: packet.topic.slice(0, 256) }, "publish refused");
      done(new Error("publish refused")); // 3.1.1 has no other answer than to close
      return;
    }
    const nowMs = clock.steadyMs();
    const step = pace(limits.publishes, member.pace, nowMs);
    member.pace = step.pace;
    parts.faultPoint("publish-allowed");
    if (step.wait === 0 || client.closed) {
      done();
      return;
    }
    counters.slowedPublishes += 1; // aedes reads no more from this client until it is answered
    parts.waiting.push({ client, dueMs: nowMs + step.wait, allow: done });
  };
}

function releaseDue({ waiting, clock }: Parts): void {
  const nowMs = clock.steadyMs();
  for (const one of waiting.splice(0)) {
    if (one.client.closed) continue;
    if (one.dueMs <= nowMs) one.allow();
    else waiting.push(one);
  }
}

function authorizeSubscribe(parts: Parts): NonNullable<AedesOptions["authorizeSubscribe"]> {
  const { limits, counters, log } = parts;
  return (client, subscription, done) => {
    const member = parts.members.get(client);
    const { topic } = subscription;
    const allowed =
      member &&
      utf8Bytes(topic) <= limits.topicBytesMax &&
      maySubscribe(member.grants, topic) &&
      (member.filters.has(topic) || member.filters.size < limits.subscriptionsPerClientMax);
    if (!allowed) {
      counters.refusedSubscriptions += 1;
      log.warn({ clientId: client.id, topic: topic.slice(0, 256) }, "subscription refused");
      done(null, null); // granted 128
      return;
    }
    member.filters.add(topic);
    done(null, subscription);
  };
}

/** Who is connected, and what went wrong. */
function follow(aedes: Aedes, { members, log, faultPoint }: Parts): void {
  aedes.on("client", (client) => {
    const member = members.get(client);
    log.debug({ clientId: client.id, who: member && nameOf(member.identity) }, "client connected");
  });
  aedes.on("publish", (_packet, client) => {
    if (client) faultPoint("publish-forwarded");
  });
  aedes.on("clientDisconnect", (client) => {
    log.debug({ clientId: client.id }, "client gone");
  });
  aedes.on("unsubscribe", (filters, client) => {
    for (const filter of filters) members.get(client)?.filters.delete(filter);
  });
  aedes.on("clientError", (client, error) => {
    log.info({ clientId: client.id, reason: error.message }, "client dropped");
  });
  aedes.on("connectionError", (_client, error) => {
    log.info({ reason: error.message }, "connection dropped");
  });
  const faults: NodeJS.EventEmitter = aedes; // its types leave `error` out; unheard it would end the process
  faults.on("error", (error: unknown) => {
    log.error({ err: error }, "broker fault");
  });
}
