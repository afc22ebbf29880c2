import { describe, expect, it } from "vitest";
import { PREAMBLE_BITS } from "../protocol/air/pocsag.ts";
import { EPOCH_NS } from "./channel/test-frame.ts";
import { modemAndHost, PAGE_S, page, SECOND_NS, shownNs, WORDS } from "./test-modem.ts";

describe("PAGE", () => {
  it("is sent at once for an earliest start of 0, and PAGED when its last bit has ended", async () => {
    const { host, settled, step, sent } = await modemAndHost();
    await step(2);
    host.send(page());
    await settled();
    await step(PAGE_S - 0.001);
    expect(host.named("paged")).toEqual([]);
    await step(0.002);
    expect(sent).toEqual([{ startNs: EPOCH_NS + 2n * SECOND_NS, bitRate: 1200, words: WORDS }]);
    expect(host.named("paged")).toMatchObject([
      { token: 30, status: "sent", firstPreambleBitAtNs: shownNs(2) },
    ]);
    expect(PAGE_S).toBeGreaterThan(PREAMBLE_BITS / 1200);
  });

  it("waits for its earliest start and for the page before it", async () => {
    const { host, settled, step, sent } = await modemAndHost();
    host.send(page({ token: 1, earliestNs: shownNs(3) }));
    host.send(page({ token: 2, earliestNs: shownNs(2.9) }));
    await settled();
    await step(10);
    const starts = sent.map(({ startNs }) => Number(startNs - EPOCH_NS) / 1e9);
    expect(starts[0]).toBeCloseTo(2.9, 6);
    expect(starts[1]).toBeCloseTo(2.9 + PAGE_S, 6);
    expect(host.named("paged").map(({ token, status }) => [token, status])).toEqual([
      [2, "sent"],
      [1, "sent"],
    ]);
  });

  it("is too late once its latest start has passed, also behind another page", async () => {
    const { host, settled, step, sent } = await modemAndHost();
    await step(5);
    host.send(page({ token: 1, latestNs: shownNs(4.9) }));
    host.send(page({ token: 2, earliestNs: shownNs(9), latestNs: shownNs(8) }));
    host.send(page({ token: 3 }));
    host.send(page({ token: 4, latestNs: shownNs(5.2) }));
    await settled();
    await step(10);
    expect(sent).toHaveLength(1);
    expect(
      host
        .named("paged")
        .map(({ token, status, firstPreambleBitAtNs: at }) => [token, status, at > 0n]),
    ).toEqual([
      [1, "too-late", false],
      [2, "too-late", false],
      [4, "too-late", false],
      [3, "sent", true],
    ]);
  });

  it("is busy beyond the number it said", async () => {
    const { host, settled } = await modemAndHost({ limits: { concurrentPages: 2 } });
    for (const token of [1, 2, 3]) host.send(page({ token }));
    await settled();
    expect(host.named("paged")).toMatchObject([
      { token: 3, status: "busy", firstPreambleBitAtNs: 0n },
    ]);
  });

  it("can be cancelled while it waits, and not once it is on the air", async () => {
    const { host, settled, step, sent } = await modemAndHost();
    host.send(page({ token: 1 }));
    host.send(page({ token: 2 }));
    host.send({ name: "cancel", token: 1 });
    host.send({ name: "cancel", token: 2 });
    await settled();
    await step(5);
    expect(sent).toHaveLength(1);
    expect(host.named("paged").map(({ token, status }) => [token, status])).toEqual([
      [2, "cancelled"],
      [1, "sent"],
    ]);
  });
});
