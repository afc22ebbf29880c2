import { duplexPair } from "node:stream";
import { describe, expect, it } from "vitest";
import { BIT_NS } from "../protocol/air/lr-fhss.ts";
import { siteClock } from "./channel/site-clock.ts";
import { EPOCH_NS } from "./channel/test-frame.ts";
import { ModemSim } from "./modem-sim.ts";
import { CONFIG, TestHost } from "./test-host.ts";
import { collect, modemAndHost, page, SECOND_NS, shownNs } from "./test-modem.ts";

describe("COLLECT", () => {
  it("answers each fragment when its time has come, then ENDs", async () => {
    const { host, settled, step, heard } = await modemAndHost();
    host.send(collect());
    await settled();
    expect(host.frames.filter(({ name }) => name !== "hello")).toEqual([]);
    await step(1.11);
    expect(host.named("capture")).toHaveLength(1);
    await step(0.2);
    expect(host.named("capture")).toMatchObject([
      {
        token: 5,
        fragment: 0,
        status: "heard",
        rssiTenthDbm: -1000,
        softBits: new Int8Array(50).fill(9),
      },
      { token: 5, fragment: 1, status: "nothing", rssiTenthDbm: -1420, softBits: new Int8Array(0) },
      { token: 5, fragment: 2, status: "heard", softBits: new Int8Array(7).fill(9) },
    ]);
    expect(host.named("capture-end")).toMatchObject([{ token: 5, capturesSent: 3 }]);
    const startNs = EPOCH_NS + SECOND_NS; // true time: the clock's error is the modem's own affair
    expect(heard.map((asked) => asked.startNs)).toEqual([
      startNs,
      startNs + 50n * BIT_NS,
      startNs + 100n * BIT_NS,
    ]);
  });

  it("answers times within the ring buffer at once and older ones with too late", async () => {
    const { host, settled, step } = await modemAndHost();
    await step(30);
    host.send(collect({ token: 5, startNs: shownNs(15) }));
    host.send(collect({ token: 6, startNs: shownNs(9.9) })); // its first fragment began 20.1 s ago, its third 19.9 s
    host.send(collect({ token: 9, startNs: 0n }));
    await settled();
    const statuses = (token: number) =>
      host
        .named("capture")
        .filter((one) => one.token === token)
        .map(({ status }) => status);
    expect(statuses(5)).toEqual(["heard", "nothing", "heard"]);
    expect(statuses(6)).toEqual(["too-late", "nothing", "heard"]);
    expect(statuses(9)).toEqual(["too-late", "too-late", "too-late"]);
    expect(
      host.named("capture-end").map(({ token, capturesSent }) => [token, capturesSent]),
    ).toEqual([
      [5, 3],
      [6, 3],
      [9, 3],
    ]);
  });

  it("refuses a token in use, frees it at its END and refuses a time far ahead", async () => {
    const { host, settled, step } = await modemAndHost();
    host.send(collect());
    host.send(collect());
    host.send(page({ token: 5 }));
    host.send(collect({ token: 8, startNs: shownNs(61) }));
    host.send(collect({ token: 9, startNs: 0xffff_ffff_ffff_ffffn }));
    await settled();
    expect(host.named("refused")).toMatchObject([
      { token: 5, refusedType: 0x83, reason: "bad-value" },
      { token: 5, refusedType: 0x84, reason: "bad-value" },
      { token: 8, reason: "bad-value" },
      { token: 9, reason: "bad-value" },
    ]);
    await step(2);
    host.send(collect());
    await settled();
    expect(host.named("capture-end")).toHaveLength(2);
    expect(host.named("refused")).toHaveLength(4);
  });

  it("is busy beyond the number it said", async () => {
    const { host, settled } = await modemAndHost({ limits: { concurrentCollects: 2 } });
    for (const token of [1, 2, 3]) host.send(collect({ token }));
    await settled();
    expect(host.named("refused")).toMatchObject([{ token: 3, refusedType: 0x83, reason: "busy" }]);
  });

  it("ends at CANCEL with the count so far, and an unknown token is nothing", async () => {
    const { host, settled, step } = await modemAndHost();
    host.send(collect());
    await settled();
    await step(1.11);
    host.send({ name: "cancel", token: 5 });
    host.send({ name: "cancel", token: 6 });
    await settled();
    await step(5);
    expect(host.named("capture-end")).toMatchObject([{ token: 5, capturesSent: 1 }]);
    expect(host.named("capture")).toHaveLength(1);
    expect(host.named("refused")).toEqual([]);
  });

  it("sends overruns in place of soft bits, and counts them, when the host does not read", async () => {
    const { modem, schedule, radio } = await modemAndHost();
    const [modemEnd, hostEnd] = duplexPair();
    const slow = new ModemSim({
      ...{ modemId: "0000000000000001", radio, schedule },
      clock: siteClock({ clockErrorNs: 0, clockDriftPpb: 0 }, EPOCH_NS),
      limits: { queueBytesMax: 600 },
    });
    slow.connect(modemEnd);
    modem.stop();
    const host = new TestHost(hostEnd);
    host.send(CONFIG);
    await host.settled(1);
    const fragments = Array.from({ length: 30 }, () => ({ carrierUnits: 1, bits: 50 }));
    host.send(collect({ startNs: EPOCH_NS, fragments }));
    await host.settled(2);
    hostEnd.pause();
    schedule.stepTo(EPOCH_NS + 5n * SECOND_NS); // all in one go: nothing is read in between
    hostEnd.resume();
    await host.settled(3);
    const statuses = host.named("capture").map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["heard", "overrun"]));
    expect(slow.counters.overruns).toBeGreaterThan(20);
    expect(host.named("capture-end")).toMatchObject([{ capturesSent: statuses.length }]);
  });
});
