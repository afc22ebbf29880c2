import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, unhex } from "../../tests/hex.ts";
import {
  encodeAttachAccept,
  groupRic,
  individualRic,
  openPage,
  type PageToSeal,
  type PageType,
  parseAttachAccept,
  parsePage,
  type Recipient,
  recipientOf,
  sealPage,
} from "./page.ts";
import { pageFromPocsag, pageToPocsag } from "./page-symbols.ts";

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

function pageOf(to: Recipient, types: readonly PageType[]): fc.Arbitrary<PageToSeal> {
  return fc
    .record({
      type: fc.constantFrom(...types),
      id: uint32,
      ackWanted: fc.boolean(),
      drill: fc.boolean(),
      counter: uint32,
      session: to === "group" ? fc.constant(0) : uint32,
      pageSequence: to === "group" ? fc.integer({ min: 128, max: 255 }) : fc.nat(127),
      key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      plaintext: fc.uint8Array({ maxLength: 48 }),
    })
    .map((page) => ({ ...page, to, rollCall: to === "group" && page.ackWanted }));
}

const anyPage = fc.oneof(
  pageOf("individual", ["command", "attach-accept", "acknowledgement", "time"]),
  pageOf("group", ["group-command", "time"]),
);

describe("page", () => {
  // Made by an independent implementation: a bug shared by both directions cannot hide here.
  it("seals and opens a command whose bytes are known", () => {
    const id = 1_813_836_556;
    const secret = {
      to: "individual" as const,
      id,
      counter: 10_664,
      session: 1_342_843_181,
      key: unhex("9a7b5aefcacb982af3746acc09d22d81"),
    };
    const bytes = sealPage({
      ...secret,
      type: "command",
      ackWanted: true,
      rollCall: false,
      drill: false,
      pageSequence: 117,
      plaintext: unhex("f5d94ae46ddeb63404"),
    });
    expect(hex(bytes)).toBe("0409f30c29a87524297cc5a9f65615eb13e4f204");
    const parsed = parsePage(bytes, "individual");
    expect(parsed.ok && openPage(parsed.page, secret)).toEqual(unhex("f5d94ae46ddeb63404"));
    expect(individualRic(id)).toBe(1_236_564);
  });

  it("returns what was sent, through POCSAG symbols", () => {
    fc.assert(
      fc.property(anyPage, (input) => {
        const ric = input.to === "group" ? groupRic(input.id) : individualRic(input.id);
        expect(recipientOf(ric)).toBe(input.to);
        const message = pageToPocsag(sealPage(input), ric);
        expect(message.symbols.length % 5).toBe(0);
        const received = pageFromPocsag(message);
        if (!received.ok) throw new Error(received.fault);
        const parsed = parsePage(received.bytes, input.to);
        if (!parsed.ok) throw new Error(parsed.fault);
        const { type, ackWanted, rollCall, drill, pageSequence } = input;
        expect(parsed.page).toMatchObject({ type, ackWanted, rollCall, drill, pageSequence });
        expect(openPage(parsed.page, input)).toEqual(input.plaintext);
      }),
    );
  });

  it("notices any single flipped bit", () => {
    fc.assert(
      fc.property(anyPage, fc.nat(), (input, n) => {
        const bytes = sealPage(input);
        const bit = n % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const parsed = parsePage(bytes, input.to);
        if (parsed.ok) expect(openPage(parsed.page, input)).toBeUndefined();
      }),
    );
  });

  it("never throws on noise", () => {
    const symbols = fc.uint8Array({ max: 15, maxLength: 200 });
    fc.assert(
      fc.property(symbols, fc.nat(3), fc.boolean(), (noise, code, isGroup) => {
        const received = pageFromPocsag({ ric: 8, function: code, symbols: noise });
        if (received.ok) parsePage(received.bytes, isGroup ? "group" : "individual");
        parsePage(noise, isGroup ? "group" : "individual");
      }),
    );
  });

  const command = "00018516a40c40b7a83b45e9"; // 12 bytes: 24 symbols and one of filler
  it.each([
    ["version", "individual", `40${command.slice(2)}`],
    ["type", "individual", `28${command.slice(2)}`],
    ["truncated", "individual", command.slice(0, 20)],
    ["length", "individual", `0002${command.slice(4)}`],
    ["length", "individual", `0031${command.slice(4)}${"00".repeat(48)}`],
    ["recipient", "group", command],
    ["recipient", "individual", `18${command.slice(2)}`],
    ["sequence", "individual", command.replace("0c40", "0c80")],
    ["sequence", "group", `18${command.slice(2)}`],
    ["roll-call", "individual", `02${command.slice(2)}`],
    ["roll-call", "group", `1c${command.slice(2).replace("0c40", "0c80")}`],
    ["roll-call", "group", `1a${command.slice(2).replace("0c40", "0c80")}`],
  ] as const)("refuses for its %s to an %s: %s", (fault, to, bytes) => {
    expect(parsePage(unhex(bytes), to)).toEqual({ ok: false, fault });
  });

  it("refuses symbols that are not one whole page and its filler", () => {
    const good = pageToPocsag(unhex(command), 8);
    const withSymbols = (symbols: Uint8Array) => pageFromPocsag({ ...good, symbols });
    const another = Uint8Array.from([...good.symbols, 12, 12, 12, 12, 12]);
    expect(pageFromPocsag(good).ok).toBe(true);
    expect(pageFromPocsag({ ...good, function: 3 })).toEqual({ ok: false, fault: "function" });
    expect(withSymbols(good.symbols.with(24, 0))).toEqual({ ok: false, fault: "filler" });
    expect(withSymbols(another)).toEqual({ ok: false, fault: "filler" });
    expect(withSymbols(good.symbols.subarray(0, 20))).toEqual({ ok: false, fault: "truncated" });
  });

  it("wraps addresses and group ids into their own ranges of RICs", () => {
    expect(individualRic(1_900_000)).toBe(8);
    expect(individualRic(1_899_999)).toBe(1_900_007);
    expect(groupRic(0)).toBe(1_900_008);
    expect(groupRic(99_991)).toBe(1_999_999);
    expect(recipientOf(7)).toBeUndefined();
    expect(recipientOf(1_900_007)).toBe("individual");
    expect(recipientOf(1_900_008)).toBe("group");
    expect(recipientOf(2_000_000)).toBeUndefined();
  });

  it("carries an attach accept both ways and refuses a network nonce of 0", () => {
    const accept = { networkNonce: 1_154_204_583, reportIntervalS: 300, flags: 0 };
    expect(hex(encodeAttachAccept(accept))).toBe("44cbc3a7012c00");
    expect(parseAttachAccept(unhex("44cbc3a7012c00"))).toEqual(accept);
    expect(parseAttachAccept(unhex("00000000012c00"))).toBeUndefined();
    expect(parseAttachAccept(unhex("44cbc3a7012c"))).toBeUndefined();
    expect(() => encodeAttachAccept({ ...accept, networkNonce: 0 })).toThrow();
  });
});
