import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const AT = new Date(NOW_MS);
const channels = { critical: ["email"], major: [], minor: [], warning: [] };
const preferences = { channels, fallback: null, quiet: null, tellCleared: false, language: null };
const ladder = {
  ...{ name: "Night", severities: ["critical"], repeatMinutes: 15 },
  steps: [{ afterMinutes: 5, targets: [{ kind: "administrators" }] }],
};
const range = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";
const PRIVATE = "https://127.0.0.1/";

const delivery = (id: string, customerId: string, state: "dead" | "sent") => ({
  ...{ id, customer_id: customerId, recipient_kind: "contact" as const, recipient_id: "p1" },
  ...{ channel: "email" as const, target: "li@example.org", language: "en", template: "raised" },
  ...{ severity: "critical" as const, rank: 0, life_safety: true, bundle: false, items: 1, state },
  ...{ created_at: AT, next_at: AT },
});

const webhook = (id: string, customerId: string | null) => ({
  ...{ id, name: id, customer_id: customerId, url: "https://example.org/", version: 1 },
  ...{ sealed: new Uint8Array(60), severities: '["critical"]', created_at: AT },
});

const own: readonly Row[] = [
  //                                                AOBCERWMKS
  {
    route: "GET /api/me/notification-preferences",
    gets: "oooooooofu",
    url: "/api/me/notification-preferences",
  },
  {
    route: "PUT /api/me/notification-preferences",
    gets: "oooooooofu",
    url: "/api/me/notification-preferences",
    payload: { preferences, phone: "+86 21 5555 0100" },
  },
  {
    route: "POST /api/me/notification-preferences/test",
    gets: "oooooooofu",
    url: "/api/me/notification-preferences/test",
    payload: {},
  },
  {
    route: "GET /api/me/push-subscriptions",
    gets: "oooooooofu",
    url: "/api/me/push-subscriptions",
  },
  {
    route: "POST /api/me/push-subscriptions",
    of: "an address on this machine",
    gets: "iiiiiiiifu",
    url: "/api/me/push-subscriptions",
    payload: { endpoint: PRIVATE, p256dh: "x", auth: "x" },
  },
  {
    route: "DELETE /api/me/push-subscriptions/{id}",
    of: "of nobody",
    gets: "nnnnnnnnfu",
    url: "/api/me/push-subscriptions/x9",
  },
];

const ofCustomers: readonly Row[] = [
  //                                                AOBCERWMKS
  {
    route: "GET /api/customers/{id}/contacts/{contactId}/notification-preferences",
    gets: "oooooooofu",
    url: "/api/customers/c1/contacts/told-contact/notification-preferences",
  },
  {
    route: "GET /api/customers/{id}/contacts/{contactId}/notification-preferences",
    of: "a contact of another customer",
    gets: "oooooonnfu",
    url: "/api/customers/c2/contacts/other-contact/notification-preferences",
  },
  {
    route: "GET /api/customers/{id}/contacts/{contactId}/notification-preferences",
    of: "a contact of another customer, by one's own",
    gets: "nnnnnnnnfu",
    url: "/api/customers/c1/contacts/other-contact/notification-preferences",
  },
  {
    route: "PUT /api/customers/{id}/contacts/{contactId}/notification-preferences",
    gets: "ofooffoffu",
    url: "/api/customers/c1/contacts/told-contact/notification-preferences",
    payload: { preferences },
  },
  {
    route: "PUT /api/customers/{id}/contacts/{contactId}/notification-preferences",
    of: "a contact of another customer",
    gets: "ofooffnffu",
    url: "/api/customers/c2/contacts/other-contact/notification-preferences",
    payload: { preferences },
  },
  {
    route: "GET /api/customers/{id}/message-caps",
    gets: "oooooooofu",
    url: "/api/customers/c1/message-caps",
  },
  {
    route: "GET /api/customers/{id}/message-caps",
    of: "of another customer",
    gets: "oooooonnfu",
    url: "/api/customers/c2/message-caps",
  },
  {
    route: "PUT /api/customers/{id}/message-caps",
    gets: "ofoofffffu",
    url: "/api/customers/c1/message-caps",
    payload: { email: null, sms: 100, push: null, display: null },
  },
];

const log: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/notifications", /*     */ gets: "oofofooffu", url: "/api/notifications" },
  {
    route: "GET /api/notifications/{id}",
    gets: "oofofooffu",
    url: "/api/notifications/d1",
  },
  {
    route: "GET /api/notifications/{id}",
    of: "of another customer",
    gets: "oofofonffu",
    url: "/api/notifications/d2",
  },
  {
    route: "POST /api/notifications/{id}/replay",
    gets: "oofoffoffu",
    url: "/api/notifications/d1/replay",
    payload: {},
  },
  {
    route: "POST /api/notifications/{id}/replay",
    of: "of another customer, that was sent",
    gets: "ccfcffnffu",
    url: "/api/notifications/d2/replay",
    payload: {},
  },
  {
    route: "GET /api/notification-templates/preview",
    gets: "oofofooffu",
    url: "/api/notification-templates/preview?language=zh-CN",
  },
  // looking changes nothing and tells nothing to whoever has no link
  { route: "GET /acknowledge/{token}", /*   */ gets: "nnnnnnnnnn", url: "/acknowledge/a.b" },
  {
    route: "POST /acknowledge/{token}",
    gets: "nnnnnnnnnn",
    url: "/acknowledge/a.b",
    payload: "",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  },
];

