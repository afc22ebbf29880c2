import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PacketType, parsePacket, sealPacket } from "../../protocol/packet/packet.ts";
import {
  authenticate,
  type HeardPacket,
  judge,
  type StoredPacket,
  type TerminalSession,
} from "./verdict.ts";

const SECOND_NS = 1_000_000_000n;
const T0 = 1_790_000_000n * SECOND_NS;
const ADDRESS = 3_478_009_551;
const BYTES = Uint8Array.of(1, 2, 3);

function session(more: Partial<TerminalSession> = {}): TerminalSession {
  const upKey = new Uint8Array(16).fill(1);
  return { networkNonce: 77, state: "proven", upKey, highest: -1, ...more };
}

function heard(more: Partial<HeardPacket> = {}): HeardPacket {
  return {
    type: "report",
    bytes: BYTES,
    onAirNs: T0,
    backfilled: false,
    isSuspended: false,
    ...more,
  };
}

const stored: StoredPacket = {
  bytes: BYTES,
  firstOnAirNs: T0,
  receptionsNs: [T0 + 20n * SECOND_NS],
};

function packet(counter: number, by = session(), type: PacketType = "report") {
  const parsed = parsePacket(
    sealPacket({
      type,
      confirm: false,
      drill: false,
      address: ADDRESS,
      counter,
      session: by.networkNonce,
      key: by.upKey,
      plaintext: Uint8Array.of(1, 2),
    }),
  );
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.packet;
}

describe("authenticate", () => {
  it("names the session and all 32 bits of the counter", () => {
    const pending = session({ networkNonce: 78, state: "pending", upKey: new Uint8Array(16) });
    const former = session({ networkNonce: 76, state: "former", highest: 70_000 });
    const sessions = [session({ highest: 65_530 }), pending, former];
    expect(authenticate(packet(65_540), sessions)).toMatchObject({
      session: sessions[0],
      counter: 65_540,
      plaintext: Uint8Array.of(1, 2),
    });
    expect(authenticate(packet(0, pending), sessions)).toMatchObject({ session: pending });
    expect(authenticate(packet(60_000, former), sessions)).toMatchObject({
      session: former,
      counter: 60_000,
    });
  });

  it("gives nothing for another key, another session or a counter a turn away", () => {
    expect(authenticate(packet(1), [session({ upKey: new Uint8Array(16) })])).toBeUndefined();
    expect(authenticate(packet(1), [session({ networkNonce: 78 })])).toBeUndefined();
    expect(authenticate(packet(1), [session({ highest: 65_537 })])).toBeUndefined();
    expect(authenticate(packet(65_536), [session({ highest: -1 })])).toBeUndefined();
    expect(authenticate(packet(1), [])).toBeUndefined();
  });
});

describe("verdict", () => {
  it.each([
    ["new", -1, 0, false],
    ["new", 5, 70, false],
    ["late", 70, 7, false],
    ["late", 70, 6, true],
    ["late", 70, 69, false],
  ])("is %s after %i for an unseen %i", (verdict, highest, counter, belowWindow) => {
    expect(judge(heard(), { session: session({ highest }), counter }, undefined)).toEqual({
      verdict,
      isAccepted: true,
      belowWindow,
      highest: Math.max(highest, counter),
      isResend: false,
    });
  });

  it("is late for what a gateway kept in its outbox, and for a former session", () => {
    const of = (more: Partial<HeardPacket>, by = session()) =>
      judge(heard(more), { session: by, counter: 9 }, undefined).verdict;
    expect(of({ backfilled: true })).toBe("late");
    expect(of({}, session({ state: "former" }))).toBe("late");
    expect(of({}, session({ state: "pending" }))).toBe("new");
  });

  it.each([
    ["copy", 0n, false], // another gateway
    ["copy", SECOND_NS / 5n, false], // another gateway's clock
    ["copy", 60n * SECOND_NS, true],
    ["copy", -30n * SECOND_NS, true], // the first sending, from an outbox
    ["copy", 20n * SECOND_NS, false], // the resend at another gateway
    ["replay", 61n * SECOND_NS, false],
    ["replay", 86_400n * SECOND_NS, false],
  ])("is %s for the same bytes %i ns after the first", (verdict, laterNs, isResend) => {
    const found = judge(
      heard({ onAirNs: T0 + laterNs }),
      { session: session({ highest: 9 }), counter: 9 },
      stored,
    );
    expect(found).toEqual({
      verdict,
      isAccepted: false,
      belowWindow: false,
      highest: 9,
      isResend,
    });
  });

  it("suspects a reset when the tag proves a counter that was used for other bytes", () => {
    const bytes = Uint8Array.of(1, 2, 4);
    const at = { session: session({ highest: 9 }), counter: 9 };
    expect(judge(heard({ bytes }), at, stored)).toMatchObject({
      verdict: "reset-suspected",
      isAccepted: false,
    });
  });

  it("keeps a suspended terminal's reports aside and lets its emergencies pass", () => {
    const of = (type: PacketType) =>
      judge(heard({ type, isSuspended: true }), { session: session(), counter: 0 }, undefined);
    expect(of("report")).toMatchObject({ verdict: "suspended", isAccepted: true, highest: 0 });
    expect(of("emergency").verdict).toBe("new");
    expect(of("link-test").verdict).toBe("new");
  });

  it("accepts each counter once, in whatever order packets arrive", () => {
    const counters = fc.array(fc.nat(200), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(counters, (arrivals) => {
        let by = session();
        const log = new Map<number, StoredPacket>();
        for (const counter of arrivals) {
          const proof = authenticate(packet(counter, by), [by]);
          if (proof === undefined) throw new Error("bad tag");
          expect(proof.counter).toBe(counter);
          const found = judge(heard(), proof, log.get(counter));
          expect(found.isAccepted).toBe(!log.has(counter));
          log.set(counter, { bytes: BYTES, firstOnAirNs: T0, receptionsNs: [T0] });
          by = { ...by, highest: found.highest };
          expect(by.highest).toBe(Math.max(...log.keys()));
        }
      }),
      { numRuns: 30 },
    );
  });
});
