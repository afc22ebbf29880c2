import { readdirSync, readFileSync } from "node:fs";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";

export interface FixtureField {
  readonly name: string;
  readonly label: unknown;
  readonly unit?: string;
  readonly kind: string;
  readonly values?: readonly { readonly name: string; readonly label: unknown }[];
}

interface FixtureProfile {
  readonly name: string;
  readonly reports: readonly {
    readonly number: number;
    readonly name: string;
    readonly label: { readonly en: string };
    readonly fields: readonly FixtureField[];
  }[];
  readonly events: readonly {
    readonly label: { readonly en: string };
    readonly report: string;
    readonly field: string;
    readonly equals: unknown;
  }[];
}

const FOLDER = "profiles";

export const PROFILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8")) as FixtureProfile);

/** The profiles as the API shows them: the values of an enum apart from their labels. */
export const profileViews = PROFILES.map((profile) => ({
  ...profile,
  commands: [],
  reports: profile.reports.map((report) => ({
    ...report,
    fields: report.fields.map((field) => ({
      ...field,
      unit: field.unit ?? "",
      ...(field.values === undefined
        ? {}
        : {
            values: field.values.map(({ name }) => name),
            valueLabels: field.values.map(({ label }) => label),
          }),
    })),
  })),
}));

const VERDICTS = ["new", "new", "new", "new", "new", "late", "copy", "replay", "reset-suspected"];
const REFUSED = ["unknown-terminal", "bad-tag", "suspended", "undecodable"];
const GATEWAYS = [
  { id: "gw-lujiazui", name: "Lujiazui", latitude: 31.2397, longitude: 121.4998 },
  { id: "gw-hongkou", name: "Hongkou", latitude: 31.2705, longitude: 121.4822 },
  { id: "gw-xuhui", name: "Xuhui", latitude: 31.1885, longitude: 121.4365 },
  { id: "gw-jingan", name: "Jing'an", latitude: 31.2286, longitude: 121.4485 },
];

/** A whole number from the first to the last. */
const between = (random: Random, first: number, last: number): number =>
  first + randomInteger(random, last - first + 1);

export const iso = (ms: number): string => new Date(ms).toISOString();

function valueOf(field: FixtureField, random: Random): number | boolean | string | null {
  if (field.name === "heading") return between(random, 0, 359);
  if (field.kind === "bool") return random.next() < 0.3;
  if (field.kind === "enum")
    return field.values?.[between(random, 0, field.values.length - 1)]?.name ?? null;
  return random.next() < 0.05 ? null : Math.round(random.next() * 1000) / 10;
}

export interface Fleet {
  readonly terminals: readonly ReturnType<typeof terminal>[];
  readonly packets: readonly ReturnType<typeof packet>[];
  readonly gateways: readonly ReturnType<typeof gateway>[];
  readonly next: (nowMs: number) => ReturnType<typeof packet>;
}

function terminal(index: number, random: Random, nowMs: number) {
  const profile = PROFILES[index % PROFILES.length];
  if (!profile) throw new Error("no profile");
  const isMoving = profile.name === "vehicle" || profile.name === "bus";
  const ageMs =
    index % 23 === 7 ? 90_000_000 * 3 : index % 11 === 3 ? 6_000_000 : random.next() * 400_000;
  const heardAt = index % 37 === 30 ? null : iso(nowMs - ageMs);
  return {
    address: 1_000_000 + index * 7919,
    serial: `HL-${String(100_000 + index * 37)}`,
    name: `${profile.name === "vehicle" ? "Van" : profile.name} ${String(index + 1).padStart(3, "0")}`,
    profile: profile.name,
    lifeCycle: "active",
    latitude: 31.2286 + (random.next() - 0.5) * 0.11,
    longitude: 121.4685 + (random.next() - 0.5) * 0.13,
    measuredAt: heardAt,
    heardAt,
    receivedAt: heardAt,
    batteryPercent: random.next() < 0.4 ? between(random, 20, 100) : null,
    heading: isMoving ? between(random, 0, 359) : null,
    speed: isMoving ? between(random, 1, 60) : null,
    source: isMoving ? "terminal" : "installed",
  };
}

function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[between(random, 0, from.length - 1)];
}

