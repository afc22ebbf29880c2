import { isDeepStrictEqual } from "node:util";
import type { Profile } from "../../domain/devices/profile.ts";
import type { TelemetryValue } from "../../domain/telemetry/telemetry.ts";
import type { SentPacket } from "../../firmware-sim/sent-packet.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { hex } from "../hex.ts";
import { type SessionKnown, sessionKey } from "./page-oracle.ts";
import type { PacketFact, PointFact, ReceptionFact, StoredFacts } from "./stored-facts.ts";

// What the terminals sent and the gateways took, held against what is stored: every field of it, once.

export interface Oracle {
  readonly sent: readonly SentPacket[];
  /** By gateway, outbox and sequence. */
  readonly taken: ReadonlyMap<string, Uplink>;
  /** By address. */
  readonly profileOf: (address: number) => Profile | undefined;
  readonly allowed: Allowed;
}

/** What a disaster may have taken with it. All that is there in spite of it must be right. */
export interface Allowed {
  /** Receptions by place. */
  readonly lost: ReadonlySet<string>;
  /** Points of lost packets that are still there, as `terminal time`. */
  readonly points: ReadonlySet<string>;
  /** Sessions that the terminals still use. */
  readonly sessions: readonly SessionKnown[];
}

export const NOTHING_LOST: Allowed = { lost: new Set(), points: new Set(), sessions: [] };

export interface Comparison {
  readonly receptions: number;
  readonly packets: number;
  readonly reports: number;
  /** Single readings compared, in the packet log, in InfluxDB and in the device's state. */
  readonly values: number;
  readonly points: number;
  /** Packets that no terminal sent: noise that passed its check. */
  readonly noise: number;
  /** Attaches that a later attempt had overtaken. */
  readonly overtaken: number;
  /** Receptions that a disaster took. */
  readonly lost: number;
  /** Packets of sessions that a disaster took: nobody can open them. */
  readonly orphans: number;
  readonly differences: readonly string[];
}

const DIFFERENCES_MAX = 40;
/** From a frame's first bit to its payload's: the headers, and what gateways' clocks are off. */
const TO_PAYLOAD_NS = { least: 400_000_000n, most: 1_100_000_000n };

const RESEND_NS = 60_000_000_000n;
const SAME_TRANSMISSION_NS = 400_000_000n;
const apartNs = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

