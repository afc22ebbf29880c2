import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { CollectFrame, ModemFrame } from "../protocol/modem/line-frame.ts";
import { type AssemblyEffect, BURSTS_MAX, BurstAssembly } from "./assembly.ts";
import { Counters } from "./counters.ts";
import { CHANNEL, capturesOf, headersOf, type OnAir, onAir, START_NS } from "./test-air.ts";
import { Tokens } from "./tokens.ts";

const payload = Uint8Array.from({ length: 20 }, (_, i) => i * 11);
const other = Uint8Array.from({ length: 20 }, (_, i) => 200 - i);
const CENTRE_HZ = 868_130_000;

let counters: Counters;
let assembly: BurstAssembly;
beforeEach(() => {
  counters = new Counters();
  assembly = new BurstAssembly(CHANNEL, CENTRE_HZ, new Tokens(), counters);
  assembly.begin({ concurrentCollects: 4, ringBufferS: 10 });
});

const collectsIn = (effects: readonly AssemblyEffect[]): CollectFrame[] =>
  effects.flatMap((e) => (e.type === "send" && e.frame.name === "collect" ? [e.frame] : []));
const packetsIn = (effects: readonly AssemblyEffect[]) =>
  effects.flatMap((effect) => (effect.type === "packet" ? [effect.packet] : []));

function hear(frames: readonly ModemFrame[], nowMs = 0): AssemblyEffect[] {
  return frames.flatMap((frame) => {
    if (frame.name === "header") return assembly.header(frame, nowMs);
    if (frame.name === "capture-end") return assembly.captureEnd(frame.token, nowMs);
    if (frame.name === "capture") assembly.capture(frame);
    return [];
  });
}
const answer = (airs: readonly OnAir[], collects: readonly CollectFrame[], nowMs = 0) =>
  packetsIn(collects.flatMap((collect) => hear(capturesOf(airs, collect), nowMs)));

