import { MOVED_THINGS } from "../../domain/customers/merges.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const VERSION = { "if-match": '"1"' };
const AT = new Date(NOW_MS);

const customers: readonly Row[] = [
  //                                                 AOBCERWMKS
  { route: "GET /api/customers", /*          */ gets: "oooooooofu", url: "/api/customers" },
  { route: "GET /api/customers/tags", /*     */ gets: "oooooooofu", url: "/api/customers/tags" },
  { route: "GET /api/customers/export", /*   */ gets: "ofoffffffu", url: "/api/customers/export" },
  {
    route: "POST /api/customers",
    gets: "ofoofffffu",
    url: "/api/customers",
    payload: { kind: "person", name: "New" },
  },
  { route: "GET /api/customers/{id}", /*     */ gets: "oooooooofu", url: "/api/customers/c1" },
  {
    route: "GET /api/customers/{id}",
    of: "of another customer",
    gets: "oooooonnfu",
    url: "/api/customers/c2",
  },
  {
    route: "GET /api/customers/{id}",
    of: "that nobody has",
    gets: "nnnnnnnnfu",
    url: "/api/customers/c9",
  },
  {
    route: "GET /api/customers/{id}",
    of: "that was merged",
    gets: "ccccccnnfu",
    url: "/api/customers/c3",
  },
  {
    route: "PATCH /api/customers/{id}",
    gets: "ofoofffffu",
    url: "/api/customers/c1",
    payload: { phone: "110" },
    headers: VERSION,
  },
];

/** Each of these is asked of customer c1 and then of another. */
const parts: readonly Row[] = (
  [
    // of c1       of c2
    ["assets", "oooooooofu", "oooooonnfu"],
    ["users", "offfffoffu", "offfffnffu"],
    ["contacts", "oooooooofu", "oooooonnfu"],
    ["sites", "oooooooofu", "oooooonnfu"],
    ["consents", "oooooooofu", "oooooonnfu"],
    ["notes", "oooooonnfu", "oooooonnfu"], // the operator's own
    ["personal-data", "ofoofffffu", "ofoofffffu"],
    ["erasure", "offffffffu", "offffffffu"],
  ] as const
).flatMap(([part, own, other]) => [
  { route: `GET /api/customers/{id}/${part}`, gets: own, url: `/api/customers/c1/${part}` },
  {
    route: `GET /api/customers/{id}/${part}`,
    of: "of another customer",
    gets: other,
    url: `/api/customers/c2/${part}`,
  },
]);

const changes: readonly Row[] = [
  {
    route: "POST /api/customers/{id}/contacts",
    gets: "ofoofffffu",
    url: "/api/customers/c1/contacts",
    payload: { name: "Li", role: "boss", language: "en" },
  },
  {
    route: "PATCH /api/customers/{id}/contacts/{contactId}",
    gets: "ofoofffffu",
    url: "/api/customers/c1/contacts/contact-1",
    payload: { role: "owner" },
    headers: VERSION,
  },
  {
    route: "PATCH /api/customers/{id}/contacts/{contactId}",
    of: "of another customer",
    gets: "nfnnfffffu",
    url: "/api/customers/c2/contacts/contact-1",
    payload: { role: "owner" },
  },
  {
    route: "DELETE /api/customers/{id}/contacts/{contactId}",
    gets: "ofoofffffu",
    url: "/api/customers/c1/contacts/contact-1",
    headers: VERSION,
  },
  {
    route: "POST /api/customers/{id}/sites",
    gets: "ofoofffffu",
    url: "/api/customers/c1/sites",
    payload: { name: "Yard", address: "" },
  },
  {
    route: "PATCH /api/customers/{id}/sites/{siteId}",
    gets: "ofoofffffu",
    url: "/api/customers/c1/sites/site-1",
    payload: { name: "Quay" },
    headers: VERSION,
  },
  {
    route: "DELETE /api/customers/{id}/sites/{siteId}",
    gets: "ofoofffffu",
    url: "/api/customers/c1/sites/site-1",
    headers: VERSION,
  },
  {
    route: "POST /api/customers/{id}/notes",
    gets: "ofoofffffu",
    url: "/api/customers/c1/notes",
    payload: { text: "called" },
  },
  {
    route: "POST /api/customers/{id}/consents",
    gets: "ofoofffffu",
    url: "/api/customers/c1/consents",
    payload: { channel: "sms", granted: true, source: "form" },
  },
  {
    route: "POST /api/customers/{id}/erasure",
    gets: "offffffffu",
    url: "/api/customers/c2/erasure",
    payload: { number: "C2", reason: "asked" },
  },
];

const merges: readonly Row[] = [
  { route: "GET /api/customers/duplicates", gets: "ofoofffffu", url: "/api/customers/duplicates" },
  { route: "GET /api/customers/merges", /*   */ gets: "ofoofffffu", url: "/api/customers/merges" },
  {
    route: "POST /api/customers/{id}/merge",
    gets: "ofoofffffu",
    url: "/api/customers/c4/merge",
    payload: { into: "c1" },
  },
  {
    route: "POST /api/customers/merges/{id}/undo",
    gets: "ofoofffffu",
    url: "/api/customers/merges/merge-1/undo",
    payload: {},
  },
];

const customer = (id: string, mergedInto: string | null) => ({
  ...{ id, number: id.toUpperCase(), kind: "organisation" as const, name: id, language: "en" },
  ...{ time_zone: "UTC", tags: "[]", created_at: AT, version: 1, merged_into: mergedInto },
});

export const customerPart: Part = {
  rows: [...customers, ...parts, ...changes, ...merges],
  async seed(db) {
    await db
      .insertInto("customer")
      .values([customer("c4", null), customer("c3", "c4")])
      .execute();
    const of = { customer_id: "c1", name: "x", created_at: AT, version: 1 };
    await db
      .insertInto("contact")
      .values({ ...of, id: "contact-1", role: "boss", language: "en" })
      .execute();
    await db
      .insertInto("site")
      .values({ ...of, id: "site-1", address: "" })
      .execute();
    const ids = Object.fromEntries(MOVED_THINGS.map((thing) => [thing, []]));
    const moved = { parentId: null, ids, seen: { assignment: [], asset: [] } };
    await db
      .insertInto("customer_merge")
      .values({
        ...{ id: "merge-1", from_id: "c3", into_id: "c4", by_name: "Ann", at: AT },
        moved: JSON.stringify(moved),
      })
      .execute();
  },
};
