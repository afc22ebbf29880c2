import { connect, type Socket } from "node:net";
import mqtt from "mqtt";
import { silentLog } from "../../base/log.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import type { Identity } from "../../broker/acl.ts";
import type { Keys } from "../../broker/members.ts";
import { startBroker } from "../../broker/start-broker.ts";
import { oddText, oneOf } from "./odd-values.ts";
import { joined, randomBytes, spoil } from "./spoil.ts";
import { unwatched } from "./watch.ts";

const EVIL = "gw-evil";
const HONEST = "gw-1";
const TOPIC = `hopline/v1/up/0/${HONEST}`;
/** The secret of an API key of customer c1, which is as free with what it writes. */
const KEY = "key-of-c1";
const THEIRS = "hopline/v1/customer/c1/5/position";
const OTHERS = "hopline/v1/customer/c2/5/position";
const SECRET = "whereabouts of c2";
const ANSWER_MS_MAX = 30_000;
const utf8 = new TextEncoder();

const IDENTITIES: Readonly<Record<string, Identity>> = {
  [EVIL]: { kind: "gateway", gatewayId: EVIL },
  [HONEST]: { kind: "gateway", gatewayId: HONEST },
  network: { kind: "network" },
};

const KEY_IDENTITY: Identity = { kind: "customer", keyId: "k1", customerIds: ["c1"] };
/** The key is taken away, widened and given back again all the time. */
function changingKeys(): Keys {
  const states = [
    new Map(),
    new Map([["k1", KEY_IDENTITY]]),
    new Map([["k1", { ...KEY_IDENTITY, customerIds: ["c1", "c3"] }]]),
  ];
  let asked = 0;
  return {
    find: async (secret) => (secret === KEY ? KEY_IDENTITY : undefined),
    current: async () => states[asked++ % states.length] ?? new Map(),
  };
}

/** Bytes of MQTT 3.1.1, sound and broken, on connections of a gateway and of a customer's key that have a right name and secret. */
export async function attackBroker(seed: string, connections: number, watch = unwatched) {
  const random = seededRandom(`mqtt ${seed}`);
  const broker = await startBroker(
    {
      ...{ host: "127.0.0.1", port: 0 },
      authenticate: (_id, username) => IDENTITIES[username ?? ""],
      ...{ keys: changingKeys(), limits: { keysAskedEveryMs: 20 } },
    },
    silentLog,
  );
  const login = (username: string) =>
    mqtt.connectAsync(broker.url, { username, password: "x", reconnectPeriod: 0 });
  const network = await login("network");
  const heard: string[] = [];
  network.on("message", (topic, payload) => {
    heard.push(`${topic} ${new TextDecoder().decode(payload).slice(0, 40)}`);
  });
  await network.subscribeAsync("hopline/v1/up/+/+", { qos: 1 });
  const honest = await login(HONEST);
  const sent: string[] = [];
  const told = { own: 0, others: 0 };
  await watch(async () => {
    for (let n = 0; n < connections; n++) {
      const evil = await misbehave(broker.port, random, (text) => {
        if (text.includes(THEIRS)) told.own += 1;
        if (text.includes(SECRET)) told.others += 1;
      });
      await network.publishAsync(OTHERS, SECRET, { qos: 0 });
      await network.publishAsync(THEIRS, `${n}`, { qos: 0 });
      await honest.publishAsync(TOPIC, `${n}`, { qos: 1 });
      sent.push(`${TOPIC} ${n}`);
      evil.leave();
      await evil.ended;
    }
  });
  await network.endAsync();
  await honest.endAsync();
  const counters = structuredClone(broker.counters);
  await broker.stop();
  const fromHonest = heard.filter((line) => line.startsWith(TOPIC));
  const strangers = heard.filter((line) => !/^hopline\/v1\/up\/[^/]*\/gw-(1|evil) /.test(line));
  return {
    counters,
    sent,
    fromHonest,
    strangers,
    told,
    fromEvil: heard.length - fromHonest.length,
  };
}

/** One connection that has been let in, most of the time, and has written all that it will. */
async function misbehave(port: number, random: Random, hear: (text: string) => void) {
  const socket = connect({ port, host: "127.0.0.1" });
  const ended = new Promise<void>((resolve, reject) => {
    socket.setTimeout(ANSWER_MS_MAX, () => {
      reject(new Error("the broker does not let a client go"));
      socket.destroy();
    });
    socket.on("error", () => undefined); // a reset is a way to hang up, and close follows
    socket.on("close", () => {
      resolve();
    });
  });
  const answered = () =>
    new Promise<void>((resolve) => {
      socket.once("data", () => {
        resolve();
      });
    });
  socket.on("data", (bytes) => {
    hear(bytes.toString("latin1"));
  });
  if (random.next() < 0.9) {
    const isKey = random.next() < 0.4;
    write(socket, connectPacket(random, isKey ? "customer" : EVIL), random);
    await Promise.race([answered(), ended]);
    if (isKey) {
      socket.write(packet(0x82, joined(Uint8Array.of(0, 1), text(THEIRS), Uint8Array.of(0))));
      await Promise.race([answered(), ended]);
    }
  }
  for (let n = randomInteger(random, 12); n > 0; n--) write(socket, hostilePacket(random), random);
  return { ended, leave: () => void socket.end() };
}

