import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect } from "vitest";
import { openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

// what is stored must be committed before anyone is told, so these tests share one database and commit
const test = base.extend("api", async ({ database }, { onCleanup }) => {
  const api = await openApi(database);
  onCleanup(() => api.app.close());
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  return { ...api, port };
});

interface Client {
  /** Resolves when the text that came so far holds what is waited for. */
  until(part: string): Promise<string>;
  close(): void;
}

function listen(port: number, query: string, lastEventId?: string): Client {
  let text = "";
  let look = (): void => undefined;
  const asked = request({
    port,
    host: "127.0.0.1",
    path: `/api/events${query}`,
    headers: { accept: "text/event-stream", ...(lastEventId && { "last-event-id": lastEventId }) },
  });
  asked.on("response", (answer) => {
    answer.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      look();
    });
  });
  asked.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "ECONNRESET") throw error;
  });
  asked.end();
  return {
    until: (part) =>
      new Promise((resolve) => {
        look = () => {
          if (text.includes(part)) resolve(text);
        };
        look();
      }),
    close: () => {
      asked.destroy();
    },
  };
}

describe("live events", () => {
  test("tell of a packet once it is stored, to those whose filter it passes", async ({
    api,
    database,
  }) => {
    await seedTerminals(database, [
      { address: 5, name: "Car" },
      { address: 6, name: "Lamp", profile: "streetlight" },
    ]);
    const all = listen(api.port, "");
    const lamp = listen(api.port, "?terminal=6");
    await Promise.all([all.until("event: hello"), lamp.until("event: hello")]);
    await api.live.tick(); // from here on
    await seedPacket(database, { id: 1, address: 5, counter: 1, gateways: ["gw-1", "gw-2"] });
    await api.live.tick();
    await seedPacket(database, { id: 2, address: 6, counter: 1 });
    await api.live.tick();

    const told = await all.until('"id":"2"');
    expect(told.match(/event: packet/g)).toHaveLength(2);
    expect(told).toContain('"packetId":"1","gatewayId":"gw-2"');
    expect(told).toContain('"name":"Car"'); // its position
    const toldOfLamp = await lamp.until('"id":"2"');
    expect(toldOfLamp).not.toContain('"id":"1"');
    all.close();
    lamp.close();
  });

  test("go on for a client that comes back from where it was, and say when it missed too much", async ({
    api,
    database,
  }) => {
    const first = listen(api.port, "");
    await first.until("event: hello");
    await api.live.tick();
    await seedPacket(database, { id: 11, verdict: "bad-tag" });
    await api.live.tick();
    const lastId = /id: (\d+)/.exec(await first.until('"id":"11"'))?.[1];
    first.close();
    await seedPacket(database, { id: 12, verdict: "bad-tag" });

    const again = listen(api.port, "", lastId);
    const told = await again.until('"id":"12"');
    expect(told).not.toContain('"id":"11"');
    again.close();

    const lost = listen(api.port, "", "nonsense");
    await lost.until("event: missed");
    lost.close();
  });

  test("refuse a filter that does not exist and name it", async ({ api }) => {
    const answer = await api.app.inject({
      url: "/api/events?verdict=odd",
      headers: { host: "localhost", accept: "text/event-stream" },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ field: "verdict" });
  });
});
