import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { BIT_NS, type CodingRate, HEADER_BITS } from "../../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload, planFragments } from "../../protocol/air/lr-fhss-decode.ts";
import { Air } from "./air.ts";
import type { HopOnAir, Transmission } from "./hop-index.ts";
import { COLLISIONS_ONLY, type Impairments } from "./impairments.ts";
import { type AirSite, noiseFloorDbm } from "./propagation.ts";
import type { Detection } from "./radio.ts";
import { burst, EPOCH_NS, randomPayload, TUNING } from "./test-frame.ts";

const SITE: AirSite = { id: "gw-1/0", latitude: 31.23, longitude: 121.48, antennaM: 30 };
const FLOOR_DBM = noiseFloorDbm(488.28125);
/** Levels as sent, so that a test chooses the signal-to-noise ratio. */
const STEADY: Impairments = { ...COLLISIONS_ONLY, noise: true, captureEffect: true };

function airWith(impairments: Partial<Impairments>, seed = "air") {
  const air = new Air({ seed, epochNs: EPOCH_NS, impairments });
  const hops: HopOnAir[] = [];
  air.onTransmission((more) => hops.push(...more));
  return { air, hops };
}

const detections = (air: Air, hops: readonly HopOnAir[], site = SITE): Detection[] =>
  hops.flatMap((hop) => air.detect(site, hop, TUNING) ?? []);

/** What a gateway would make of one detection. */
function receive(air: Air, detection: Detection, site = SITE): Uint8Array | undefined {
  const decoded = decodeHeader(detection.softBits, TUNING);
  if (!decoded.ok) return undefined;
  const { carrierUnits, timeNs } = detection;
  const plan = planFragments(decoded.header, timeNs, Math.round(carrierUnits));
  const off = carrierUnits - Math.round(carrierUnits);
  const fragments = plan.fragments.map(
    ({ startNs, carrierUnits: at, bits }) =>
      air.listen(site, { startNs, carrierUnits: at + off, bits }).softBits ?? null,
  );
  const payload = decodePayload(decoded.header, fragments);
  return payload.ok ? payload.payload : undefined;
}

const payloadOf = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(20, "."));
const carrierOf = ({ frame }: Transmission, hop: number): number =>
  frame.hops[hop]?.carrierUnits ?? Number.NaN;
const wide = { crystalPpm: 0, lostHopShare: 0 };

describe("one burst", () => {
  it("is detected by each header and decodes to what was sent", () => {
    const { air, hops } = airWith({ ...wide, shadowingDb: 0 });
    air.transmit(burst(payloadOf("near")));
    const found = detections(air, hops);
    expect(
      found.map(({ timeNs }) => Math.round(Number(timeNs - EPOCH_NS) / Number(BIT_NS))),
    ).toEqual([0, 1, 2].map((k) => Math.round(1e9 / Number(BIT_NS)) + k * HEADER_BITS));
    for (const one of found) expect(receive(air, one)).toEqual(payloadOf("near"));
  });

  it("keeps its crystal's carrier error in every hop, so that it decodes all the same", () => {
    const { air, hops } = airWith({ crystalPpm: 2, shadowingDb: 0, lostHopShare: 0 });
    air.transmit(burst(payloadOf("off"), { address: 77 }));
    const [first] = detections(air, hops);
    const nominal = burst(payloadOf("off")).frame.hops[0]?.carrierUnits ?? 0;
    expect(Math.abs((first?.carrierUnits ?? 0) - nominal)).toBeGreaterThan(0.5);
    expect(first && receive(air, first)).toEqual(payloadOf("off"));
  });

  it("is nothing there on another carrier, at another time and far away", () => {
    const { air, hops } = airWith(wide);
    air.transmit(burst(payloadOf("here")));
    const [first] = hops;
    const carrierUnits = first?.carrierUnits ?? 0;
    const startNs = EPOCH_NS + 1_000_000_000n;
    const heard = (asked: { startNs?: bigint; carrierUnits?: number }, site = SITE) =>
      air.listen(site, { startNs, carrierUnits, bits: 50, ...asked }).softBits;
    expect(heard({})).toBeDefined();
    expect(heard({ carrierUnits: carrierUnits + 4 })).toBeUndefined();
    expect(heard({ startNs: startNs - 50n * BIT_NS })).toBeUndefined();
    expect(heard({}, { ...SITE, id: "far", latitude: 33 })).toBeUndefined();
    expect(detections(air, hops, { ...SITE, id: "far", latitude: 33 })).toEqual([]);
  });

  it("is not detected under another sync word", () => {
    const { air, hops } = airWith(wide);
    air.transmit(burst(payloadOf("sync"), {}, { syncWord: 0x12ad101b }));
    expect(detections(air, hops)).toEqual([]);
  });

  it("is forgotten after a while", () => {
    const air = new Air({ seed: "x", epochNs: EPOCH_NS, keepS: 20, impairments: wide });
    const first = burst(payloadOf("old"));
    air.transmit(first);
    const asked = {
      startNs: first.startNs,
      carrierUnits: first.frame.hops[0]?.carrierUnits ?? 0,
      bits: 50,
    };
    air.transmit({ ...first, startNs: first.startNs + 15_000_000_000n });
    expect(air.listen(SITE, asked).softBits).toBeDefined();
    air.transmit({ ...first, startNs: first.startNs + 60_000_000_000n });
    expect(air.listen(SITE, asked).softBits).toBeUndefined();
  });
});

