import { describe, expect, it } from "vitest";
import { unhex } from "../tests/hex.ts";
import { steppedSchedule } from "./channel/schedule.ts";
import { siteClock } from "./channel/site-clock.ts";
import { EPOCH_NS } from "./channel/test-frame.ts";
import { pipeTo } from "./modem-listen.ts";
import { ModemSim } from "./modem-sim.ts";
import { CONFIG, TestHost } from "./test-host.ts";
import {
  collect,
  detection,
  fakeRadio,
  modemAndHost,
  page,
  SECOND_NS,
  shownNs,
} from "./test-modem.ts";

describe("HELLO and CONFIG", () => {
  it("greets once at boot and then answers HELLO? with its token", async () => {
    const schedule = steppedSchedule(EPOCH_NS);
    const clock = siteClock({ clockErrorNs: 0, clockDriftPpb: 0 }, EPOCH_NS);
    const modem = new ModemSim({
      modemId: "00000000000000ff",
      radio: fakeRadio().radio,
      schedule,
      clock,
    });
    const host = new TestHost(pipeTo(modem));
    await host.settled(77);
    expect(host.named("hello").map(({ token }) => token)).toEqual([0, 77]);
    expect(host.named("hello")[0]).toMatchObject({
      ...{ protocolVersion: 1, modemId: "00000000000000ff", capabilities: 15 },
      ...{ ringBufferS: 20, concurrentCollects: 32, concurrentPages: 8 },
    });
    const later = new TestHost(pipeTo(modem));
    await later.settled(78);
    expect(later.named("hello").map(({ token }) => token)).toEqual([78]);
  });

  it("answers CONFIG by STATUS with its token and tunes the radio", async () => {
    const { host, tuned, settled } = await modemAndHost({ configured: false });
    host.send(CONFIG);
    await settled();
    expect(host.named("status")).toMatchObject([
      { token: 7, nowNs: shownNs(0), uptimeS: 0, clock: "locked", clockErrorNs: 1_500_000 },
    ]);
    expect(tuned).toEqual([
      {
        ...{ centreHz: 868_130_000, grid: 1, bandwidth: 2, syncWord: 0x2c0f7995 },
        ...{ pageHz: 466_075_000, inverted: false },
      },
    ]);
  });

  it("refuses a CONFIG whose grid and bandwidth do not go together", async () => {
    const { host, settled, tuned } = await modemAndHost({ configured: false });
    host.send({ ...CONFIG, grid: 0 });
    await settled();
    expect(host.named("refused")).toMatchObject([
      { token: 7, refusedType: 0x82, reason: "bad-value" },
    ]);
    expect(tuned).toEqual([]);
  });

  it("refuses COLLECT and PAGE before any CONFIG", async () => {
    const { host, settled } = await modemAndHost({ configured: false });
    host.send(collect());
    host.send(page());
    await settled();
    expect(host.named("refused")).toMatchObject([
      { token: 5, refusedType: 0x83, reason: "not-configured" },
      { token: 30, refusedType: 0x84, reason: "not-configured" },
    ]);
  });

  it("ends the COLLECTs under way at a CONFIG", async () => {
    const { host, settled, step } = await modemAndHost();
    host.send(collect());
    await settled();
    await step(1.11); // the first fragment is over, the second is not
    host.send(CONFIG);
    await settled();
    await step(5);
    expect(host.named("capture")).toHaveLength(1);
    expect(host.named("capture-end")).toMatchObject([{ token: 5, capturesSent: 1 }]);
  });
});

describe("STATUS", () => {
  it("comes every 10 s with counters", async () => {
    const { host, step, detect, settled } = await modemAndHost();
    detect(detection());
    host.sendBytes(unhex("c08100db010909c0")); // a wrong escape
    await settled();
    await step(25);
    expect(host.named("status")).toMatchObject([
      { token: 0, uptimeS: 10, headersFound: 1, badFramesFromHost: 1, nowNs: shownNs(10) },
      { token: 0, uptimeS: 20 },
    ]);
  });
});

