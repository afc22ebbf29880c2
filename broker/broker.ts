import { Aedes } from "aedes";
import { every } from "../base/every.ts";
import { grantsOf, type Identity, isAsWide, keyIdOf, mayReceive, nameOf } from "./acl.ts";
import { admit, preConnect } from "./admission.ts";
import type { BrokerCounters, BrokerDeps, Keys, Parts } from "./members.ts";
import { authorizePublish, authorizeSubscribe, releaseDue } from "./traffic.ts";

const RELEASE_MS = 20;
/** For so long a key is trusted while nobody can say whether it still holds. */
const KEYS_UNKNOWN_MAX_MS = 30_000;

export interface Broker {
  readonly aedes: Aedes;
  readonly counters: BrokerCounters;
  /** Cuts off everybody of whom this is true and answers how many: whose secret was taken back, say. */
  drop(isGone: (identity: Identity) => boolean): number;
  stop(): Promise<void>;
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
