import { describe, expect, it } from "vitest";
import { decodeHeader } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeTransmission, transmissionNs } from "../../protocol/air/pocsag.ts";
import { Air } from "./air.ts";
import { airRadio } from "./air-radio.ts";
import type { PageOnAir } from "./page-air.ts";
import type { Detection, Tuning } from "./radio.ts";
import { steppedSchedule } from "./schedule.ts";
import { burst, EPOCH_NS, TUNING } from "./test-frame.ts";

const SITE = { id: "gw/0", latitude: 31.23, longitude: 121.48, antennaM: 30 };
const HOUR_NS = 3_600_000_000_000n;

function setUp(falseHeadersPerHour: number, tuning: Tuning | "untuned" = TUNING) {
  const schedule = steppedSchedule(EPOCH_NS);
  const impairments = { falseHeadersPerHour, lostHopShare: 0, shadowingDb: 0 };
  const air = new Air({ seed: "radio", epochNs: EPOCH_NS, impairments });
  const pages: PageOnAir[] = [];
  const radio = airRadio({ air, schedule, site: SITE, onPage: (page) => pages.push(page) });
  const found: (Detection & { readonly atNs: bigint })[] = [];
  radio.onDetection((detection) => found.push({ ...detection, atNs: schedule.nowNs() }));
  if (tuning !== "untuned") radio.tune(tuning);
  return { schedule, air, radio, found, pages };
}

describe("a receiver on the air", () => {
  it("tells of each header once its hop has ended", () => {
    const { schedule, air, found } = setUp(0);
    air.transmit(burst(new Uint8Array(20)));
    schedule.stepTo(EPOCH_NS + HOUR_NS);
    expect(found).toHaveLength(3);
    for (const { atNs, timeNs } of found) expect(Number(atNs - timeNs) / 1e6).toBeCloseTo(238.5, 0);
  });

  it("hears nothing before it is tuned, nor outside its channel", () => {
    const untuned = setUp(0, "untuned");
    const elsewhere = setUp(0, { ...TUNING, centreHz: TUNING.centreHz + 300_000 });
    for (const { air, schedule } of [untuned, elsewhere]) {
      air.transmit(burst(new Uint8Array(20)));
      schedule.stepTo(EPOCH_NS + HOUR_NS);
    }
    expect(untuned.found).toEqual([]);
    expect(elsewhere.found).toEqual([]);
  });

  it("measures carriers from its own centre", () => {
    const [here, there] = [
      setUp(0),
      setUp(0, { ...TUNING, centreHz: TUNING.centreHz - 2441.40625 }),
    ];
    for (const { air, schedule } of [here, there]) {
      air.transmit(burst(new Uint8Array(20)));
      schedule.stepTo(EPOCH_NS + HOUR_NS);
    }
    const shifts = there.found.map(
      (one, n) => one.carrierUnits - (here.found[n]?.carrierUnits ?? 0),
    );
    expect(shifts.map(Math.round)).toEqual([10, 10, 10]);
  });

  it("takes noise for a header now and then, at moments which the seed fixes, and such a header decodes to nothing", () => {
    const [one, again] = [setUp(30), setUp(30)];
    one.schedule.stepTo(EPOCH_NS + 10n * HOUR_NS);
    for (let n = 1n; n <= 100n; n++) again.schedule.stepTo(EPOCH_NS + (n * HOUR_NS) / 10n);
    expect(one.found.length).toBeGreaterThan(280);
    expect(one.found.length).toBeLessThanOrEqual(300);
    expect(again.found).toEqual(one.found);
    expect(
      one.found.filter(({ softBits }) => decodeHeader(softBits, TUNING).ok).length,
    ).toBeLessThan(3);
    expect(one.found.every(({ atNs, timeNs }) => timeNs < atNs)).toBe(true);
  });

  it("hands a page on with the channel and its end", () => {
    const { radio, pages } = setUp(0);
    const words = encodeTransmission([{ ric: 8, function: 0, symbols: new Uint8Array(5) }]);
    radio.send({ startNs: EPOCH_NS, bitRate: 512, words });
    expect(pages).toMatchObject([
      {
        site: SITE,
        words,
        bitRate: 512,
        pageHz: TUNING.pageHz,
        endNs: EPOCH_NS + transmissionNs(words.length, 512),
      },
    ]);
  });
});
