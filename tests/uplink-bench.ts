import { type FakeClock, fakeClock } from "../base/clock.ts";
import { type Log, silentLog } from "../base/log.ts";
import type { AlertJudge } from "../domain/alerting/alert-judge.ts";
import type { Db, LifeCycle } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { createTerminals } from "../domain/devices/terminals-postgres.ts";
import { uplinkWriterPostgres } from "../domain/packets/uplink-commit-postgres.ts";
import { uplinkReaderPostgres } from "../domain/packets/uplink-load-postgres.ts";
import type { CommitStep } from "../domain/packets/uplink-store.ts";
import type { TelemetryWriter } from "../domain/telemetry/telemetry.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import type { ReportProfile } from "../network/report.ts";
import { createTerminalKeys } from "../network/terminal-keys.ts";
import { createUplinks } from "../network/uplinks.ts";
import type { Uplink } from "../protocol/messages.ts";
import { attachKey, sessionKeys } from "../protocol/packet/keys.ts";
import { encodeAttach, type PacketType, sealPacket } from "../protocol/packet/packet.ts";
import { encodeReport, type ReportField } from "../protocol/report/report.ts";

const field = (name: string, rest: Partial<ReportField>): ReportField => ({
  name,
  bits: 8,
  kind: "uint",
  scale: 1,
  offset: 0,
  unit: "",
  notAvailable: null,
  ...rest,
});

const LATITUDE = field("latitude", {
  bits: 24,
  kind: "int",
  scale: 90 / 2 ** 23,
  notAvailable: -(2 ** 23),
});
const LONGITUDE = field("longitude", {
  bits: 25,
  kind: "int",
  scale: 180 / 2 ** 24,
  notAvailable: -(2 ** 24),
});

/** A profile of the tests' own, so that they do not follow those that ship. */
export const CAR: ReportProfile = {
  name: "vehicle",
  number: 1,
  positionFields: { latitude: "latitude", longitude: "longitude" },
  reports: [
    {
      number: 1,
      name: "position",
      fields: [LATITUDE, LONGITUDE, field("speed", { unit: "km/h", notAvailable: 255 })],
    },
    {
      number: 2,
      name: "state",
      fields: [
        field("ignition", { bits: 1, kind: "bool" }),
        field("door", { bits: 2, kind: "enum", values: ["open", "shut"] }),
      ],
    },
  ],
};

export const SECOND_NS = 1_000_000_000n;
export const KEY_SEAL_KEY = new Uint8Array(32).fill(9);
const seal = createKeySeal(KEY_SEAL_KEY);
export const rootKeyOf = (address: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => (address + at * 7) & 0xff);

