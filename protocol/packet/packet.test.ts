import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, unhex } from "../../tests/hex.ts";
import {
  addressOf,
  encodeAttach,
  openPacket,
  type PacketToSeal,
  type PacketType,
  parseAttach,
  parsePacket,
  partitionOf,
  sealPacket,
} from "./packet.ts";

const KEY = unhex("1e78f4305065390d5c4373ae5fe3d27a");
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const answer = fc.record({ pageSequence: fc.nat(255), result: fc.nat(4) });

function packetOf(
  type: PacketType,
  plaintextBytes: { min: number; max: number },
  ack: "no" | "maybe" | "yes",
) {
  return fc.record({
    type: fc.constant(type),
    confirm: fc.boolean(),
    drill: fc.boolean(),
    ack: { no: fc.constant(undefined), maybe: fc.option(answer, { nil: undefined }), yes: answer }[
      ack
    ],
    address: uint32,
    counter: uint32,
    session: uint32,
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    plaintext: fc.uint8Array({ minLength: plaintextBytes.min, maxLength: plaintextBytes.max }),
  });
}

const anyPacket: fc.Arbitrary<PacketToSeal> = fc.oneof(
  packetOf("report", { min: 0, max: 131 }, "maybe"),
  packetOf("emergency", { min: 0, max: 131 }, "maybe"),
  packetOf("attach", { min: 6, max: 6 }, "no"),
  packetOf("acknowledgement", { min: 0, max: 0 }, "yes"),
  packetOf("link-test", { min: 0, max: 0 }, "maybe"),
);

describe("terminal packet", () => {
  // Made by an independent implementation: a bug shared by both directions cannot hide here.
  it("seals and opens a report whose bytes are known", () => {
    const plaintext = unhex("781fb5a383e978639b7cef1afcdf55f965f3b9d93c9b");
    const input = {
      address: 243_255_382,
      counter: 7897,
      session: 293_165_362,
      key: KEY,
      plaintext,
    };
    const bytes = sealPacket({ type: "report", confirm: false, drill: false, ...input });
    expect(hex(bytes)).toBe("000e7fc8561ed9ea4ac171bfe8cc6b1e283d2169e90db32e60982692b51f5e6ff8");
    const parsed = parsePacket(bytes);
    expect(parsed.ok && openPacket(parsed.packet, KEY, 7897, 293_165_362)).toEqual(plaintext);
  });

  it("returns what was sent", () => {
    fc.assert(
      fc.property(anyPacket, (input) => {
        const parsed = parsePacket(sealPacket(input));
        if (!parsed.ok) throw new Error(parsed.fault);
        const { type, confirm, drill, ack, address, counter } = input;
        expect(parsed.packet).toMatchObject({ type, confirm, drill, address });
        expect(parsed.packet.ack).toEqual(ack);
        expect(parsed.packet.counterLow16).toBe(counter % 0x1_0000);
        expect(parsed.packet.attachNonce).toBe(type === "attach" ? counter : undefined);
        expect(openPacket(parsed.packet, input.key, counter, input.session)).toEqual(
          input.plaintext,
        );
      }),
    );
  });

  it("opens with no other key, counter or session", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(31), (input, bit) => {
        const parsed = parsePacket(sealPacket(input));
        if (!parsed.ok) throw new Error(parsed.fault);
        const { counter, session } = input;
        const key = input.key.slice();
        key[bit & 15] = (key[bit & 15] ?? 0) ^ 1;
        const flipped = (value: number) => (value ^ (1 << bit)) >>> 0;
        expect(openPacket(parsed.packet, key, counter, session)).toBeUndefined();
        expect(openPacket(parsed.packet, input.key, flipped(counter), session)).toBeUndefined();
        expect(openPacket(parsed.packet, input.key, counter, flipped(session))).toBeUndefined();
      }),
    );
  });

  it("notices any single flipped bit", () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(), (input, n) => {
        const bytes = sealPacket(input);
        const bit = n % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const parsed = parsePacket(bytes);
        if (!parsed.ok) return;
        expect(openPacket(parsed.packet, input.key, input.counter, input.session)).toBeUndefined();
      }),
    );
  });

  it("never throws on noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const parsed = parsePacket(noise);
        if (parsed.ok) openPacket(parsed.packet, KEY, parsed.packet.counterLow16, 1);
        addressOf(noise);
        partitionOf(noise);
      }),
    );
  });

  it.each([
    ["version", "4062817d22f1ef1f1d30f42f4991a56bca225086"],
    ["type", "28c9eb25063f3070c1fa8c232e4179ba05748d79"],
    ["truncated", "00bd4bb70e1a1debb671"],
    ["truncated", "028f8b4ac4e180aebb8fa0ea"],
    ["length", "10719775e9830f0000f1bc8df7ef95625418553cceb027"],
    ["acknowledgement", "18f17695a3677d8b4b9f06"],
    ["acknowledgement", "12719775e9830f0000f1bc8df7ef95625418553c"],
    ["length", "1af338cf5bf5d172009d2759de440153024000abbe45"],
    ["length", "20ddcbad6bd6bf5a1d7c925e"],
    ["length", "00".repeat(190)],
  ])("refuses for its %s: %s", (fault, bytes) => {
    expect(parsePacket(unhex(bytes))).toEqual({ ok: false, fault });
  });

  it("refuses to seal what no receiver would take", () => {
    const input = { confirm: false, drill: false, address: 1, counter: 1, session: 1, key: KEY };
    const seal = (more: Pick<PacketToSeal, "type" | "plaintext" | "ack">) => () =>
      sealPacket({ ...input, ...more });
    const ack = { pageSequence: 1, result: 0 };
    expect(seal({ type: "acknowledgement", plaintext: unhex("") })).toThrow();
    expect(seal({ type: "link-test", plaintext: unhex("00") })).toThrow();
    expect(seal({ type: "attach", plaintext: new Uint8Array(6), ack })).toThrow();
    expect(seal({ type: "report", plaintext: new Uint8Array(179) })).toThrow();
    expect(() =>
      sealPacket({ ...input, type: "report", plaintext: unhex("00"), counter: 2 ** 32 }),
    ).toThrow();
  });

  it("spreads addresses over 64 partitions and drops what holds none", () => {
    expect(partitionOf(unhex("005abf98a41a394909bb8360c8f6a15099450c4a"))).toBe(50);
    expect(addressOf(unhex("005abf98a41a"))).toBe(1_522_505_892);
    expect(partitionOf(unhex("70458414"))).toBeUndefined();
    expect(addressOf(unhex("70458414"))).toBeUndefined();
  });

  it("carries an attach's plaintext both ways", () => {
    const attach = {
      profileNumber: 5960,
      hardwareVersion: 11,
      firmwareVersion: 53_754,
      batteryPercent: 0,
    };
    expect(hex(encodeAttach(attach))).toBe("17480bd1fa00");
    expect(parseAttach(unhex("17480bd1fa00"))).toEqual(attach);
    expect(parseAttach(unhex("17480bd1fa"))).toBeUndefined();
  });
});