describe("HEADER", () => {
  it("says time by the modem's clock and the carrier to the nearest unit", async () => {
    const { host, detect, settled } = await modemAndHost();
    detect(detection());
    detect(detection({ carrierUnits: -7.6, rssiDbm: undefined, snrDb: 99 }));
    await settled();
    expect(host.named("header")).toEqual([
      {
        ...{ name: "header", token: 1, timeNs: shownNs(0), carrierUnits: 100 },
        ...{ rssiTenthDbm: -988, snrQuarterDb: 49, softBits: new Int8Array(114).fill(-3) },
      },
      expect.objectContaining({
        token: 2,
        carrierUnits: -8,
        rssiTenthDbm: undefined,
        snrQuarterDb: 127,
      }),
    ]);
  });

  it("lends its fine carrier to a COLLECT that names it, for 10 s", async () => {
    const { host, detect, settled, step, heard } = await modemAndHost();
    const fragments = [{ carrierUnits: 40, bits: 10 }];
    detect(detection({ carrierUnits: 100.3 }));
    host.send(collect({ token: 1, headerToken: 1, startNs: shownNs(0), fragments }));
    host.send(collect({ token: 2, headerToken: 99, startNs: shownNs(0), fragments }));
    await settled();
    await step(9.9);
    host.send(collect({ token: 3, headerToken: 1, startNs: shownNs(0), fragments }));
    await settled();
    await step(0.2);
    host.send(collect({ token: 4, headerToken: 1, startNs: shownNs(0), fragments }));
    await settled();
    const offsets = heard.map(({ carrierUnits }) => Math.round((carrierUnits - 40) * 10));
    expect(offsets).toEqual([3, 0, 3, 0]);
  });

  it("takes no token again within 10 s and drops what it cannot name", async () => {
    const { modem, detect, step } = await modemAndHost({ limits: { queueBytesMax: 1000 } });
    for (let n = 0; n < 65_535; n++) detect(detection());
    expect(modem.counters.headersFound).toBe(65_535);
    detect(detection());
    expect(modem.counters.headersFound).toBe(65_535);
    await step(10);
    detect(detection());
    expect(modem.counters.headersFound).toBe(65_536);
  });
});

describe("the line", () => {
  it("is taken over by the newest, and what the older one had asked for is dropped", async () => {
    const { host, modem, settled, schedule, sent } = await modemAndHost();
    host.send(collect());
    host.send(page({ token: 1 }));
    host.send(page({ token: 2 }));
    await settled();
    const newest = new TestHost(pipeTo(modem));
    newest.send(collect()); // still configured, and the token is free
    newest.send(page({ token: 1, earliestNs: shownNs(20) }));
    await newest.settled(1);
    host.frames.length = 0;
    schedule.stepTo(EPOCH_NS + 30n * SECOND_NS);
    await newest.settled(2);
    expect(newest.named("refused")).toEqual([]);
    expect(newest.named("capture-end")).toHaveLength(1);
    expect(newest.named("paged").map(({ token, status }) => [token, status])).toEqual([
      [1, "sent"],
    ]);
    expect(sent).toHaveLength(2); // the older host's first was on the air already; its second never went
    expect(host.frames).toEqual([]);
  });

  it("answers what the deframer refuses", async () => {
    const { host, settled } = await modemAndHost();
    host.sendBytes(unhex("c099050672236ee42dc0")); // an unknown type
    host.sendBytes(unhex("c083e33f000018dbddf82911a81c7802ff913201cae8c0")); // a COLLECT cut short
    host.sendBytes(unhex("c0832221000018d83dcbb05ea7dd01000033c824c0")); // one of 51 bits
    await settled();
    expect(host.named("refused")).toMatchObject([
      { token: 1286, refusedType: 153, reason: "unknown-type" },
      { token: 58_175, refusedType: 131, reason: "bad-length" },
      { token: 8737, refusedType: 131, reason: "bad-value" },
    ]);
  });
});
