import { type Duplex, duplexPair } from "node:stream";
import { type Random, randomInteger } from "../../base/random.ts";
import { capturesOf, headersOf, type OnAir, onAir } from "../../gateway/test-air.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import {
  CAPTURE_STATUSES,
  type CollectFrame,
  type HelloFrame,
  type LineFrame,
  type ModemFrame,
  PAGED_STATUSES,
  type StatusFrame,
} from "../../protocol/modem/line-frame.ts";
import { hex } from "../hex.ts";
import { oneOf } from "./odd-values.ts";
import { joined, randomBytes } from "./spoil.ts";

const AIRS_KEPT_MAX = 200;
const TOKENS_KEPT_MAX = 50;

export type HostileModem = ReturnType<typeof createHostileModem>;

/** Keeps to the line's rules as far as it must to be listened to, and lies about what was on the air. */
export function createHostileModem(random: Random, nowMs: () => number) {
  let line: Duplex | undefined;
  let dialled = 0;
  let nextHeaderToken = 1;
  const tokens: number[] = [];
  const airs = new Map<number, OnAir>();
  const told = new Set<string>();

  function hear(frame: LineFrame): void {
    const { name, token } = frame;
    tokens.push(token);
    tokens.splice(0, tokens.length - TOKENS_KEPT_MAX);
    if (name === "hello?") say([{ ...HELLO, token, ...(random.next() < 0.1 && ODD_HELLO) }]);
    if (name === "config") say(configAnswer(token));
    if (name === "collect") say(collectAnswer(frame));
    if (name === "page" && random.next() < 0.7) {
      const status = PAGED_STATUSES[randomInteger(random, PAGED_STATUSES.length)] ?? "sent";
      say([{ name: "paged", token, status, firstPreambleBitAtNs: 1n << 60n }]);
    }
  }

  function configAnswer(token: number): ModemFrame[] {
    if (random.next() < 0.1) return []; // it is asked again
    if (random.next() < 0.1)
      return [{ name: "refused", token, refusedType: 0x82, reason: "bad-value" }];
    return [{ ...STATUS, token, clock: oneOf(random, ["free", "holdover", "locked"]) }];
  }

  /** What was on the air, or what was not: too much, too little, twice, cut, late, never ended. */
  function collectAnswer(collect: CollectFrame): ModemFrame[] {
    const air = airs.get(collect.headerToken);
    const sound = capturesOf(air ? [air] : [], collect);
    if (random.next() < 0.5) return sound;
    return sound.flatMap((frame) => {
      const chance = random.next();
      if (chance < 0.7 || frame.name !== "capture") return chance < 0.9 ? [frame] : [];
      if (chance < 0.78) return [frame, frame];
      if (chance < 0.86) return [{ ...frame, softBits: frame.softBits.slice(0, 3) }];
      const status = CAPTURE_STATUSES[randomInteger(random, CAPTURE_STATUSES.length)] ?? "nothing";
      return [{ ...frame, status, softBits: status === "heard" ? frame.softBits : NOTHING }];
    });
  }

  function say(frames: readonly ModemFrame[]): void {
    if (frames.length > 0) write(joined(...frames.map(encodeLineFrame)));
  }

  function write(bytes: Uint8Array): void {
    if (line && !line.destroyed) line.write(bytes);
  }

  return {
    tokens,
    /** Payloads that were truly on the air, in hexadecimal. */
    told,
    status: STATUS,
    dials: () => dialled,
    write,

    dial: async (): Promise<Duplex> => {
      dialled += 1;
      if (random.next() < 0.1) throw new Error("nobody listens");
      const [ours, theirs] = duplexPair();
      line = ours;
      const deframer = new Deframer("modem");
      ours.on("error", () => undefined);
      ours.on("data", (chunk: Uint8Array) => {
        for (const decoded of deframer.push(chunk)) if (decoded.ok) hear(decoded.frame);
      });
      return theirs;
    },

    /** HEADERs of one packet, all or some, clean or drowned; at its time, or at any other. */
    burst(): Uint8Array {
      const isNow = random.next() < 0.7;
      const wild = BigInt(randomInteger(random, 2 ** 32)) * BigInt(randomInteger(random, 2 ** 32));
      const payload = randomBytes(random, 1 + randomInteger(random, 40));
      const air = onAir(payload, {
        hopSequenceId: randomInteger(random, 384),
        headerCount: oneOf(random, [1, 2, 3, 4]),
        startNs: isNow ? BigInt(nowMs()) * 1_000_000n : wild,
        driftUnits: oneOf(random, [0, 0, 40, -40, 20_000, -20_000]),
      });
      told.add(hex(payload));
      const first = nextHeaderToken;
      nextHeaderToken = 1 + ((nextHeaderToken + 4) % 0xfff0);
      const headers = headersOf(air, first).map((header) => {
        airs.set(header.token, air);
        if (airs.size > AIRS_KEPT_MAX) airs.delete(airs.keys().next().value ?? 0);
        const level = oneOf(random, [1, 1, 0.5, 0]);
        const softBits = header.softBits.map((bit) =>
          random.next() < 0.3 ? Math.round(bit * level) : bit,
        );
        const carrierUnits = Math.max(-0x8000, Math.min(0x7fff, header.carrierUnits));
        return encodeLineFrame({ ...header, carrierUnits, softBits });
      });
      return joined(...headers.filter(() => random.next() < 0.8));
    },
  };
}

const NOTHING = new Int8Array();
const HELLO: HelloFrame = {
  ...{ name: "hello", token: 1, protocolVersion: 1, modemId: "0011223344556677", capabilities: 7 },
  ...{ ringBufferS: 10, concurrentCollects: 8, concurrentPages: 1, firmware: "hostile" },
};
/** Of another version, or one that can do nothing, or says so. */
const ODD_HELLO = { protocolVersion: 9, concurrentCollects: 0, concurrentPages: 255 };
const STATUS: StatusFrame = {
  ...{ name: "status", token: 1, nowNs: 0n, uptimeS: 1, temperatureC: 20, clock: "locked" },
  ...{ clockErrorNs: 50, headersFound: 0, overruns: 0, badFramesFromHost: 0 },
};