describe("one frame", () => {
  it("becomes one COLLECT and one packet, its later replicas recognised without decoding", () => {
    const air = onAir(payload, { driftUnits: 37 });
    const collects = collectsIn(hear(headersOf(air, 41)));
    expect(collects).toHaveLength(1);
    expect(collects[0]).toMatchObject({ headerToken: 41 });
    const [packet, ...more] = answer([air], collects);
    expect(more).toEqual([]);
    expect(packet).toMatchObject({
      phyPayload: payload,
      receivedAtNs: START_NS + 3n * 114n * 2_048_000n,
      rssiDbm: -118.5,
      snrDb: 3,
      codingRate: 3,
      hopSequenceId: 5,
      fragmentsTotal: 12,
      fragmentsLost: 0,
    });
    expect(counters.get("replicasRecognised")).toBe(2);
    expect(counters.get("replicasDecoded")).toBe(0);
  });

  it("comes out in every mode, whichever replica is heard first and however it drifts", () => {
    fc.assert(
      fc.property(
        fc.record({
          codingRate: fc.constantFrom<(0 | 1 | 2 | 3)[]>(0, 1, 2, 3),
          headerCount: fc.integer({ min: 1, max: 4 }),
          hopSequenceId: fc.nat(383),
          deviceOffset: fc.integer({ min: -4, max: 3 }),
          driftUnits: fc.integer({ min: -2000, max: 2000 }),
        }),
        fc.uint8Array({ minLength: 5, maxLength: 60 }),
        fc.nat(3),
        (settings, bytes, skip) => {
          const fresh = new BurstAssembly(CHANNEL, CENTRE_HZ, new Tokens(), new Counters());
          assembly = fresh;
          assembly.begin({ concurrentCollects: 1, ringBufferS: 1 });
          const air = onAir(bytes, settings);
          const headers = headersOf(air);
          const heard = headers.slice(Math.min(skip, headers.length - 1));
          const collects = collectsIn(hear(heard));
          expect(collects).toHaveLength(1);
          expect(answer([air], collects).map((packet) => packet.phyPayload)).toEqual([bytes]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("recognises a replica within 2 bits and 2 units, and no further", () => {
    const air = onAir(payload);
    const [first, second] = headersOf(air);
    if (!first || !second) throw new Error("three headers were sent");
    const moved = (ns: bigint, units: number) => ({
      ...second,
      timeNs: second.timeNs + ns,
      carrierUnits: second.carrierUnits + units,
    });
    hear([first, moved(4_096_000n, 2), moved(-4_096_000n, -2)]);
    expect(counters.get("replicasRecognised")).toBe(2);
    expect(collectsIn(hear([moved(4_096_001n, 0)]))).toHaveLength(1);
    expect(collectsIn(hear([moved(0n, -3)]))).toHaveLength(1);
  });

  it("is decoded with what came when its END does not come, and the COLLECT is cancelled", () => {
    const air = onAir(payload);
    const [collect] = collectsIn(hear(headersOf(air), 1000));
    if (!collect) throw new Error("no COLLECT");
    const [, , ...rest] = capturesOf([air], collect);
    hear(rest.filter(({ name }) => name === "capture"));
    const endMs = 1000 + (2 * 114 + 12 * 50) * 2.048; // after the first header
    expect(assembly.tick(endMs + 1900)).toEqual([]);
    const effects = assembly.tick(endMs + 2000);
    expect(packetsIn(effects)).toMatchObject([{ phyPayload: payload, fragmentsLost: 2 }]);
    expect(effects).toContainEqual({
      type: "send",
      frame: { name: "cancel", token: collect.token },
    });
    expect(hear(capturesOf([air], collect))).toEqual([]); // too late: no second packet
  });

  it("is dropped and counted when too much of it is lost", () => {
    const air = onAir(payload, { codingRate: 1, headerCount: 2 });
    const [collect] = collectsIn(hear(headersOf(air)));
    if (!collect) throw new Error("no COLLECT");
    const captures = capturesOf([air], collect).slice(3);
    expect(packetsIn(hear(captures))).toEqual([]);
    expect(counters.get("payloadsUndecodable")).toBe(1);
  });

  it("is dropped and counted when it is too short to hold an address", () => {
    const air = onAir(Uint8Array.of(0, 1, 2, 3));
    expect(answer([air], collectsIn(hear(headersOf(air))))).toEqual([]);
    expect(counters.get("payloadsShort")).toBe(1);
  });

  it("survives whatever a modem captures", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300), fc.nat(60), fc.nat(3)), { maxLength: 30 }),
        (captures) => {
          const [collect] = collectsIn(hear(headersOf(onAir(payload, { startNs: START_NS }))));
          for (const [fragment, bits, status] of captures) {
            const token = collect?.token ?? 77;
            const softBits = new Int8Array(bits).fill(-128);
            const statuses = ["heard", "nothing", "too-late", "overrun"] as const;
            const name = "capture" as const;
            const heard = statuses[status] ?? "heard";
            assembly.capture({ name, token, fragment, status: heard, rssiTenthDbm: 1, softBits });
          }
          assembly.abandon();
        },
      ),
    );
  });
});

describe("false headers", () => {
  it("do not hide a later one that differs at the very same place", () => {
    const air = onAir(payload);
    const longer = onAir(Uint8Array.from({ length: 31 }, (_, i) => i)); // same id: same places
    const [falseHeader] = headersOf(longer);
    const [, second, third] = headersOf(air, 10);
    if (!falseHeader || !second || !third) throw new Error("three headers were sent");
    const collects = collectsIn(hear([falseHeader, second, third]));
    expect(collects.map(({ headerToken }) => headerToken)).toEqual([1, 11]);
    expect(answer([air], collects).map((packet) => packet.phyPayload)).toEqual([payload]);
    expect(counters.get("replicasRecognised")).toBe(1);
    expect(counters.get("payloadsUndecodable")).toBe(1);
  });

  it("of a true frame cost one COLLECT, and its true successor gets its own", () => {
    const air = onAir(payload);
    const wrong = onAir(payload, { hopSequenceId: 200 });
    const [falseHeader] = headersOf(wrong);
    const [, second] = headersOf(air, 10);
    if (!falseHeader || !second) throw new Error("headers were sent");
    const collects = collectsIn(hear([falseHeader, second]));
    expect(collects).toHaveLength(2);
    expect(answer([air], collects).map((packet) => packet.phyPayload)).toEqual([payload]);
  });

  it("that point beyond the line's numbers are dropped", () => {
    const [header] = headersOf(onAir(payload));
    if (!header) throw new Error("no header");
    const far = { ...header, carrierUnits: 32_760, timeNs: (1n << 64n) - 1n };
    expect(hear([far])).toEqual([]);
    expect(counters.get("burstsDroppedFull")).toBe(1);
  });
});

