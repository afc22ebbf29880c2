import { it as base, describe, expect } from "vitest";
import { fakeClock } from "../base/clock.ts";
import type { DuePage, HeardBy } from "../domain/packets/page-store.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import { decodePageRequest, type PageRequest } from "../protocol/messages.ts";
import { createAirtime } from "./airtime.ts";
import { newCounters } from "./counters.ts";
import { createPager } from "./pager.ts";

const NOW_MS = Date.UTC(2026, 0, 1);

/** A store in memory with the real one's rules: a page that was asked for is due again when its next attempt comes. */
function pager({ answersAtOnce = false, dutyPercent = 100 } = {}) {
  const clock = fakeClock(NOW_MS);
  const counters = newCounters();
  const rows: (DuePage & { dueMs: number })[] = [];
  const results: string[] = [];
  const steps: string[] = [];
  const answered: Promise<void>[] = [];
  const transmissions: { gatewayId: string; airMs: number; atMs: number }[] = [];
  const sent: { gatewayId: string; request: PageRequest }[] = [];
  const subject = createPager({
    clock,
    counters,
    commands: {
      async handOver(ids) {
        rows.splice(0, rows.length, ...rows.filter(({ id }) => !ids.includes(id)));
        return ids.map((pageId) => ({ pageId, expiresAtMs: NOW_MS + 120_000 }));
      },
      paged: async () => undefined,
    },
    airtime: createAirtime(dutyPercent),
    pageRate: 1200,
    partitions: { held: new Set([0]) },
    link: {
      isConnected: true,
      async publish(topic, payload) {
        const decoded = decodePageRequest(payload);
        if (!decoded.ok) throw new Error(decoded.fault);
        sent.push({ gatewayId: topic.split("/").at(-1) ?? "", request: decoded.message });
        if (answersAtOnce) answered.push(subject.result({ ...BUSY, id: decoded.message.id }));
      },
    },
    pages: {
      due: async (nowMs) => rows.filter(({ dueMs }) => dueMs <= nowMs),
      async requested(id, _gatewayId, nextAtMs) {
        const at = rows.findIndex((row) => row.id === id);
        const [row] = rows.splice(at, 1);
        steps.push(`${id} requested`);
        if (row && nextAtMs !== undefined)
          rows.push({ ...row, attempts: row.attempts + 1, dueMs: nextAtMs });
      },
      async result(id, result) {
        results.push(`${id} ${result}`);
        steps.push(`${id} ${result}`);
      },
      async transmitted({ gatewayId, airMs }, nowMs) {
        transmissions.push({ gatewayId, airMs, atMs: nowMs });
      },
      airtimeOfHour: async (nowMs) => {
        const recent = transmissions.filter(({ atMs }) => atMs >= nowMs - 3_600_000);
        const airMsOf = (id: string) =>
          recent.reduce((sum, one) => sum + (one.gatewayId === id ? one.airMs : 0), 0);
        return new Map(recent.map(({ gatewayId }) => [gatewayId, airMsOf(gatewayId)]));
      },
      expire: async () => 0,
    },
  });
  const add = (
    id: string,
    gateways: readonly HeardBy[],
    kind: DuePage["kind"] = "attach-accept",
    zoneGatewayId: string | null = null,
  ) => {
    const ric = 8 + rows.length * 8;
    const words = encodeTransmission([{ ric, function: 0, symbols: new Uint8Array(36) }]);
    const expiresAtMs = NOW_MS + 120_000;
    const priority = kind === "acknowledgement" ? 2 : 1;
    const page = { id, kind, words, attempts: 0, expiresAtMs, gateways, priority };
    rows.push({ ...page, zoneGatewayId, dueMs: 0 });
  };
  const sentTo = () => sent.map(({ gatewayId, request }) => `${gatewayId} ${request.id}`);
  const paged = (at: number, status: "sent" | "busy" = "sent") => {
    const request = sent[at]?.request;
    if (!request) throw new Error("nothing was sent");
    return subject.result({
      id: request.id,
      status,
      startedAtNs: BigInt(clock.now()) * 1_000_000n,
    });
  };
  return { ...subject, clock, add, sent, sentTo, paged, results, steps, answered, counters };
}