function write(socket: Socket, bytes: Uint8Array, random: Random): void {
  const cut = random.next() < 0.2 ? randomInteger(random, bytes.length + 1) : bytes.length;
  socket.write(bytes.slice(0, cut));
  socket.write(bytes.slice(cut));
}

function hostilePacket(random: Random): Uint8Array {
  const sound = oneOf(random, [publish, publish, publish, subscribe, subscribe, plain])(random);
  const chance = random.next();
  if (chance < 0.75) return sound;
  if (chance < 0.9) return spoil(random, sound, subscribe(random));
  if (chance < 0.95) return randomBytes(random, randomInteger(random, 300));
  return connectPacket(random, random.next() < 0.3 ? EVIL : undefined); // a second one
}

// MQTT 3.1.1, written by hand so that no library corrects what is wrong.

function packet(type: number, body: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = body.length;
  do {
    const more = Math.floor(rest / 128);
    length.push((rest % 128) | (more > 0 ? 0x80 : 0));
    rest = more;
  } while (rest > 0);
  return joined(Uint8Array.of(type, ...length), body);
}

function text(value: string): Uint8Array {
  const bytes = utf8.encode(value).slice(0, 0xffff);
  return joined(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

/** A sound one of this user, else an odd one. The key's name is anything: its secret tells who comes. */
function connectPacket(random: Random, user: string | undefined): Uint8Array {
  const isSound = user !== undefined;
  const version = isSound ? 4 : randomInteger(random, 7);
  const flags = isSound ? 0xc2 : randomInteger(random, 256);
  const id = isSound ? "evil" : oddText(random);
  const head = joined(text("MQTT"), Uint8Array.of(version, flags, 0, 60), text(id));
  const will = (flags & 4) === 0 ? [] : [text(topicOf(random)), text(oddText(random))];
  const secret = user === "customer" ? KEY : "x";
  return packet(0x10, joined(head, ...will, text(user ?? oddText(random)), text(secret)));
}

function publish(random: Random): Uint8Array {
  const qos = oneOf(random, [0, 1, 1, 2, 3]);
  const flags = (qos << 1) | (random.next() < 0.3 ? 1 : 0) | (random.next() < 0.1 ? 8 : 0);
  const id = qos === 0 ? new Uint8Array() : randomBytes(random, 2);
  const payload = randomBytes(random, oneOf(random, [0, 1, 40, 40, 3_000]));
  return packet(0x30 | flags, joined(text(topicOf(random)), id, payload));
}

function subscribe(random: Random): Uint8Array {
  const filters = Array.from({ length: randomInteger(random, 4) }, () =>
    joined(text(topicOf(random)), Uint8Array.of(oneOf(random, [0, 1, 2, 3, 255]))),
  );
  return packet(oneOf(random, [0x82, 0x82, 0xa2]), joined(randomBytes(random, 2), ...filters));
}

/** Every other type, with right and wrong flags. */
function plain(random: Random): Uint8Array {
  const type =
    (randomInteger(random, 16) << 4) | oneOf(random, [0, 2, 2, randomInteger(random, 16)]);
  return packet(type, randomBytes(random, oneOf(random, [0, 2, 2, 5])));
}

const CUSTOMERS = [
  ...["hopline/v1/customer/#", "hopline/v1/customer/c1/#", "hopline/v1/customer/c1/+/position"],
  ...[THEIRS, OTHERS],
] as const;
const LEVELS = ["hopline", "v1", "up", "stored", "page", "paged", "gateway", "customer"] as const;

/** Own topics and others', with what a filter may hold and what no topic may. */
function topicOf(random: Random): string {
  const chance = random.next();
  if (chance < 0.35) return `hopline/v1/up/${randomInteger(random, 64)}/${EVIL}`;
  if (chance < 0.5) return `hopline/v1/${oneOf(random, ["gateway", "paged", "stored"])}/${EVIL}`;
  if (chance < 0.6)
    return oneOf(random, [TOPIC, "#", "+/#", "$SYS/#", "hopline/v1/up/+/+", ...CUSTOMERS]);
  const level = () =>
    oneOf(random, [oneOf(random, LEVELS), oddText(random), "+", "#", EVIL, HONEST, "\0", "0"]);
  return Array.from({ length: 1 + randomInteger(random, 14) }, level).join("/");
}
