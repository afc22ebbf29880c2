import { NOW_MS, seedPacket, seedTerminals } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

const NS = 1_000_000n;

/** Terminal 5 is customer c1's since long ago, terminal 6 nobody's. */
export const existing: Part = {
  async seed(db) {
    await seedTerminals(db, [
      { address: 5, name: "Car 5" },
      { address: 6, name: "Car 6" },
    ]);
    const asset = { id: "a5", customer_id: "c1", kind: "vehicle", name: "Car 5", note: "" };
    await db
      .insertInto("asset")
      .values({ ...asset, created_at: new Date(NOW_MS), version: 1 })
      .execute();
    await db
      .insertInto("assignment")
      .values({
        ...{ id: "s5", address: 5, asset_id: "a5", customer_id: "c1" },
        ...{ from_ns: BigInt(NOW_MS - 86_400_000) * NS, reason: "" },
      })
      .execute();
    await seedPacket(db, { id: 1, address: 5, counter: 1 });
  },
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /health", /*                */ gets: "oooooooooo", url: "/health" },
    { route: "GET /metrics", /*               */ gets: "oofffffffu", url: "/metrics" },
    { route: "GET /api/config", /*            */ gets: "oooooooooo", url: "/api/config" },
    {
      route: "GET /api/map/streets.geojson" /*              */,
      gets: "oooooooooo",
      url: "/api/map/streets.geojson",
    },
    { route: "GET /api/profiles", /*          */ gets: "oooooooofu", url: "/api/profiles" },
    { route: "GET /api/gateways", /*          */ gets: "oofooofffu", url: "/api/gateways" },
    { route: "GET /api/positions", /*         */ gets: "oofooooofu", url: "/api/positions" },
    { route: "GET /api/terminals", /*         */ gets: "oooooooofu", url: "/api/terminals" },
    {
      route: "GET /api/terminals/{address}",
      gets: "oooooooofu",
      url: "/api/terminals/5",
    },
    {
      route: "GET /api/terminals/{address}/history",
      gets: "oofooooofu",
      url: "/api/terminals/5/history?fields=speed",
    },
    {
      route: "GET /api/terminals/{address}/track",
      gets: "oofooooofu",
      url: "/api/terminals/5/track",
    },
    {
      route: "GET /api/terminals/{address}/trips",
      gets: "oofooooofu",
      url: "/api/terminals/5/trips?from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z",
    },
    { route: "GET /api/packets", /*           */ gets: "oofooooofu", url: "/api/packets" },
    { route: "GET /api/packets/{id}", /*      */ gets: "oofooooofu", url: "/api/packets/1" },
    { route: "GET /api/events", /*            */ gets: "oofooooofu", url: "/api/events" },
  ],
};