const BUSY = { status: "busy", startedAtNs: 0n } as const;
const heard = (levels: Readonly<Record<string, number>>): HeardBy[] =>
  Object.entries(levels).map(([gatewayId, levelDbm]) => ({ gatewayId, levelDbm }));
const test = base.extend("pages", async () => pager());

describe("the pager", () => {
  test("lets what waits for one gateway share a transmission", async ({ pages }) => {
    for (const id of ["a", "b", "c"]) pages.add(id, heard({ "gw-1": -100 }));
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0"]);
    await pages.paged(0);
    expect(pages.results).toEqual(["a sent", "b sent", "c sent"]);
  });

  test("gives a gateway the next transmission once the one before has left the air", async ({
    pages,
  }) => {
    pages.add("a", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    pages.add("b", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    await pages.paged(0); // it has begun
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0"]);
    pages.clock.advance(1_400); // two batches and preamble at 1200 bit/s are 1,387 ms
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0", "gw-1 b~0"]);
  });

  test("has two gateways send together only where each is heard over the other", async ({
    pages,
  }) => {
    pages.add("near-1", heard({ "gw-1": -80, "gw-2": -110 }));
    pages.add("near-2", heard({ "gw-2": -85, "gw-1": -112 }));
    pages.add("between", heard({ "gw-3": -100, "gw-1": -104 }));
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 near-1~0", "gw-2 near-2~0"]);
  });

  test("keeps the air for a page to a group that waits for it, from all that is no more urgent", async ({
    pages,
  }) => {
    pages.add("near-1", heard({ "gw-1": -80, "gw-3": -110 }));
    await pages.tick();
    pages.add("group", [], "group-command", "gw-2");
    pages.add("near-3", heard({ "gw-3": -80, "gw-1": -110 }));
    pages.add("near-4", heard({ "gw-4": -80, "gw-1": -110 }), "acknowledgement");
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 near-1~0", "gw-4 near-4~0"]);
    for (const at of [0, 1]) await pages.paged(at);
    pages.clock.advance(1_400);
    await pages.tick();
    expect(pages.sentTo().slice(2)).toEqual(["gw-2 group~0"]);
  });

  test("asks the next gateway at the next attempt", async ({ pages }) => {
    pages.add("a", heard({ "gw-1": -100, "gw-2": -101 }));
    await pages.tick();
    await pages.paged(0);
    pages.clock.advance(16_000);
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0", "gw-2 a~1"]);
  });

  test("goes on when a gateway could not send, and when it never answers", async ({ pages }) => {
    pages.add("a", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    await pages.paged(0, "busy");
    pages.add("b", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    pages.add("c", heard({ "gw-1": -100 }), "acknowledgement");
    pages.clock.advance(60_000);
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0", "gw-1 b~0", "gw-1 c~0"]);
  });

  test("has a gateway wait no longer when the clock is set back", async ({ pages }) => {
    pages.add("a", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    pages.clock.set(NOW_MS - 3_600_000);
    pages.add("b", heard({ "gw-1": -100 }), "acknowledgement");
    pages.clock.advance(60_000);
    await pages.tick();
    expect(pages.sentTo()).toEqual(["gw-1 a~0", "gw-1 b~0"]);
  });

  test("takes a result that is quicker than the broker's own answer after the request", async () => {
    const pages = pager({ answersAtOnce: true });
    pages.add("a", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    await Promise.all(pages.answered);
    expect(pages.steps).toEqual(["a requested", "a busy"]);
    pages.add("b", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick(); // the gateway is free again at once
    expect(pages.sentTo()).toEqual(["gw-1 a~0", "gw-1 b~0"]);
  });

  test("keeps to what a gateway may page in an hour", async () => {
    const pages = pager({ dutyPercent: 1 }); // 36 s
    const page = async (number: number, kind: DuePage["kind"]) => {
      pages.add(String(number), heard({ "gw-1": -100 }), kind);
      await pages.tick();
      if (pages.sentTo().length > number) await pages.paged(number);
      pages.clock.advance(5_000);
    };
    for (let number = 0; number < 60; number++) await page(number, "acknowledgement");
    expect(pages.sentTo().length).toBe(39); // of one batch and its preamble, 933 ms
    pages.clock.advance(3_600_000);
    pages.add("later", heard({ "gw-1": -100 }), "acknowledgement");
    await pages.tick();
    expect(pages.sentTo().length).toBe(40);
  });
});
