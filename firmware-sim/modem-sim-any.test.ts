import fc from "fast-check";
import { expect, it } from "vitest";
import type { HostFrame } from "../protocol/modem/line-frame.ts";
import { anyHostFrame } from "../tests/arbitrary-line-frames.ts";
import { CONFIG } from "./test-host.ts";
import { collect, modemAndHost, page, shownNs } from "./test-modem.ts";

const token = fc.integer({ min: 1, max: 5 });
const seconds = fc.integer({ min: -250, max: 650 }).map((tenths) => tenths / 10);
const anyWork: fc.Arbitrary<HostFrame> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ token, seconds })
      .map(({ token: one, seconds: at }) => collect({ token: one, startNs: shownNs(at) })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ token, from: seconds, until: seconds })
      .map(({ token: one, from, until }) =>
        page({ token: one, earliestNs: shownNs(from), latestNs: shownNs(until) }),
      ),
  },
  { weight: 2, arbitrary: token.map((one): HostFrame => ({ name: "cancel", token: one })) },
  { weight: 1, arbitrary: fc.constant<HostFrame>(CONFIG) },
);
const FINAL = ["capture-end", "paged", "refused"];
const STEP_S = 3;

it("ends each COLLECT and PAGE exactly once, whatever else is asked meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyWork, { maxLength: 8 }), { maxLength: 8 }),
      async (rounds) => {
        const { host, step } = await modemAndHost({
          limits: { concurrentCollects: 3, concurrentPages: 2 },
        });
        for (const frames of rounds) {
          for (const frame of frames) host.send(frame);
          await step(STEP_S);
        }
        await step(120); // every latest start is past
        const asked = rounds.flat().filter(({ name }) => name === "collect" || name === "page");
        const ended = host.frames.filter(({ name }) => FINAL.includes(name));
        expect(ended.map((frame) => frame.token).sort()).toEqual(
          asked.map((frame) => frame.token).sort(),
        );
        for (const name of ["capture", "capture-end"] as const) {
          expect(
            host.named(name).every((frame) => asked.some((one) => one.token === frame.token)),
          ).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it("answers HELLO? after any frames and any noise", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(anyHostFrame, fc.uint8Array({ maxLength: 200 })), { maxLength: 20 }),
      async (sent) => {
        const { host, step } = await modemAndHost();
        for (const one of sent) {
          if (one instanceof Uint8Array) host.sendBytes(one);
          else host.send(one);
        }
        host.sendBytes(Uint8Array.of(0xc0)); // ends a frame that noise began
        await step(30);
        expect(host.named("status").length).toBeGreaterThanOrEqual(3);
      },
    ),
    { numRuns: 60 },
  );
});