describe("the same seed", () => {
  const sent = Array.from(
    { length: 12 },
    (_, index): Transmission =>
      burst(
        randomPayload(seededRandom(`order ${index}`)),
        {
          startNs: EPOCH_NS + BigInt(1_000_000_000 + index * 137_000_000),
          address: index,
          powerDbm: 0,
          latitude: 31.2 + index * 0.004,
        },
        { hopSequenceId: index * 31 },
      ),
  );
  const questions = sent.flatMap(({ startNs, frame }) =>
    frame.hops.map((hop) => ({
      startNs: startNs + BigInt(hop.firstBit) * BIT_NS + 700_000n,
      carrierUnits: hop.carrierUnits,
      bits: Math.min(hop.bits, 50),
    })),
  );
  const answers = (seed: string, order: readonly number[]) => {
    const { air, hops } = airWith({}, seed);
    for (const one of sent) air.transmit(one);
    const heard = new Map(order.map((n) => [n, questions[n] && air.listen(SITE, questions[n])]));
    const found = [...hops]
      .reverse()
      .flatMap((hop) => air.detect(SITE, hop, TUNING) ?? [])
      .reverse();
    return { heard: questions.map((_, n) => heard.get(n)), found };
  };
  const forward = questions.map((_, n) => n);

  it("gives the same bits in any order of asking", () => {
    const backward = [...forward].reverse();
    const odd = [...forward.filter((n) => n % 2 === 1), ...forward.filter((n) => n % 2 === 0)];
    expect(answers("a", backward)).toEqual(answers("a", forward));
    expect(answers("a", [...odd, ...odd])).toEqual(answers("a", forward));
  });

  it("is what makes them the same", () => {
    expect(answers("b", forward)).not.toEqual(answers("a", forward));
  });
});

/** Amplitude whose raw bit error rate this is: the inverse of the Gaussian tail. */
const AMPLITUDES = { 0.035: 1.812, 0.06: 1.555, 0.09: 1.341, 0.12: 1.175, 0.146: 1.054 } as const;
type Rate = keyof typeof AMPLITUDES;
const levelFor = (rate: Rate): number => FLOOR_DBM + 10 * Math.log10(AMPLITUDES[rate] ** 2 / 2);

describe("calibration", () => {
  const TRIALS = 150;
  function measure(rate: Rate, codingRate: CodingRate) {
    const random = seededRandom(`calibration ${rate} ${codingRate}`);
    const outcome = { packets: 0, headers: 0, wrong: 0, bits: 0 };
    for (let trial = 0; trial < TRIALS; trial++) {
      const { air, hops } = airWith(STEADY, `calibration ${trial}`);
      const payload = randomPayload(random);
      const sent = burst(payload, { powerDbm: levelFor(rate) }, { codingRate, headerCount: 1 });
      air.transmit(sent);
      const fragments = hops.map((hop) => {
        const startNs = EPOCH_NS + BigInt(hop.startNs);
        const asked = { startNs, carrierUnits: hop.carrierUnits, bits: hop.bits.length };
        const soft = air.listen(SITE, asked).softBits ?? new Int8Array(hop.bits.length);
        soft.forEach((value, bit) => {
          if (bit < 2) return;
          outcome.bits++;
          if (value > 0 !== (hop.bits[bit] === 1)) outcome.wrong++;
        });
        return soft;
      });
      const [header, ...rest] = fragments;
      if (header && decodeHeader(header, TUNING).ok) outcome.headers++;
      if (decodePayload({ payloadBytes: 20, codingRate }, rest).ok) outcome.packets++;
    }
    const { packets, headers, wrong, bits } = outcome;
    return { packets: packets / TRIALS, headers: headers / TRIALS, rawErrors: wrong / bits };
  }

  // lr-fhss.md section 11, soft decoding; 150 trials leave a deviation of up to 4 % of their own
  it.each<[Rate, CodingRate, number, number]>([
    [0.146, 3, 0.96, 0.68],
    [0.12, 3, 1, 0.89],
    [0.12, 2, 0.72, 0.89],
    [0.09, 2, 0.96, 0.97],
    [0.09, 1, 0.41, 0.97],
    [0.06, 1, 0.85, 0.998],
    [0.06, 0, 0.14, 0.998],
    [0.035, 0, 0.77, 1],
  ])(
    "at a raw error rate of %f, coding rate %i, decodes %f of packets and %f of headers",
    (rate, codingRate, packets, headers) => {
      const got = measure(rate, codingRate);
      expect(Math.abs(got.rawErrors - rate)).toBeLessThan(0.004);
      expect(Math.abs(got.packets - packets)).toBeLessThan(0.1);
      expect(Math.abs(got.headers - headers)).toBeLessThan(0.1);
    },
  );

  it("detects all headers well above the noise and hardly any below it", () => {
    const share = (snrDb: number) => {
      let found = 0;
      for (let trial = 0; trial < 60; trial++) {
        const { air, hops } = airWith(STEADY, `detect ${trial}`);
        air.transmit(burst(payloadOf("d"), { powerDbm: FLOOR_DBM + snrDb }));
        found += detections(air, hops).length;
      }
      return found / 180;
    };
    expect(share(6)).toBe(1);
    expect(share(-2.5)).toBeGreaterThan(0.85);
    expect(share(-6)).toBeLessThan(0.7);
    expect(share(-8)).toBe(0);
  });
});