const onCall: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/on-call", /*           */ gets: "oofofonffu", url: `/api/on-call?${range}` },
  {
    route: "POST /api/on-call",
    gets: "oofoffnffu",
    url: "/api/on-call",
    payload: {
      ...{ userId: "operator", note: "" },
      ...{ startsAt: "2026-10-02T08:00:00Z", endsAt: "2026-10-02T16:00:00Z" },
    },
  },
  { route: "DELETE /api/on-call/{id}", /*   */ gets: "oofoffnffu", url: "/api/on-call/shift-1" },
  { route: "GET /api/ladder", /*            */ gets: "oofofonffu", url: "/api/ladder" },
  {
    route: "PUT /api/ladder",
    /*            */ gets: "oofoffnffu",
    url: "/api/ladder",
    payload: ladder,
  },
  {
    route: "GET /api/customers/{id}/ladder",
    gets: "oofofooffu",
    url: "/api/customers/c1/ladder",
  },
  {
    route: "GET /api/customers/{id}/ladder",
    of: "of another customer",
    gets: "oofofonffu",
    url: "/api/customers/c2/ladder",
  },
  {
    route: "PUT /api/customers/{id}/ladder",
    gets: "oofoffoffu",
    url: "/api/customers/c1/ladder",
    payload: ladder,
  },
  {
    route: "PUT /api/customers/{id}/ladder",
    of: "of another customer",
    gets: "oofoffnffu",
    url: "/api/customers/c2/ladder",
    payload: ladder,
  },
];

const webhooks: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/webhooks", /*          */ gets: "oofofooffu", url: "/api/webhooks" },
  {
    route: "POST /api/webhooks",
    gets: "offfffoffu",
    url: "/api/webhooks",
    payload: { customerId: "c1", name: "own", url: "https://example.org/", severities: ["major"] },
  },
  {
    route: "POST /api/webhooks",
    of: "of another customer",
    gets: "offfffnffu",
    url: "/api/webhooks",
    payload: { customerId: "c2", name: "own", url: "https://example.org/", severities: ["major"] },
  },
  {
    route: "POST /api/webhooks",
    of: "to this machine",
    gets: "ifffffiffu",
    url: "/api/webhooks",
    payload: { customerId: "c1", name: "own", url: PRIVATE, severities: ["major"] },
  },
  {
    route: "PATCH /api/webhooks/{id}",
    gets: "offfffoffu",
    url: "/api/webhooks/hook-1",
    payload: { name: "other" },
  },
  {
    route: "PATCH /api/webhooks/{id}",
    of: "of another customer",
    gets: "offfffnffu",
    url: "/api/webhooks/hook-2",
    payload: { name: "other" },
  },
  { route: "DELETE /api/webhooks/{id}", /*  */ gets: "offfffoffu", url: "/api/webhooks/hook-1" },
  {
    route: "DELETE /api/webhooks/{id}",
    of: "of the operator",
    gets: "offfffnffu",
    url: "/api/webhooks/hook-3",
  },
  {
    route: "POST /api/webhooks/{id}/rotate",
    gets: "offfffoffu",
    url: "/api/webhooks/hook-1/rotate",
    payload: {},
  },
  {
    route: "POST /api/webhooks/{id}/test",
    of: "of nobody",
    gets: "nfffffnffu",
    url: "/api/webhooks/hook-9/test",
    payload: {},
  },
];

/** A message to each of two customers, a shift, and a webhook of each. */
export const notifications: Part = {
  async seed(db) {
    await db
      .insertInto("contact")
      .values(
        ["told", "other"].map((name) => ({
          ...{ id: `${name}-contact`, customer_id: name === "told" ? "c1" : "c2", name },
          ...{ role: "boss", language: "en", created_at: AT, version: 1 },
        })),
      )
      .execute();
    await db
      .insertInto("delivery")
      .values([delivery("d1", "c1", "dead"), delivery("d2", "c2", "sent")])
      .execute();
    await db
      .insertInto("on_call_shift")
      .values({
        ...{ id: "shift-1", user_id: "operator", note: "" },
        ...{ starts_at: AT, ends_at: new Date(NOW_MS + 3_600_000) },
      })
      .execute();
    await db
      .insertInto("webhook")
      .values([webhook("hook-1", "c1"), webhook("hook-2", "c2"), webhook("hook-3", null)])
      .execute();
  },
  rows: [...own, ...ofCustomers, ...log, ...onCall, ...webhooks],
};
