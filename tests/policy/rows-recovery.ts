import type { Db } from "../../domain/db/database.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

/** Case r1 is customer c1's and r2 is c2's, both of terminal 6, which is nobody's by now; r1 has a link and a pack. */
async function seed(db: Db): Promise<void> {
  const at = new Date(NOW_MS);
  const one = {
    ...{ address: 6, stolen_at: at, opened_at: at, version: 1 },
    ...{ state: "open" as const, vehicle_name: "Van", plate: null, vin: null },
    ...{ interval_before_s: 30, interval_short_s: 10 },
  };
  await db
    .insertInto("recoveries")
    .values([
      { ...one, id: "r1", asset_id: "a6", customer_id: "c1" },
      { ...one, id: "r2", asset_id: "a7", customer_id: "c2" },
    ])
    .execute();
  await db
    .insertInto("recovery_links")
    .values({
      ...{ id: "l1", recovery_id: "r1", token_sha256: "of-nothing", label: "Police", made_at: at },
      expires_at: new Date(NOW_MS + 3_600_000),
    })
    .execute();
  await db
    .insertInto("recovery_packs")
    .values({
      ...{ id: "p1", recovery_id: "r1", made_at: at, made_by: "owner", names_operator: false },
      ...{ language: "en", pdf: Uint8Array.of(37, 80, 68, 70), signature_file: "{}" },
    })
    .execute();
}

const STEP = { kind: "note", text: "seen" };

export const recoveryPart: Part = {
  seed,
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/recoveries", /*        */ gets: "oofooooofu", url: "/api/recoveries" },
    { route: "GET /api/recoveries/{id}", /*   */ gets: "oofooooofu", url: "/api/recoveries/r1" },
    {
      route: "GET /api/recoveries/{id}",
      of: "of another customer",
      gets: "oofooonnfu",
      url: "/api/recoveries/r2",
    },
    {
      route: "GET /api/recoveries/{id}/track",
      gets: "oofooooofu",
      url: "/api/recoveries/r1/track",
    },
    {
      route: "GET /api/recoveries/{id}/track",
      of: "of another customer",
      gets: "oofooonnfu",
      url: "/api/recoveries/r2/track",
    },
    {
      route: "POST /api/recoveries",
      gets: "ooffffoffu",
      url: "/api/recoveries",
      payload: { terminal: 5 },
    },
    {
      route: "POST /api/recoveries",
      of: "of a terminal that is nobody's",
      gets: "ccffffnffu",
      url: "/api/recoveries",
      payload: { terminal: 6 },
    },
    {
      route: "POST /api/recoveries/{id}/entries",
      gets: "ooffffoffu",
      url: "/api/recoveries/r1/entries",
      payload: STEP,
    },
    {
      route: "POST /api/recoveries/{id}/entries",
      of: "of another customer",
      gets: "ooffffnffu",
      url: "/api/recoveries/r2/entries",
      payload: STEP,
    },
    {
      route: "POST /api/recoveries/{id}/interval",
      of: "a terminal that is somebody else's by now",
      gets: "ccffffcffu",
      url: "/api/recoveries/r1/interval",
      payload: {},
    },
    {
      route: "POST /api/recoveries/{id}/links",
      gets: "ooffffoffu",
      url: "/api/recoveries/r1/links",
      payload: { label: "Police" },
    },
    {
      route: "POST /api/recoveries/{id}/links",
      of: "of another customer",
      gets: "ooffffnffu",
      url: "/api/recoveries/r2/links",
      payload: { label: "Police" },
    },
    {
      route: "POST /api/recoveries/{id}/links/{link}/revoke",
      gets: "ooffffoffu",
      url: "/api/recoveries/r1/links/l1/revoke",
      payload: {},
    },
    {
      route: "POST /api/recoveries/{id}/packs",
      gets: "ooffffoffu",
      url: "/api/recoveries/r1/packs",
      payload: {},
    },
    {
      route: "GET /api/recoveries/{id}/packs/{pack}/pdf",
      gets: "oofooooofu",
      url: "/api/recoveries/r1/packs/p1/pdf",
    },
    {
      route: "GET /api/recoveries/{id}/packs/{pack}/sig",
      gets: "oofooooofu",
      url: "/api/recoveries/r1/packs/p1/sig",
    },
    {
      route: "GET /api/recoveries/{id}/packs/{pack}/sig",
      of: "of another case",
      gets: "nnfnnnnnfu",
      url: "/api/recoveries/r2/packs/p1/sig",
    },
    { route: "GET /api/evidence-key", /*      */ gets: "oooooooooo", url: "/api/evidence-key" },
    { route: "GET /shared/{token}", /*        */ gets: "nnnnnnnnnn", url: "/shared/unknown" },
  ],
};
