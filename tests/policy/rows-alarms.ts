import type { Db } from "../../domain/db/database.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

const SPEC = {
  title: { en: "Too fast", "zh-CN": "超速" },
  severity: "minor",
  scope: { profiles: ["vehicle"], customers: ["c1"] },
  signal: { kind: "condition", condition: "speed > 80.0" },
  holdS: 0,
} as const;
const OTHERS_SPEC = { ...SPEC, scope: { profiles: ["vehicle"], customers: ["c2"] } };

/** Alarm alarm-1 is of terminal 5 and customer c1, alarm-2 of customer c2; rule-1 is c1's own, rule-2 the operator's. */
async function seed(db: Db): Promise<void> {
  const at = new Date(NOW_MS);
  const rule = {
    version: 1,
    origin: "operator",
    enabled: true,
    title_en: "x",
    title_zh: "某",
    severity: "minor",
    kind: "condition",
    is_edited: true,
    changed_at: at,
  } as const;
  await db
    .insertInto("alert_rules")
    .values([
      { ...rule, id: "rule-1", customer_id: "c1", spec: JSON.stringify(SPEC) },
      { ...rule, id: "rule-2", customer_id: null, spec: JSON.stringify(OTHERS_SPEC) },
    ])
    .execute();
  const alarm = {
    rule_id: "rule-1",
    rule_version: 1,
    severity: "minor",
    state: "active",
    is_drill: false,
    opened_at: at,
    repeats: 0,
    marks: "[]",
    title_en: "x",
    title_zh: "某",
  } as const;
  await db
    .insertInto("alarms")
    .values([
      { ...alarm, id: "alarm-1", address: 5, customer_id: "c1" },
      { ...alarm, id: "alarm-2", address: 6, customer_id: "c2" },
    ])
    .execute();
  const one = { kind: "panic", state: "open", is_drill: false, opened_at: at, version: 1 } as const;
  await db
    .insertInto("alarm_cases")
    .values([
      { ...one, id: "case-1", alarm_id: "alarm-1", address: 5, customer_id: "c1" },
      { ...one, id: "case-2", alarm_id: "alarm-2", address: 6, customer_id: "c2" },
    ])
    .execute();
  await db
    .insertInto("incidents")
    .values({ id: "incident-1", cause: "jammed", opened_at: at, version: 1 })
    .execute();
  await db
    .insertInto("maintenance_windows")
    .values({
      id: "window-1",
      from_at: at,
      to_at: new Date(NOW_MS + 3_600_000),
      reason: "works",
      address: 5,
      by_id: "administrator",
      by_name: "Ann",
    })
    .execute();
}

const until = new Date(NOW_MS + 3_600_000).toISOString();
const later = new Date(NOW_MS + 7_200_000).toISOString();
const WORK: readonly (readonly [string, object])[] = [
  ["acknowledge", {}],
  ["assign", { assignee: null }],
  ["comment", { text: "seen" }],
  ["shelve", { until }],
];