export function compare(oracle: Oracle, stored: StoredFacts): Comparison {
  const count = {
    receptions: 0,
    packets: 0,
    reports: 0,
    values: 0,
    points: 0,
    noise: 0,
    overtaken: 0,
    lost: 0,
    orphans: 0,
  };
  const differences: string[] = [];
  const differs = (what: string, is: unknown, should: unknown): void => {
    if (differences.length < DIFFERENCES_MAX)
      differences.push(`${what}: ${show(is)} should be ${show(should)}`);
  };
  const same = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should)) differs(what, is, should);
  };

  const receptions = Map.groupBy(stored.receptions, placeOf);
  const packetById = new Map(stored.packets.map((packet) => [packet.id, packet]));
  const receptionsByBytes = new Map<string, ReceptionFact[]>();
  for (const [place, uplink] of oracle.taken) {
    const found = receptions.get(place) ?? [];
    if (found.length === 0 && oracle.allowed.lost.has(place)) {
      count.lost += 1;
      continue;
    }
    same(`${place} is stored`, found.length, 1);
    const [reception] = found;
    if (!reception) continue;
    count.receptions += 1;
    compareReception(place, reception, uplink);
    const bytes = hex(uplink.phyPayload);
    same(`${place} packet`, hexOf(packetById.get(reception.packet_id)?.payload), bytes);
    receptionsByBytes.set(bytes, [...(receptionsByBytes.get(bytes) ?? []), reception]);
  }
  for (const place of receptions.keys())
    if (!oracle.taken.has(place)) differs(`${place} came from nowhere`, true, false);

  function compareReception(place: string, is: ReceptionFact, uplink: Uplink): void {
    const should = {
      modem_id: uplink.modemId,
      received_at_ns: uplink.receivedAtNs,
      rssi_dbm: uplink.rssiDbm ?? null,
      snr_db: uplink.snrDb,
      carrier_hz: uplink.carrierHz,
      fragments_total: uplink.fragmentsTotal,
      fragments_lost: uplink.fragmentsLost,
      clock_state: uplink.clockState,
      clock_error_ns: uplink.clockErrorNs === undefined ? null : BigInt(uplink.clockErrorNs),
    };
    for (const [name, value] of Object.entries(should))
      same(`${place} ${name}`, is[name as keyof typeof should], value);
  }

  const accepted = Map.groupBy(
    stored.packets.filter((packet) => packet.accepted),
    ({ payload }) => hex(payload),
  );
  const usages = Map.groupBy(stored.usages, ({ packet_id }) => packet_id);
  const points = Map.groupBy(stored.points, ({ terminal, timeNs }) => `${terminal} ${timeNs}`);
  const lostSessions = new Set(oracle.allowed.sessions.map(sessionKey));
  const latest = new Map<string, { measuredAtNs: bigint; value: TelemetryValue | null }>();
  const sentByBytes = new Map(
    oracle.sent.filter(({ isResend }) => !isResend).map((packet) => [hex(packet.bytes), packet]),
  );
  const onAir = new Map<string, bigint[]>(); // a resend is the same bytes, and may be all that was heard
  for (const { bytes, startNs } of oracle.sent)
    onAir.set(hex(bytes), [...(onAir.get(hex(bytes)) ?? []), startNs]);
  for (const [bytes, heard] of receptionsByBytes) {
    const packet = sentByBytes.get(bytes);
    const rows = accepted.get(bytes) ?? [];
    if (!packet) {
      count.noise += 1;
      same(`noise ${bytes} is accepted`, rows.length, 0);
      continue;
    }
    const what = `${packet.type} ${packet.address} ${packet.session}/${packet.counter}`;
    const verdicts = heard.map(({ verdict }) => verdict).sort();
    if (packet.type === "attach" && rows.length === 0) {
      count.overtaken += 1; // a later attempt came through first
      same(`${what} verdicts`, new Set(verdicts), new Set(["replay"]));
      continue;
    }
    if (lostSessions.has(`${packet.address} ${packet.session}`) && rows.length === 0) {
      count.orphans += 1;
      same(`${what} verdicts`, new Set(verdicts), new Set(["bad-tag"]));
      continue;
    }
    same(`${what} is stored`, rows.length, 1);
    const [row] = rows;
    if (!row) continue;
    count.packets += 1;
    comparePacket(what, row, packet, heard);
    const firsts = verdicts.filter((verdict) => verdict === "new" || verdict === "late");
    same(`${what} first receptions`, firsts, [row.verdict]);
    const rest = verdicts.filter((verdict) => verdict !== row.verdict);
    const odd = rest.filter((verdict) => verdict !== "copy" && verdict !== "replay");
    same(`${what} other receptions`, odd, []);
    if (packet.type !== "attach") compareResends(what, row, heard);
    if (packet.report) compareReport(what, row, packet);
  }

  function comparePacket(
    what: string,
    row: PacketFact,
    packet: SentPacket,
    heard: readonly ReceptionFact[],
  ): void {
    const isAttach = packet.type === "attach";
    const should = {
      address: BigInt(packet.address),
      session: BigInt(packet.session),
      counter: BigInt(packet.counter),
      type: packet.type,
      drill: false,
      confirm: packet.confirm,
      bytes: packet.bytes.length,
      report: packet.report?.name ?? null,
      report_number: packet.report?.number ?? null,
      plaintext: isAttach ? null : hex(packet.plaintext),
    };
    const is = { ...row, plaintext: hexOf(row.plaintext) };
    for (const [name, value] of Object.entries(should))
      same(`${what} ${name}`, is[name as keyof typeof should], value);
    same(`${what} verdict`, ["new", "late"].includes(row.verdict), true);
    const first = heard.find(({ verdict }) => verdict === row.verdict);
    same(`${what} received`, row.received_at_ns, first?.received_at_ns);
    const onAirNs = (onAir.get(hex(packet.bytes)) ?? []).map((ns) => row.received_at_ns - ns);
    const isThen = onAirNs.some((ns) => ns >= TO_PAYLOAD_NS.least && ns <= TO_PAYLOAD_NS.most);
    same(`${what} received ${onAirNs.join(", ")} ns after it was sent`, isThen, true);
    same(`${what} gateway`, row.gateway_id, first?.gateway_id);

    const metered = usages.get(row.id) ?? [];
    same(`${what} is metered`, metered.length, 1);
    const { kind, bytes, address, measured_at_ns, received_at_ns, late } = metered[0] ?? {};
    same(
      `${what} usage`,
      { kind, bytes, address, measured_at_ns, received_at_ns, late },
      {
        ...{ kind: packet.type, bytes: packet.bytes.length, address: BigInt(packet.address) },
        ...{ measured_at_ns: row.measured_at_ns, received_at_ns: row.received_at_ns },
        late: row.verdict === "late",
      },
    );
  }

  /** What a terminal sends again counts as the same within a minute (domain.md, "Uplink rules"), and as a replay later. */
  function compareResends(what: string, row: PacketFact, heard: readonly ReceptionFact[]): void {
    for (const { verdict, received_at_ns } of heard) {
      const isLate = apartNs(received_at_ns, row.received_at_ns) > RESEND_NS;
      if (verdict === "replay") same(`${what} replay is a late resend`, isLate, true);
      if (verdict !== "copy" || !isLate) continue;
      const isTogether = heard.some(
        (other) =>
          other.verdict === "copy" &&
          apartNs(other.received_at_ns, row.received_at_ns) <= RESEND_NS &&
          apartNs(other.received_at_ns, received_at_ns) <= SAME_TRANSMISSION_NS,
      );
      same(`${what} copy was on the air with another`, isTogether, true);
    }
  }

  function compareReport(what: string, row: PacketFact, packet: SentPacket): void {
    const { report } = packet;
    const profile = oracle.profileOf(packet.address);
    const layout = profile?.reports.find(({ number }) => number === report?.number);
    if (!report || !layout || !profile) {
      differs(`${what} profile`, layout, report?.name);
      return;
    }
    count.reports += 1;
    const measuredNs = row.received_at_ns - ageNs(packet.plaintext);
    const tail = BigInt(packet.counter) % 1_000_000n; // makes it the terminal's only one at this time
    same(`${what} measured`, row.measured_at_ns, measuredNs - (measuredNs % 1_000_000n) + tail);

    const isEmpty = layout.fields.every(({ name }) => (report.values[name] ?? null) === null);
    const key = `${packet.address} ${row.measured_at_ns}`;
    const found = points.get(key) ?? [];
    same(`${what} points`, found.length, isEmpty ? 0 : 1);
    points.delete(key);
    const [point] = found;
    if (point) comparePoint(what, point, profile.name, report.name);
    for (const { name, kind, scale, values } of layout.fields) {
      const was = report.values[name] ?? null;
      const label = kind === "enum" && typeof was === "number" ? (values?.[was] ?? null) : was;
      const logged = row.fields?.[name] ?? null;
      reading(`${what} ${name} in the log`, logged, label, scale);
      if (point) reading(`${what} ${name} in InfluxDB`, point.fields[name] ?? null, label, scale);
      const state = `${packet.address} ${name}`;
      const before = latest.get(state);
      if (!before || before.measuredAtNs < row.measured_at_ns)
        latest.set(state, { measuredAtNs: row.measured_at_ns, value: logged });
    }
    const names = new Set(layout.fields.map(({ name }) => name));
    const more = Object.keys(point?.fields ?? {}).filter((name) => !names.has(name));
    same(`${what} fields that nobody sent`, more, []);
  }

  function comparePoint(what: string, point: PointFact, measurement: string, report: string): void {
    count.points += 1;
    same(`${what} point`, [point.measurement, point.report], [measurement, report]);
  }

  /** A number is what was measured within half a step of its field. */
  function reading(
    what: string,
    is: TelemetryValue | null,
    should: TelemetryValue | null,
    scale: number,
  ): void {
    count.values += 1;
    const near =
      typeof is === "number" &&
      typeof should === "number" &&
      Math.abs(is - should) <= scale * 0.5001;
    if (!near) same(what, is, should);
  }

  for (const [key, { measuredAtNs, value }] of latest) {
    const [address, name = ""] = key.split(" ");
    const state = stored.states.get(Number(address))?.[name];
    count.values += 1;
    same(
      `state ${key}`,
      [state?.value ?? null, state?.measuredAtNs],
      [value, String(measuredAtNs)],
    );
  }
  for (const key of points.keys())
    if (!oracle.allowed.points.has(key)) differs(`point ${key} came from nowhere`, true, false);
  same("accepted packets", sum([...accepted.values()].map((rows) => rows.length)), count.packets);
  same("usage records", stored.usages.length, count.packets);
  const refused = stored.packets.filter((packet) => !packet.accepted);
  const counted = Map.groupBy(refused, ({ gateway_id, verdict }) => `${gateway_id} ${verdict}`);
  same(
    "refusals counted",
    new Map([...stored.refusals].sort()),
    new Map([...counted].map(([key, rows]) => [key, BigInt(rows.length)] as const).sort()),
  );
  compareSessions(stored, accepted, same);
  same("points that wait", stored.waitingPoints, 0);
  same("points refused", stored.refusedPoints, 0);
  return { ...count, differences };
}

