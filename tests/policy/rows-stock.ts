import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const VERSION = { "if-match": '"1"' };
const why = { reason: "a test" };
const suspend = { ...why, deed: "suspend" };

/** Of the table's terminals, 5 is customer c1's and 6 nobody's. */
const stock: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/stock", /*             */ gets: "oooooooofu", url: "/api/stock" },
  { route: "GET /api/stock/counts", /*      */ gets: "oooooooofu", url: "/api/stock/counts" },
  { route: "GET /api/stock/{address}", /*   */ gets: "oooooooofu", url: "/api/stock/5" },
  {
    route: "GET /api/stock/{address}",
    of: "a terminal of nobody",
    gets: "oooooonnfu",
    url: "/api/stock/6",
  },
  { route: "GET /api/stock/export", /*      */ gets: "oofffffffu", url: "/api/stock/export" },
  {
    route: "PATCH /api/stock/{address}",
    gets: "oofffffffu",
    url: "/api/stock/5",
    payload: { name: "Other" },
    headers: VERSION,
  },
  {
    route: "POST /api/stock/{address}/deeds",
    gets: "oofffffffu",
    url: "/api/stock/5/deeds",
    payload: suspend,
  },
  {
    route: "POST /api/stock/deeds",
    gets: "oofffffffu",
    url: "/api/stock/deeds",
    payload: { ...suspend, addresses: [5, 6] },
  },
];

const imports: readonly Row[] = [
  {
    route: "POST /api/imports/terminals",
    gets: "iifffffffu", // what it asks for is nothing, so that no import is left running
    url: "/api/imports/terminals?dry_run=perhaps",
  },
  {
    route: "POST /api/imports/customers",
    gets: "ififfffffu", // as above
    url: "/api/imports/customers?dry_run=perhaps",
  },
  //                                                AOBCERWMKS
  { route: "GET /api/imports", /*           */ gets: "ooooooooou", url: "/api/imports" },
  { route: "GET /api/imports/{id}", /*      */ gets: "oonnnnnnnu", url: "/api/imports/r1" },
  {
    route: "GET /api/imports/{id}",
    of: "an import of customers",
    gets: "ononnnnnnu",
    url: "/api/imports/r2",
  },
  {
    route: "GET /api/imports/{id}/problems",
    gets: "oonnnnnnnu",
    url: "/api/imports/r1/problems",
  },
  {
    route: "GET /api/imports/{id}/problems/export",
    gets: "oonnnnnnnu",
    url: "/api/imports/r1/problems/export",
  },
  {
    route: "POST /api/imports/{id}/undo",
    gets: "ccnnnnnnnu", // it is undone already
    url: "/api/imports/r1/undo",
    payload: why,
  },
];

const groups: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/groups", /*            */ gets: "oofooofffu", url: "/api/groups" },
  { route: "GET /api/groups/{id}", /*       */ gets: "oofooofffu", url: "/api/groups/1" },
  {
    route: "POST /api/groups",
    gets: "oofffffffu",
    url: "/api/groups",
    payload: { name: "North street" },
  },
  {
    route: "PATCH /api/groups/{id}",
    gets: "oofffffffu",
    url: "/api/groups/1",
    payload: { name: "South street" },
    headers: VERSION,
  },
  {
    route: "DELETE /api/groups/{id}",
    gets: "oofffffffu",
    url: "/api/groups/1",
    headers: VERSION,
  },
  {
    route: "POST /api/groups/{id}/members/add",
    gets: "oofffffffu",
    url: "/api/groups/1/members/add",
    payload: { addresses: [5] },
  },
  {
    route: "POST /api/groups/{id}/members/remove",
    gets: "oofffffffu",
    url: "/api/groups/1/members/remove",
    payload: { addresses: [5] },
  },
];

const gateways: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/gateways/{id}", /*     */ gets: "oofooofffu", url: "/api/gateways/gw-9" },
  {
    route: "POST /api/gateways",
    gets: "oofffffffu",
    url: "/api/gateways",
    payload: { id: "gw-10", name: "Tower" },
  },
  {
    route: "PATCH /api/gateways/{id}",
    gets: "oofffffffu",
    url: "/api/gateways/gw-9",
    payload: { name: "Tower" },
    headers: VERSION,
  },
  {
    route: "POST /api/gateways/{id}/secret",
    gets: "oofffffffu",
    url: "/api/gateways/gw-9/secret",
    payload: why,
  },
  {
    route: "POST /api/gateways/{id}/secret/revocation",
    gets: "oofffffffu",
    url: "/api/gateways/gw-9/secret/revocation",
    payload: why,
  },
  {
    route: "POST /api/gateways/{id}/retirement",
    gets: "oofffffffu",
    url: "/api/gateways/gw-9/retirement",
    payload: why,
  },
];

const at = new Date(NOW_MS);

export const stockPart: Part = {
  async seed(db) {
    const run = {
      ...{ file_name: "f.csv", by_id: "x", by_name: "X", dry_run: false, skip_bad: false },
      ...({ state: "undone", phase: "ended", lines_total: 1, lines_done: 1, added: 1 } as const),
      ...{ bad: 0, failure: null, started_at: at, touched_at: at, ended_at: at, undone_at: at },
    };
    await db
      .insertInto("import_run")
      .values([
        { ...run, id: "r1", kind: "terminals" },
        { ...run, id: "r2", kind: "customers" },
      ])
      .execute();
    await db
      .insertInto("device_group")
      .values({ id: 1, name: "Lamps", customer_id: null, note: "", created_at: at, version: 1 })
      .execute();
    await db
      .insertInto("gateway")
      .values({
        ...{
          id: "gw-9",
          name: "Nine",
          latitude: null,
          longitude: null,
          online: false,
          since: null,
        },
        ...{ seen_at: null, modems: "[]", counters: "{}", secret_sha256: "0".repeat(64) },
        ...{ secret_made_at: at, retired_at: null, version: 1 },
      })
      .execute();
  },
  rows: [...stock, ...imports, ...groups, ...gateways],
};
