import { describe, expect, it } from "vitest";
import type { HelloFrame, ModemFrame, StatusFrame } from "../protocol/modem/line-frame.ts";
import {
  CLOSED,
  DEAD_MS,
  type ModemSession,
  type SessionEffect,
  type SessionInput,
  SILENCE_MS,
  stepSession,
} from "./modem-session.ts";

const CHANNEL = {
  receiveCentreHz: 868_130_000,
  grid: 1,
  bandwidth: 2,
  syncWord: 0x2c0f7995,
  pageFrequencyHz: 869_525_000,
  inverted: false,
} as const;
const hello: HelloFrame = {
  name: "hello",
  token: 1,
  protocolVersion: 1,
  modemId: "0011223344556677",
  capabilities: 7,
  ringBufferS: 10,
  concurrentCollects: 8,
  concurrentPages: 1,
  firmware: "test",
};
const status = (token: number): StatusFrame => ({
  ...{ name: "status", token, nowNs: 0n, uptimeS: 1, temperatureC: 20, clock: "locked" },
  ...{ clockErrorNs: 50, headersFound: 0, overruns: 0, badFramesFromHost: 0 },
});
const refused = (token: number, reason: "bad-value" | "not-configured"): ModemFrame => ({
  name: "refused",
  token,
  refusedType: 0x82,
  reason,
});

/** A session with its own hands: what it did, in words. */
function play() {
  let session: ModemSession = CLOSED;
  const word = (effect: SessionEffect) => {
    if (effect.type === "send") return effect.frame.name;
    return effect.type === "hang-up" ? `hang-up: ${effect.reason}` : effect.type;
  };
  const give = (input: SessionInput, nowMs: number): string[] => {
    const step = stepSession(CHANNEL, session, input, nowMs);
    session = step.session;
    return step.effects.map(word);
  };
  return {
    state: () => session.state,
    tick: (nowMs: number) => give({ type: "tick" }, nowMs),
    opened: (nowMs: number) => give({ type: "opened" }, nowMs),
    closed: (nowMs: number, jitter = 0) => give({ type: "closed", jitter }, nowMs),
    frame: (frame: ModemFrame, nowMs: number) => give({ type: "frame", frame }, nowMs),
  };
}

function ready() {
  const modem = play();
  modem.tick(0);
  modem.opened(0);
  modem.frame(hello, 10);
  modem.frame(status(2), 20);
  expect(modem.state()).toBe("ready");
  return modem;
}

describe("a modem's session", () => {
  it("dials, asks for HELLO, sends CONFIG and is ready with its STATUS", () => {
    const modem = play();
    expect(modem.tick(0)).toEqual(["dial"]);
    expect(modem.tick(1)).toEqual([]);
    expect(modem.opened(5)).toEqual(["hello?"]);
    expect(modem.frame(status(0), 6)).toEqual([]);
    expect(modem.frame(hello, 10)).toEqual(["abandon", "config"]);
    expect(modem.frame(status(0), 11)).toEqual([]); // the one of every 10 s
    expect(modem.state()).toBe("configuring");
    expect(modem.frame(status(2), 12)).toEqual([]);
    expect(modem.state()).toBe("ready");
  });

  it("asks again after 15 s of silence, and hangs up when nothing helps", () => {
    const modem = ready();
    expect(modem.tick(20 + SILENCE_MS - 1)).toEqual([]);
    expect(modem.tick(20 + SILENCE_MS)).toEqual(["hello?"]);
    expect(modem.tick(21 + SILENCE_MS)).toEqual([]);
    expect(modem.tick(20 + 2 * SILENCE_MS)).toEqual(["hello?"]);
    expect(modem.tick(20 + DEAD_MS)).toEqual(["hang-up: it is silent"]);
  });

  it("is not silent while any frame comes", () => {
    const modem = ready();
    for (let nowMs = 10_000; nowMs < 200_000; nowMs += 10_000) {
      modem.frame(status(0), nowMs);
      expect(modem.tick(nowMs + 9_000)).toEqual([]);
    }
  });

  it("configures again a modem that says hello anew or has forgotten", () => {
    const modem = ready();
    expect(modem.frame({ ...hello, token: 0 }, 30)).toEqual(["abandon", "config"]);
    modem.frame(status(2), 40);
    expect(modem.frame(refused(99, "not-configured"), 50)).toEqual(["abandon", "config"]);
    expect(modem.state()).toBe("configuring");
  });

  it("repeats a HELLO? or CONFIG that was lost", () => {
    const modem = play();
    modem.tick(0);
    modem.opened(0);
    expect(modem.tick(4_999)).toEqual([]);
    expect(modem.tick(5_000)).toEqual(["hello?"]);
    modem.frame(hello, 6_000);
    expect(modem.tick(9_000)).toEqual(["config"]);
    modem.frame(status(0), 40_000);
    expect(modem.tick(DEAD_MS)).toEqual(["hang-up: it does not say hello"]);
  });

  it("wants no other line protocol, and no modem that refuses the channel", () => {
    const modem = play();
    modem.tick(0);
    modem.opened(0);
    const other = { ...hello, protocolVersion: 2 };
    expect(modem.frame(other, 1)).toEqual(["hang-up: it speaks line protocol 2"]);
    modem.frame(hello, 2);
    const effects = modem.frame(refused(2, "bad-value"), 3);
    expect(effects).toEqual(["hang-up: it refuses the channel: bad-value"]);
  });

  it("comes back after 1, 2, 4 … 30 s, less some jitter, and after 1 s once it was ready", () => {
    const modem = play();
    let nowMs = 0;
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      expect(modem.tick(nowMs)).toEqual(["dial"]);
      expect(modem.closed(nowMs)).toEqual(["abandon"]);
      expect(modem.tick(nowMs + waitMs - 1)).toEqual([]);
      nowMs += waitMs;
    }
    modem.tick(nowMs);
    modem.closed(nowMs, 0.5); // a quarter off
    expect(modem.tick(nowMs + 22_500)).toEqual(["dial"]);
    const back = ready();
    back.closed(100);
    expect(back.tick(1099)).toEqual([]);
    expect(back.tick(1100)).toEqual(["dial"]);
  });
});
