import { describe, expect, it } from "vitest";
import { attachKey } from "../../protocol/packet/keys.ts";
import { encodeAttach, parsePacket, sealPacket } from "../../protocol/packet/packet.ts";
import { authenticateAttach, judgeAttach } from "./attach-verdict.ts";

const ROOT = new Uint8Array(16).fill(7);
const ADDRESS = 2_370_104_294;
const ATTACH = { profileNumber: 3, hardwareVersion: 1, firmwareVersion: 258, batteryPercent: 255 };

function attachPacket(attachNonce: number, rootKey = ROOT) {
  const parsed = parsePacket(
    sealPacket({
      type: "attach",
      confirm: false,
      drill: false,
      address: ADDRESS,
      counter: attachNonce,
      session: 0,
      key: attachKey(rootKey, ADDRESS),
      plaintext: encodeAttach(ATTACH),
    }),
  );
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.packet;
}

describe("attach verdict", () => {
  it("opens an attach by the terminal's root key and no other", () => {
    expect(authenticateAttach(attachPacket(70_000), ROOT)).toEqual({
      attachNonce: 70_000,
      attach: ATTACH,
    });
    expect(authenticateAttach(attachPacket(70_000), new Uint8Array(16))).toBeUndefined();
  });

  it.each([
    ["new", 1, 0],
    ["new", 65_536, 65_535],
    ["copy", 5, 5],
    ["replay", 4, 5],
    ["replay", 0, 0],
  ])("is %s for nonce %i after %i", (verdict, attachNonce, lastAccepted) => {
    expect(judgeAttach(attachNonce, lastAccepted)).toBe(verdict);
  });
});