describe("two bursts on the same hops", () => {
  const two = (overDb: number, impairments: Impairments) => {
    const { air, hops } = airWith(impairments);
    air.transmit(burst(payloadOf("strong"), { powerDbm: FLOOR_DBM + 20 + overDb, address: 1 }));
    air.transmit(burst(payloadOf("weak"), { powerDbm: FLOOR_DBM + 20, address: 2 }));
    const [first] = detections(air, hops);
    return first && receive(air, first);
  };

  it("leave the one that is 6 dB stronger", () => {
    expect(two(6, STEADY)).toEqual(payloadOf("strong"));
  });

  it("are both lost, however strong one is, where the capture effect is left out", () => {
    expect(two(6, COLLISIONS_ONLY)).toBeUndefined();
  });

  it("spoil only the bits which they share", () => {
    const { air, hops } = airWith(COLLISIONS_ONLY);
    const sent = burst(payloadOf("partly"));
    air.transmit(sent);
    air.transmit({ ...sent, startNs: sent.startNs + 30n * BIT_NS, address: 2 });
    const [hop] = hops;
    const asked = { startNs: sent.startNs, carrierUnits: hop?.carrierUnits ?? 0, bits: 50 };
    const soft = air.listen(SITE, asked).softBits ?? new Int8Array(0);
    expect([...soft.subarray(1, 31)].every((bit) => Math.abs(bit) === 127)).toBe(true); // 30 is the other's smeared guard
    expect([...soft.subarray(31)].every((bit) => bit === 0)).toBe(true);
  });

  it("do not meet one slot apart", () => {
    const { air, hops } = airWith(COLLISIONS_ONLY);
    air.transmit(burst(payloadOf("one"), { address: 1 }));
    air.transmit(burst(payloadOf("other"), { address: 2 }, { deviceOffset: 1 }));
    const found = detections(air, hops).map((one) => receive(air, one));
    expect(found).toEqual(
      ["one", "one", "one", "other", "other", "other"].map((text) => payloadOf(text)),
    );
  });

  it("lose the weaker one's shared hops and not its others", () => {
    const { air, hops } = airWith(STEADY);
    const weak = burst(payloadOf("weak"), { powerDbm: FLOOR_DBM + 15, address: 2 });
    air.transmit(weak);
    // the strong one's first header starts where the weak one's third fragment is
    const place = weak.frame.hops[5];
    const strong = burst(payloadOf("strong"), { powerDbm: FLOOR_DBM + 35, address: 1 });
    const shift = carrierOf(weak, 5) - carrierOf(strong, 0);
    air.transmit({
      ...strong,
      startNs: weak.startNs + BigInt(place?.firstBit ?? 0) * BIT_NS,
      centreHz: 868_130_000 + shift * 244.140625,
    });
    const [first] = detections(air, hops);
    expect(first && receive(air, first)).toEqual(payloadOf("weak"));
    const asked = {
      startNs: EPOCH_NS + BigInt(hops[5]?.startNs ?? 0),
      carrierUnits: carrierOf(weak, 5),
      bits: 50,
    };
    const soft = air.listen(SITE, asked).softBits ?? new Int8Array(0);
    const wrong = [...soft].filter((bit, at) => bit > 0 !== (hops[5]?.bits[at] === 1)).length;
    expect(wrong).toBeGreaterThan(10);
  });
});

it("loses hops at random", () => {
  const { air, hops } = airWith({ lostHopShare: 0.2, hopFadingDb: 0, shadowingDb: 0 });
  for (let n = 0; n < 60; n++) {
    air.transmit(
      burst(payloadOf("lost"), { address: n, startNs: EPOCH_NS + BigInt(n) * 3_000_000_000n }),
    );
  }
  const levels = hops.map((hop) => air.levelDbm(SITE, hop));
  const lost = levels.filter((level) => level < Math.max(...levels) - 30).length;
  expect(lost / hops.length).toBeGreaterThan(0.15);
  expect(lost / hops.length).toBeLessThan(0.25);
});
