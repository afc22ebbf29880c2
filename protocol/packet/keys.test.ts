import { expect, it } from "vitest";
import { hex, unhex } from "../../tests/hex.ts";
import {
  attachKey,
  attachKeyDerivation,
  sessionKeyInfo,
  sessionKeys,
  sessionSalt,
} from "./keys.ts";

const ROOT = unhex("4d10573a7eb28fa761ab5851bf17b6c1");
const ADDRESS = 4_233_160_491;

// Made by an independent implementation.
it("derives the attach key and the session keys", () => {
  expect(hex(attachKey(ROOT, ADDRESS))).toBe("b38872bb6aee8c84eb3f7b9acb59e27c");
  const { up, down } = sessionKeys(ROOT, ADDRESS, 1, 3_300_864_940);
  expect(hex(up)).toBe("436f47545f114224805aaffea6581eae");
  expect(hex(down)).toBe("ee0af2e044bab8e8ed2dd4f9157ba633");
});

it("lays out salts and infos as the air interface says", () => {
  expect(hex(attachKeyDerivation(ADDRESS).info)).toBe("686f706c696e6520617474616368fc50e72b");
  expect(hex(sessionSalt(1, 3_300_864_940))).toBe("00000001c4bf33ac");
  expect(hex(sessionKeyInfo("up", ADDRESS))).toBe("686f706c696e65207570fc50e72b");
  expect(hex(sessionKeyInfo("down", ADDRESS))).toBe("686f706c696e6520646f776efc50e72b");
});
