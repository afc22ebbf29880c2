import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HEADER_BITS, type LrFhssChannel } from "../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload, planFragments } from "../protocol/air/lr-fhss-decode.ts";
import type { HeaderFrame } from "../protocol/modem/line-frame.ts";
import { hex } from "../tests/hex.ts";
import { steppedSchedule } from "./channel/schedule.ts";
import { siteClock } from "./channel/site-clock.ts";
import { EPOCH_NS } from "./channel/test-frame.ts";
import { pipeTo } from "./modem-listen.ts";
import { ModemSim } from "./modem-sim.ts";
import { parseRecordings, type Recording } from "./play.ts";
import { playRadio } from "./play-radio.ts";
import { CONFIG, TestHost } from "./test-host.ts";

const FILE = new URL("../tests/vectors/lr-fhss-noisy.json", import.meta.url);
const text = readFileSync(FILE, "utf8");
interface NoisyCase {
  readonly id: string;
  readonly expect: { readonly payload: string } | null;
}
const { cases } = JSON.parse(text) as { readonly cases: readonly NoisyCase[] };
const HOPPING_BITS = 114;

/** A host of few words: each header that decodes is collected, whole. */
async function playToHost(recordings: readonly Recording[], channel: LrFhssChannel) {
  const schedule = steppedSchedule(EPOCH_NS);
  const skipped: string[] = [];
  const end = { isReached: false };
  const radio = playRadio({
    ...{ recordings, schedule },
    onSkipped: ({ id }) => skipped.push(id),
    onFinished: () => {
      end.isReached = true;
    },
  });
  const clock = siteClock({ clockErrorNs: 250_000, clockDriftPpb: 30 }, EPOCH_NS);
  const modem = new ModemSim({ modemId: "00000000000000aa", radio, schedule, clock });
  const host = new TestHost(pipeTo(modem));
  host.send({ ...CONFIG, ...channel });
  let token = 1;
  await host.settled(token++);
  const payloads = new Set<string>();
  let taken = 0;
  while (!end.isReached) {
    schedule.stepTo(schedule.nowNs() + 500_000_000n);
    await host.settled(token++);
    for (const frame of host.named("header").slice(taken)) {
      taken++;
      const payload = await collectPacket(host, frame, channel, (ns) => {
        schedule.stepTo(ns);
      });
      if (payload) payloads.add(hex(payload));
    }
  }
  return { payloads, skipped, host };
}

async function collectPacket(
  host: TestHost,
  header: HeaderFrame,
  channel: LrFhssChannel,
  stepTo: (ns: bigint) => void,
): Promise<Uint8Array | undefined> {
  const decoded = decodeHeader(header.softBits, channel);
  if (!decoded.ok) return undefined;
  const plan = planFragments(decoded.header, header.timeNs, header.carrierUnits);
  const token = 1000 + header.token;
  const { fragments, payloadStartNs: startNs } = plan;
  host.send({ name: "collect", token, headerToken: header.token, startNs, fragments });
  await host.settled(30_000 + header.token);
  stepTo(plan.payloadEndNs + 10_000_000n);
  await host.until((frame) => frame.name === "capture-end" && frame.token === token);
  const soft = host
    .named("capture")
    .filter((one) => one.token === token)
    .map((one) => (one.status === "heard" ? one.softBits : null));
  const payload = decodePayload(decoded.header, soft);
  return payload.ok ? payload.payload : undefined;
}

/** One channel of the set; each of the others would be another CONFIG. */
const of = (id: string): Recording => {
  const recording = recordings.find((one) => one.id === id);
  if (!recording) throw new Error(`no case ${id}`);
  return recording;
};
const recordings = parseRecordings(text, "lr-fhss-noisy.json");
const hoppingIds = cases
  .filter(
    ({ id }) => of(id).hops.length > 1 && of(id).hops.every(({ bits }) => bits <= HOPPING_BITS),
  )
  .map(({ id }) => id);

describe("playing recordings", () => {
  it("brings every recorded frame over the modem line as it was recorded", async () => {
    expect(hoppingIds.length).toBeGreaterThan(40);
    const groups = Map.groupBy(hoppingIds, (id) => {
      const { syncWord, grid, bandwidth } = of(id);
      return JSON.stringify({ syncWord, grid, bandwidth });
    });
    for (const [key, ids] of groups) {
      const { payloads } = await playToHost(ids.map(of), JSON.parse(key) as LrFhssChannel);
      const wanted = cases
        .filter((one) => ids.includes(one.id))
        .flatMap((one) => one.expect?.payload ?? []);
      expect(payloads).toEqual(new Set(wanted));
    }
  });

  it("sends header hops as HEADER with the recorded bits, time and carrier, and no level", async () => {
    const recording = of("nd000");
    const { host } = await playToHost([recording], recording);
    const heard = recording.hops.filter(({ bits, softBits }) => bits === HEADER_BITS && softBits);
    expect(host.named("header")).toMatchObject(
      heard.map(({ softBits, carrierUnits }) => ({
        softBits,
        carrierUnits,
        rssiTenthDbm: undefined,
      })),
    );
  });

  it("skips what is under another sync word", async () => {
    const { skipped, host } = await playToHost([of("nd000")], { ...of("nd000"), syncWord: 1 });
    expect(skipped).toEqual(["nd000"]);
    expect(host.named("header")).toEqual([]);
  });
});

describe("a file that is wrong", () => {
  const good = {
    id: "a1",
    config: { sync_word: "2c0f7995", grid: 1, bw: 2 },
    hops: [{ first_bit: 0, bits: 114, offset_hz: 0, soft: btoa("x".repeat(114)) }],
  };
  const parse = (entry: unknown) => parseRecordings(JSON.stringify({ cases: [entry] }), "f.json");
  const [hop] = good.hops;

  it("is not said of one that is right", () => {
    expect(parse(good)).toHaveLength(1);
    expect(
      parse({ ...good, hops: [hop, { ...hop, soft: null }] })[0]?.hops[1]?.softBits,
    ).toBeUndefined();
  });

  it.each([
    ["id", { ...good, id: 7 }, /f\.json: case 0: id: must be text/],
    ["config", { ...good, config: null }, /f\.json: case a1: config: must be an object/],
    ["sync word", { ...good, config: { ...good.config, sync_word: "2c" } }, /case a1: sync_word/],
    ["grid", { ...good, config: { ...good.config, grid: 2 } }, /case a1: grid: .* from 0 to 1/],
    ["hops", { ...good, hops: {} }, /case a1: hops: must be a list/],
    [
      "no header",
      { ...good, hops: [{ ...hop, bits: 50, soft: null }] },
      /case a1: hops: none has the 114/,
    ],
    ["bits", { ...good, hops: [{ ...hop, bits: 2 }] }, /case a1, hop 0: bits: .* from 3/],
    [
      "soft length",
      { ...good, hops: [{ ...hop, bits: 113 }] },
      /hop 0: soft: holds 114 bytes for 113/,
    ],
    ["soft text", { ...good, hops: [{ ...hop, soft: "***" }] }, /hop 0: soft: must be text/],
    ["offset", { ...good, hops: [{ ...hop, offset_hz: 1e9 }] }, /hop 0: offset_hz/],
  ])("names file, case and field: %s", (_what, entry, message) => {
    expect(() => parse(entry)).toThrow(message);
  });

  it.each([
    ["{", /f\.json: is not JSON/],
    ["[]", /f\.json: the whole: must be an object/],
    ['{"cases":[]}', /f\.json: has no cases/],
  ])("names the file: %s", (content, message) => {
    expect(() => parseRecordings(content, "f.json")).toThrow(message);
  });
});