describe("many at once", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      onAir(Uint8Array.of(0, 0, 0, 1, i, 9, 9), {
        hopSequenceId: i % 384,
        startNs: START_NS + BigInt(i) * 7_000_000n,
      }),
    );

  it("asks no more than the modem takes, and the next when one ends", () => {
    const airs = many(10);
    const first = collectsIn(airs.flatMap((air) => hear(headersOf(air))));
    expect(first).toHaveLength(4);
    const packets: Uint8Array[] = [];
    for (let open = [...first]; open.length > 0; ) {
      const [collect, ...left] = open;
      if (!collect) break;
      const effects = hear(capturesOf(airs, collect));
      packets.push(...packetsIn(effects).map((packet) => packet.phyPayload));
      open = [...left, ...collectsIn(effects)];
      expect(open.length).toBeLessThanOrEqual(4);
    }
    expect(packets).toHaveLength(10);
  });

  it("asks again a little later when the modem is busy, and gives up after some times", () => {
    const [air] = many(1);
    let [collect] = collectsIn(hear(air ? headersOf(air) : []));
    let asked = 0;
    for (let nowMs = 0; collect; nowMs += 200) {
      asked += 1;
      expect(assembly.refused(collect.token, "busy", nowMs)).toBe(true);
      [collect] = collectsIn(assembly.tick(nowMs + 200));
    }
    expect(asked).toBe(6);
    expect(counters.get("burstsDroppedRefused")).toBe(1);
    expect(assembly.inTheAir).toBe(0);
  });

  it("drops what has left the modem's ring buffer before its turn", () => {
    const airs = many(5);
    for (const air of airs) hear(headersOf(air));
    expect(assembly.inTheAir).toBe(5);
    assembly.begin({ concurrentCollects: 0, ringBufferS: 10 });
    assembly.tick(11_000);
    expect(counters.get("burstsDroppedLate")).toBe(1);
  });

  it("keeps a bounded number in the air and counts the rest", () => {
    assembly.begin({ concurrentCollects: 0, ringBufferS: 255 });
    const airs = many(BURSTS_MAX + 5);
    for (const air of airs) hear(headersOf(air).slice(-1));
    expect(assembly.inTheAir).toBe(BURSTS_MAX);
    expect(counters.get("burstsDroppedFull")).toBe(5);
  });

  it("forgets a frame once its replicas can no longer come", () => {
    const air = onAir(payload);
    answer([air], collectsIn(hear(headersOf(air))));
    assembly.tick(60_000);
    expect(collectsIn(hear(headersOf(air).slice(0, 1), 60_000))).toHaveLength(1);
  });

  it("decodes what came when the line breaks, and frees all places", () => {
    const airs = [onAir(payload), onAir(other, { hopSequenceId: 77 })];
    const collects = collectsIn(airs.flatMap((air) => hear(headersOf(air))));
    for (const collect of collects) {
      hear(capturesOf(airs, collect).filter(({ name }) => name === "capture"));
    }
    const packets = packetsIn(assembly.abandon());
    expect(packets.map((packet) => packet.phyPayload)).toEqual([payload, other]);
    expect(assembly.inTheAir).toBe(0);
  });
});
