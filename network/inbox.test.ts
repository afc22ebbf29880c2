import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import type { GatewayReport } from "../domain/devices/gateways.ts";
import { encodeGatewayState, encodePageResult, type PageResult } from "../protocol/messages.ts";
import { gatewayTopic, pagedTopic } from "../protocol/topics.ts";
import { newCounters } from "./counters.ts";
import { createInbox } from "./inbox.ts";

function inbox() {
  const reports: GatewayReport[] = [];
  const results: PageResult[] = [];
  const counters = newCounters();
  const take = createInbox({
    clock: fakeClock(),
    log: silentLog,
    counters,
    queue: { push: () => undefined },
    pager: { result: async (result) => void results.push(result) },
    gateways: { record: async (report) => void reports.push(report) },
  });
  return { take, reports, results, counters };
}

it("keeps a gateway's state whose modem pads its text with NUL, which no database holds", () => {
  const { take, reports } = inbox();
  const modem = {
    ...{ id: "", name: "serial\0", connected: true, clockState: 0, clockErrorNs: undefined },
    ...{ headersFound: 0, overruns: 0, badFrames: 0, temperatureC: 20, uptimeS: 1 },
    firmware: "1.2\0\0",
  };
  const place = { latitude: undefined, longitude: undefined };
  const state = { gatewayId: "gw-1", online: true, sinceNs: 0n, ...place, counters: {} };
  take(gatewayTopic("gw-1"), encodeGatewayState({ ...state, modems: [modem] }));
  expect(reports[0]?.modems).toMatchObject([{ name: "serial", firmware: "1.2" }]);
});

it("counts a page's result that no database can hold", () => {
  const { take, results, counters } = inbox();
  const result = { id: "9-0-1~0", status: "sent", startedAtNs: 5n } as const;
  for (const each of [{ ...result, startedAtNs: 2n ** 63n }, { ...result, id: "9\0" }, result])
    take(pagedTopic("gw-1"), encodePageResult(each));
  expect(results).toEqual([result]);
  expect(counters.malformed).toBe(2);
});