/** What tests of the head end need: real packets in, the real shell and database behind. */
export function uplinkBench(
  db: Db,
  more: {
    faultPoint?: (step: CommitStep) => void;
    clock?: FakeClock;
    telemetry?: TelemetryWriter;
    alerts?: AlertJudge;
    log?: Log;
  } = {},
) {
  const clock = more.clock ?? fakeClock();
  let nonce = 1000;
  const reader = uplinkReaderPostgres(db);
  const start = () =>
    createUplinks({
      clock,
      log: more.log ?? silentLog,
      reader: uplinkReaderPostgres(db),
      writer: uplinkWriterPostgres({
        db,
        telemetry: more.telemetry ?? telemetryPostgres(db),
        faultPoint: more.faultPoint ?? (() => undefined),
        alerts: more.alerts,
      }),
      keys: createTerminalKeys(seal),
      profileOf: (name) => (name === CAR.name ? CAR : undefined),
      makeNetworkNonce: () => ++nonce,
    });
  let sequence = 0n;
  const nowNs = () => BigInt(clock.now()) * 1_000_000n;

  return {
    clock,
    reader,
    nowNs,
    uplinks: start(),
    /** As after a restart: nothing is remembered. */
    restart: start,

    async enrol(
      address: number,
      lifeCycle: LifeCycle = "active",
      customerId: string | null = null,
    ) {
      const terminal = {
        address,
        serial: `HL${address}`,
        rootKey: rootKeyOf(address),
        profile: CAR.name,
        name: `Car ${address}`,
        latitude: null,
        longitude: null,
        lifeCycle,
      };
      await createTerminals({ db, seal }).enrol([terminal]);
      if (customerId !== null) await this.assigned(address, customerId);
    },

    /** The terminal is this customer's over [from, to), on an asset of its own. */
    async assigned(address: number, customerId: string, fromNs = 0n, toNs: bigint | null = null) {
      const id = `${address}.${customerId}.${String(fromNs)}`;
      await db
        .insertInto("asset")
        .values({
          id,
          customer_id: customerId,
          kind: "vehicle",
          name: `Car ${address}`,
          note: "",
          created_at: new Date(clock.now()),
          version: 1,
        })
        .execute();
      await db
        .insertInto("assignment")
        .values({
          id,
          address,
          asset_id: id,
          customer_id: customerId,
          from_ns: fromNs,
          to_ns: toNs,
          reason: "",
        })
        .execute();
    },

    /** A session that a packet has proved, without the packets. */
    async attached(address: number, networkNonce = 77, highest = -1) {
      await db
        .insertInto("session")
        .values({
          address,
          network_nonce: networkNonce,
          attach_nonce: 1,
          state: "proven",
          highest_counter: highest,
          next_down_counter: 0,
          next_page_sequence: 0,
          created_at: new Date(clock.now()),
          proven_at: new Date(clock.now()),
          former_at: null,
        })
        .execute();
      await db
        .updateTable("terminal")
        .set({ last_attach_nonce: 1 })
        .where("address", "=", BigInt(address))
        .execute();
    },

    uplink: (phyPayload: Uint8Array, rest: Partial<Uplink> = {}): Uplink => {
      sequence += 1n;
      return {
        gatewayId: "gateway-1",
        modemId: "00".repeat(8),
        outboxId: "ab".repeat(16),
        sequence,
        backfilled: false,
        receivedAtNs: nowNs(),
        phyPayload,
        carrierHz: 868_130_000,
        rssiDbm: -100,
        snrDb: 7,
        codingRate: 3,
        hopSequenceId: 5,
        fragmentsTotal: 12,
        fragmentsLost: 0,
        clockState: 2,
        clockErrorNs: 100,
        ...rest,
      };
    },
  };
}

export interface SealOptions {
  readonly type?: PacketType;
  readonly confirm?: boolean;
  readonly drill?: boolean;
  readonly networkNonce?: number;
  readonly attachNonce?: number;
  readonly plaintext?: Uint8Array;
  readonly ack?: { pageSequence: number; result: number };
}

export function sealed(address: number, counter: number, options: SealOptions = {}): Uint8Array {
  const {
    type = "report",
    confirm = false,
    drill = false,
    networkNonce = 77,
    attachNonce = 1,
    ack,
  } = options;
  return sealPacket({
    type,
    confirm,
    drill,
    ack,
    address,
    counter,
    session: networkNonce,
    key: sessionKeys(rootKeyOf(address), address, attachNonce, networkNonce).up,
    plaintext:
      options.plaintext ??
      (type === "report" || type === "emergency" ? positionReport() : new Uint8Array()),
  });
}

export const positionReport = (
  latitude: number | null = 31.2,
  longitude: number | null = 121.5,
  speed: number | null = 40,
  ageS: number | null = null,
) => encodeReport(1, ageS, CAR.reports[0]?.fields ?? [], { latitude, longitude, speed });

export const stateReport = (ignition: boolean, door: number, ageS: number | null = null) =>
  encodeReport(2, ageS, CAR.reports[1]?.fields ?? [], { ignition, door });

export const sealedAttach = (
  address: number,
  attachNonce: number,
  firmwareVersion = 3,
): Uint8Array =>
  sealPacket({
    type: "attach",
    confirm: false,
    drill: false,
    address,
    counter: attachNonce,
    session: 0,
    key: attachKey(rootKeyOf(address), address),
    plaintext: encodeAttach({
      profileNumber: 1,
      hardwareVersion: 2,
      firmwareVersion,
      batteryPercent: 80,
    }),
  });
