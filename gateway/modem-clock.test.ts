import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { seededRandom } from "../base/random.ts";
import type { HeardPacket } from "./assembly.ts";
import { Counters } from "./counters.ts";
import { type HeardBy, ModemLink } from "./modem-link.ts";
import { PageQueue } from "./page-queue.ts";
import { CHANNEL, onAir } from "./test-air.ts";
import { TestModem } from "./test-modem.ts";

const BOOTED_NS = 7_000_000_000n; // a clock that begins at 0 with the power
const PAYLOAD = Uint8Array.from({ length: 20 }, (_, i) => i);

/** What becomes of a packet that is on the air when the modem's own clock says so. */
async function hear(clockState: "free" | "locked", startNs: bigint, ends: "whole" | "cut") {
  const clock = fakeClock();
  const modem = new TestModem();
  modem.endsCollects = ends === "whole";
  const heard = Promise.withResolvers<{ packet: HeardPacket; by: HeardBy }>();
  const link = new ModemLink({
    ...{ name: "modem", dial: modem.dial, pages: new PageQueue(), counters: new Counters(), clock },
    ...{ random: seededRandom("modem"), log: silentLog, paged: () => undefined },
    channel: {
      ...{ receiveCentreHz: 868_130_000, pageFrequencyHz: 466_075_000, inverted: false },
      ...CHANNEL,
    },
    heard(packet, by) {
      heard.resolve({ packet, by });
    },
  });
  link.tick();
  await modem.until(() => modem.received.find(({ name }) => name === "config"));
  modem.send({
    ...{ name: "status", token: 0, nowNs: BOOTED_NS, uptimeS: 7, temperatureC: 20 },
    ...{ clock: clockState, clockErrorNs: clockState === "free" ? undefined : 25 },
    ...{ headersFound: 0, overruns: 0, badFramesFromHost: 0 },
  });
  const air = onAir(PAYLOAD, { startNs });
  modem.hear(air);
  if (ends === "cut") {
    await modem.until(() => modem.received.find(({ name }) => name === "collect"));
    modem.unplug(); // what it has sent until now still arrives
  }
  const { packet, by } = await heard.promise;
  link.stop();
  const payloadAfterNs = BigInt(
    air.frame.hops.find(({ kind }) => kind === "payload")?.firstBit ?? 0,
  );
  return { packet, by, nowNs: BigInt(clock.now()) * 1_000_000n, payloadAfterNs };
}

const BIT_NS = 2_048_000n;

it("times what a modem with a free clock heard by the gateway's clock", async () => {
  const { packet, nowNs, payloadAfterNs } = await hear("free", BOOTED_NS + 500n, "whole");
  expect(packet.receivedAtNs).toBe(nowNs + 500n + payloadAfterNs * BIT_NS);
});

it("leaves the times of a disciplined clock as they are", async () => {
  const { packet, payloadAfterNs } = await hear("locked", 9_000_000_000n, "whole");
  expect(packet.receivedAtNs).toBe(9_000_000_000n + payloadAfterNs * BIT_NS);
});

it("knows the clock of a packet whose line was cut before its end", async () => {
  const { by } = await hear("locked", 9_000_000_000n, "cut");
  expect(by).toMatchObject({ clockState: 2, clockErrorNs: 25 });
});