/** Air interface, section 4: an aged report says so in its first bit, and its age in steps of 10 s after the first byte. */
function ageNs([first = 0, high = 0, low = 0]: Uint8Array): bigint {
  return first < 0x80 ? 0n : BigInt(high * 256 + low) * 10_000_000_000n;
}

type Same = (what: string, is: unknown, should: unknown) => void;

/** Each session is as far as the highest counter that was accepted in it. */
function compareSessions(
  stored: StoredFacts,
  accepted: ReadonlyMap<string, readonly PacketFact[]>,
  same: Same,
): void {
  const highest = new Map<string, bigint>();
  for (const { type, address, session, counter } of [...accepted.values()].flat()) {
    if (type === "attach") continue;
    const key = `${address} ${session}`;
    const before = highest.get(key) ?? -1n;
    if (counter !== null && counter > before) highest.set(key, counter);
  }
  for (const { address, network_nonce, highest_counter } of stored.sessions) {
    const key = `${address} ${network_nonce}`;
    same(`session ${key} highest`, highest_counter, highest.get(key) ?? -1n);
  }
}

const placeOf = ({ gateway_id, outbox_id, sequence }: ReceptionFact): string =>
  `${gateway_id}/${outbox_id}/${sequence}`;

const hexOf = (bytes: Uint8Array | null | undefined): string | null => (bytes ? hex(bytes) : null);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const show = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : JSON.stringify(value, (_key, each: unknown) => {
        if (typeof each === "bigint") return each.toString();
        return each instanceof Set || each instanceof Map ? [...(each as Iterable<unknown>)] : each;
      });