/** How a packet is judged, and what of its sender is then known. */
function judged(of: ReturnType<typeof terminal>, random: Random) {
  const isRefused = random.next() < 0.06;
  const verdict = pick(random, isRefused ? REFUSED : VERDICTS) ?? "new";
  const isUnknown = isRefused && verdict !== "suspended";
  return {
    verdict,
    isUnknown,
    address: verdict === "undecodable" ? null : of.address,
    terminalName: isUnknown ? null : of.name,
    profile: isUnknown ? null : of.profile,
    counter: isUnknown ? null : between(random, 1, 90_000),
  };
}

function packet(id: number, of: ReturnType<typeof terminal>, random: Random, atMs: number) {
  const { isUnknown, ...judgement } = judged(of, random);
  const reports = PROFILES.find(({ name }) => name === judgement.profile)?.reports ?? [];
  const report = pick(random, reports);
  const heard = GATEWAYS.filter(() => random.next() < 0.55);
  const isEmergency = report?.name === "alarm" && random.next() < 0.5;
  return {
    id: String(id),
    ...judgement,
    type: isEmergency ? "emergency" : "report",
    report: report?.name ?? null,
    measuredAt: isUnknown ? null : iso(atMs - 900),
    receivedAt: iso(atMs),
    storedAt: iso(atMs + 340),
    gateways: (heard.length > 0 ? heard : GATEWAYS.slice(0, 1)).map((each) => each.id),
    bestRssiDbm: -137 + between(random, 0, 60),
    bestSnrDb: -18 + between(random, 0, 120) / 4,
    bytes: between(random, 22, 58),
    fields: Object.fromEntries(
      (report?.fields ?? []).map((field) => [field.name, valueOf(field, random)]),
    ),
    drill: random.next() < 0.02,
  };
}

function gateway(index: number, nowMs: number) {
  const base = GATEWAYS[index] ?? {
    id: `gw-${index}`,
    name: `gw-${index}`,
    latitude: 31.2,
    longitude: 121.4,
  };
  const isOnline = index !== 2;
  return {
    ...base,
    online: isOnline,
    since: iso(nowMs - (isOnline ? 86_400_000 * 3 : 2_400_000)),
    seenAt: iso(nowMs - (isOnline ? 12_000 : 2_400_000)),
    modems: Array.from({ length: index === 0 ? 2 : 1 }, (_, modem) => ({
      id: `00a1b2c3d4e5f60${index}${modem}`.slice(-16),
      name: `modem-${modem + 1}`,
      connected: isOnline && !(index === 0 && modem === 1),
      clockState: index === 3 ? 1 : 2,
      clockErrorNs: index === 3 ? 48_000 : 120 + index * 40,
      headersFound: 48_211 + index * 9_000,
      overruns: index === 3 ? 17 : 0,
      badFrames: index === 1 ? 3 : 0,
      temperatureC: 36 + index * 4,
      uptimeS: 261_000 + index * 1000,
      firmware: "1.4.2",
    })),
    counters: {
      headers: 48_211,
      packets: 15_902,
      packetsStored: 15_900,
      outboxRows: isOnline ? 0 : 412,
      outboxFull: 0,
    },
    packetsLastHour: isOnline ? 431 + index * 57 : 0,
  };
}

/** A fleet and its packets from a seed: the same at every start, but for the time of day. */
export function createFleet(terminals: number, packets: number, nowMs: number): Fleet {
  const random = seededRandom(`console ${terminals}`);
  const fleet = Array.from({ length: terminals }, (_, index) => terminal(index, random, nowMs));
  let id = packets;
  const anyone = () => fleet[between(random, 0, fleet.length - 1)];
  const one = (packetId: number, atMs: number) => {
    const sender = anyone();
    if (!sender) throw new Error("an empty fleet sends nothing");
    return packet(packetId, sender, random, atMs);
  };
  return {
    terminals: fleet,
    packets: Array.from({ length: packets }, (_, index) =>
      one(packets - index, nowMs - index * 7_000),
    ),
    gateways: terminals === 0 ? [] : GATEWAYS.map((_, index) => gateway(index, nowMs)),
    next: (atMs) => one(++id, atMs),
  };
}
