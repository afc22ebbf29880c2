import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

/** Terminal 5 is on a5 of customer c1 already; a6 of c1 and a7 of c2 have none, and terminal 6 is nobody's. */
export const assets: Part = {
  async seed(db) {
    const of = { kind: "vehicle", note: "", created_at: new Date(NOW_MS), version: 1 };
    await db
      .insertInto("asset")
      .values([
        { ...of, id: "a6", customer_id: "c1", name: "Van 6" },
        { ...of, id: "a7", customer_id: "c2", name: "Van 7" },
      ])
      .execute();
  },
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/assets", /*            */ gets: "oooooooofu", url: "/api/assets" },
    { route: "GET /api/assets/{id}", /*       */ gets: "oooooooofu", url: "/api/assets/a6" },
    {
      route: "GET /api/assets/{id}",
      of: "of another customer",
      gets: "oooooonnfu",
      url: "/api/assets/a7",
    },
    {
      route: "POST /api/assets",
      gets: "ooffofoffu",
      url: "/api/assets",
      payload: { customerId: "c1", kind: "bus", name: "Bus 8" },
    },
    {
      route: "POST /api/assets",
      of: "of another customer",
      gets: "ooffofnffu",
      url: "/api/assets",
      payload: { customerId: "c2", kind: "bus", name: "Bus 8" },
    },
    {
      route: "PATCH /api/assets/{id}",
      gets: "ooffofoffu",
      url: "/api/assets/a6",
      payload: { name: "Van 6a" },
    },
    {
      route: "PATCH /api/assets/{id}",
      of: "of another customer",
      gets: "ooffofnffu",
      url: "/api/assets/a7",
      payload: { name: "Van 7a" },
    },
    {
      route: "POST /api/assets/{id}/retire",
      gets: "ooffofoffu",
      url: "/api/assets/a6/retire",
      payload: {},
    },
    {
      route: "POST /api/assets/{id}/retire",
      of: "of another customer",
      gets: "ooffofnffu",
      url: "/api/assets/a7/retire",
      payload: {},
    },
    {
      route: "GET /api/assets/{id}/assignments",
      gets: "oooooooofu",
      url: "/api/assets/a5/assignments",
    },
    {
      route: "GET /api/assets/{id}/assignments",
      of: "of another customer",
      gets: "oooooonnfu",
      url: "/api/assets/a7/assignments",
    },
    {
      route: "GET /api/terminals/{address}/assignments",
      gets: "oooooooofu",
      url: "/api/terminals/5/assignments",
    },
    {
      route: "GET /api/terminals/{address}/assignments",
      of: "of nobody",
      gets: "oooooonnfu",
      url: "/api/terminals/6/assignments",
    },
    {
      route: "POST /api/assets/{id}/assign",
      gets: "oofffffffu",
      url: "/api/assets/a6/assign",
      payload: { address: 6 },
    },
    {
      route: "POST /api/assets/{id}/swap",
      gets: "oofffffffu",
      url: "/api/assets/a5/swap",
      payload: { oldAddress: 5, newAddress: 6 },
    },
    {
      route: "POST /api/assets/{id}/end",
      gets: "oofffffffu",
      url: "/api/assets/a5/end",
      payload: { address: 5 },
    },
    {
      route: "POST /api/assets/{id}/transfer",
      gets: "oofffffffu",
      url: "/api/assets/a5/transfer",
      payload: { customerId: "c2" },
    },
    {
      route: "GET /api/terminals/{address}",
      of: "of nobody",
      gets: "oooooonnfu",
      url: "/api/terminals/6",
    },
  ],
};