export const alarmPart: Part = {
  seed,
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/alarms", /*            */ gets: "oofooooofu", url: "/api/alarms" },
    { route: "GET /api/alarms/counts", /*     */ gets: "oofooooofu", url: "/api/alarms/counts" },
    { route: "GET /api/alarms/{id}", /*       */ gets: "oofooooofu", url: "/api/alarms/alarm-1" },
    {
      route: "GET /api/alarms/{id}",
      of: "of another customer",
      gets: "oofooonnfu",
      url: "/api/alarms/alarm-2",
    },
    ...WORK.flatMap(([verb, rest]) => [
      {
        route: `POST /api/alarms/${verb}`,
        gets: "oofoffoofu",
        url: `/api/alarms/${verb}`,
        payload: { ids: ["alarm-1"], ...rest },
      },
      {
        route: `POST /api/alarms/${verb}`,
        of: "of another customer",
        gets: "oofoffnnfu",
        url: `/api/alarms/${verb}`,
        payload: { ids: ["alarm-1", "alarm-2"], ...rest },
      },
    ]),
    { route: "GET /api/incidents", /*         */ gets: "oofooofffu", url: "/api/incidents" },
    {
      route: "GET /api/incidents/{id}",
      gets: "oofooofffu",
      url: "/api/incidents/incident-1",
    },
    { route: "GET /api/maintenance", /*       */ gets: "oofooofffu", url: "/api/maintenance" },
    {
      route: "POST /api/maintenance",
      gets: "oofffffffu",
      url: "/api/maintenance",
      payload: { from: until, to: later, reason: "works", profile: "vehicle" },
    },
    {
      route: "DELETE /api/maintenance/{id}",
      gets: "oofffffffu",
      url: "/api/maintenance/window-1",
    },
    { route: "GET /api/cases", /*             */ gets: "oofooooofu", url: "/api/cases" },
    { route: "GET /api/cases/{id}", /*        */ gets: "oofooooofu", url: "/api/cases/case-1" },
    {
      route: "GET /api/cases/{id}",
      of: "of another customer",
      gets: "oofooonnfu",
      url: "/api/cases/case-2",
    },
    {
      route: "POST /api/alarms/{id}/case",
      gets: "oofoffoofu",
      url: "/api/alarms/alarm-1/case",
      payload: { kind: "breakdown" },
    },
    {
      route: "POST /api/alarms/{id}/case",
      of: "of another customer",
      gets: "oofoffnnfu",
      url: "/api/alarms/alarm-2/case",
      payload: { kind: "breakdown" },
    },
    {
      route: "POST /api/cases/{id}/entries",
      gets: "oofoffoofu",
      url: "/api/cases/case-1/entries",
      payload: { kind: "helper", text: "tow truck 7" },
    },
    {
      route: "POST /api/cases/{id}/entries",
      of: "of another customer",
      gets: "oofoffnnfu",
      url: "/api/cases/case-2/entries",
      payload: { kind: "note", text: "called back" },
    },
    { route: "GET /api/alert-rules", /*       */ gets: "oofooooofu", url: "/api/alert-rules" },
    {
      route: "GET /api/alert-rules/{id}",
      gets: "oofooooofu",
      url: "/api/alert-rules/rule-1",
    },
    {
      route: "GET /api/alert-rules/{id}",
      of: "for another customer",
      gets: "oofooonnfu",
      url: "/api/alert-rules/rule-2",
    },
    {
      route: "GET /api/alert-rules/{id}/why-not",
      gets: "oofooooofu",
      url: "/api/alert-rules/rule-1/why-not?terminal=5",
    },
    {
      route: "GET /api/alert-rules/{id}/why-not",
      of: "of a terminal of nobody",
      gets: "oofooonnfu",
      url: "/api/alert-rules/rule-1/why-not?terminal=6",
    },
    {
      route: "POST /api/alert-rules",
      gets: "ooffffoffu",
      url: "/api/alert-rules",
      payload: { spec: SPEC },
    },
    {
      route: "POST /api/alert-rules",
      of: "for another customer",
      gets: "ooffffnffu",
      url: "/api/alert-rules",
      payload: { spec: OTHERS_SPEC },
    },
    {
      route: "PATCH /api/alert-rules/{id}",
      gets: "ooffffoffu",
      url: "/api/alert-rules/rule-1",
      payload: { isEnabled: false },
    },
    {
      route: "PATCH /api/alert-rules/{id}",
      of: "of the operator",
      gets: "ooffffnffu",
      url: "/api/alert-rules/rule-2",
      payload: { isEnabled: false },
    },
    {
      route: "DELETE /api/alert-rules/{id}",
      gets: "ooffffoffu",
      url: "/api/alert-rules/rule-1",
    },
    {
      route: "POST /api/alert-rules/check",
      gets: "oofooooofu",
      url: "/api/alert-rules/check",
      payload: { spec: SPEC },
    },
    {
      route: "POST /api/alert-rules/backtest",
      gets: "oofooooofu",
      url: "/api/alert-rules/backtest",
      payload: {
        spec: SPEC,
        from: new Date(NOW_MS - 86_400_000).toISOString(),
        to: new Date(NOW_MS + 1_000).toISOString(),
      },
    },
  ],
};
