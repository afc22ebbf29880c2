import { sql } from "kysely";
import { describe, expect } from "vitest";
import { toHex } from "../../protocol/hex.ts";
import { test as base } from "../../tests/fixtures.ts";
import { occasion, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import { insertCommand } from "../commands/command-rows-postgres.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { DEFAULT_LADDER } from "../notifications/ladder.ts";
import { createMerges } from "./merges-postgres.ts";
import { createPersonalDataDesk } from "./personal-data-postgres.ts";

const act: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: 1_000, reason: "asked" };
const HOME = "Leaves Mulberry Lane";
const CALLER = "Aunt Philippa";
const ADDRESS = "philippa@mulberry.example";

const test = base.extend("office", async ({ emptied: db }) => {
  for (const id of ["from", "into"]) await seedCustomer(db, id);
  let id = 0;
  const deps = { db, audit: createAudit(db), makeId: () => `made-${++id}` };
  await seedAll(db);
  return { db, merges: createMerges(deps), desk: createPersonalDataDesk(deps) };
});

/** One of everything that alarms lead to, of the customer "from". */
async function seedAll(db: Db): Promise<void> {
  const preferences = {
    channels: { critical: ["push" as const], major: [], minor: [], warning: [] },
    ...{ fallback: null, quiet: null, language: null, tellCleared: false },
  };
  await seedUser(db, "mia", { customerId: "from", phone: "+49 30 7777", preferences });
  const rule = {
    scope: { profiles: ["vehicle"], customers: ["from"] },
    signal: { kind: "geofence" },
    title: { en: HOME, "zh-CN": HOME },
  };
  for (const [id, customer] of [
    ["own", "from"],
    ["operators", null],
  ]) {
    await sql`insert into alert_rules (id, version, origin, customer_id, enabled, title_en, title_zh, severity, kind, spec,
        is_edited, changed_at)
      values (${id}, 1, 'operator', ${customer}::text, true, ${customer ? HOME : "Rule"}, 'x', 'major', 'geofence',
        ${JSON.stringify(customer ? rule : { scope: { ...rule.scope, customers: ["other", "from"] } })}::text::jsonb,
        true, now())`.execute(db);
  }
  await sql`insert into alert_rule_versions values ('own', 1, ${JSON.stringify(rule)}::text::jsonb, now(), 'mia', 'mia')`.execute(
    db,
  );
  await sql`insert into alarms (id, rule_id, rule_version, address, customer_id, severity, state, is_drill, opened_at,
      repeats, marks, case_id, title_en, title_zh)
    values ('alarm', 'own', 1, 7, 'from', 'major', 'active', false, now(), 0, '[]', 'case', ${HOME}, ${HOME})`.execute(
    db,
  );
  await sql`insert into alarm_transitions (alarm_id, at, stored_at, kind, why, card) values
    ('alarm', now(), now(), 'raised', 'condition-met', ${JSON.stringify({ rule })}::text::jsonb),
    ('alarm', now(), now(), 'commented', ${`${CALLER} says it is hers`}, null)`.execute(db);
  await sql`insert into alarm_cases (id, kind, state, alarm_id, address, customer_id, is_drill, caller, latitude, longitude,
      opened_at, version) values ('case', 'panic', 'open', 'alarm', 7, 'from', false, ${CALLER}, 31.2, 121.5, now(), 1)`.execute(
    db,
  );
  await sql`insert into alarm_case_entries (case_id, at, kind, text) values ('case', now(), 'caller', ${CALLER})`.execute(
    db,
  );
  await sql`insert into recoveries (id, state, address, asset_id, vehicle_name, customer_id, stolen_at, opened_at, result, version)
    values ('theft', 'recovered', 7, 'a7', ${CALLER}, 'from', now(), now(), ${HOME}, 1)`.execute(
    db,
  );
  await sql`insert into recovery_entries (recovery_id, at, kind, who, text)
    values ('theft', now(), 'note', 'mia', ${CALLER})`.execute(db);
  await sql`insert into recovery_links (id, recovery_id, token_sha256, label, made_at, expires_at)
    values ('link', 'theft', 'hash', ${CALLER}, now(), now() + interval '1 hour')`.execute(db);
  await sql`insert into recovery_packs (id, recovery_id, made_at, made_by, names_operator, language, pdf, signature_file)
    values ('pack', 'theft', now(), 'mia', false, 'en', '\\x00', ${HOME})`.execute(db);
  await sql`insert into maintenance_windows (id, from_at, to_at, reason, customer_id, by_id, by_name)
    values ('window', now(), now() + interval '1 hour', ${CALLER}, 'from', 'mia', 'mia')`.execute(
    db,
  );
  await sql`insert into webhook (id, name, customer_id, url, sealed, severities, created_at, version)
    values ('hook', 'hook', 'from', 'https://mulberry.example/in', '\\x00', '[]', now(), 1)`.execute(
    db,
  );
  await sql`insert into escalation_ladder (id, name, customer_id, ladder, version)
    values ('ladder', 'theirs', 'from', ${JSON.stringify(DEFAULT_LADDER)}::text::jsonb, 1)`.execute(
    db,
  );
  await sql`insert into message_cap values ('from', 'sms', 5)`.execute(db);
  await sql`insert into escalation (alarm_id, customer_id, ladder, occasion, rank, opened_at, step, repeat, due_at)
    values ('alarm', 'from', ${JSON.stringify(DEFAULT_LADDER)}::text::jsonb,
      ${JSON.stringify({ ...occasion("n1", { customerId: "from" }), told: ["user:mia"] })}::text::jsonb, 0, now(), 0, 0, now())`.execute(
    db,
  );
  await seedMessage(db);
}

async function seedMessage(db: Db): Promise<void> {
  await sql`insert into notification (id, kind, alarm_id, customer_id, severity, rank, life_safety, drill, title_en,
      title_zh, at, queued_at) values ('n1', 'raised', 'alarm', 'from', 'major', 1, false, false, ${HOME}, ${HOME},
      now(), now())`.execute(db);
  await sql`insert into delivery (id, customer_id, recipient_kind, recipient_id, channel, target, language, template,
      severity, rank, life_safety, bundle, items, state, created_at, next_at)
    values ('d1', 'from', 'user', 'mia', 'email', ${ADDRESS}, 'en', 'raised', 'major', 1, false, false, 1, 'sent', now(),
      now())`.execute(db);
  await sql`insert into delivery_attempt (delivery_id, number, at, outcome, detail)
    values ('d1', 1, now(), 'sent', ${`250 ${ADDRESS} ok`})`.execute(db);
  await seedCommands(db);
  await sql`insert into message_usage values ('d1', 'from', 'email', 1, false, now())`.execute(db);
}

/** What a terminal of theirs is still to show. */
const waitingPage = (db: Db) =>
  insertCommand(
    db,
    {
      ...{ id: "waiting", address: 7, profile: "vehicle", arguments: {}, note: "", expiryS: 300 },
      command: { name: "show-text", safetyClass: "operational" },
      plaintext: new TextEncoder().encode(HOME),
      ...{ secondPerson: false, isDrill: false, place: null, customerId: "from" },
    },
    { actor: { kind: "system", id: "network", name: "network" }, atMs: 1_000 },
  );

/** One to their terminal, and one that showed the operator's people their alarm. */
async function seedCommands(db: Db): Promise<void> {
  await sql`insert into terminal (address, serial, name, profile, life_cycle, root_key)
    values (7, 'HL-7', 'T7', 'vehicle', 'active', '\\x00')`.execute(db);
  await sql`insert into commands (id, address, partition, customer_id, profile, name, arguments, plaintext, is_drill, note,
      priority, state, command, created_at, created_by_kind, created_by_id, created_by_name, ended_at)
    select id, 7, 0, customer, 'vehicle', name, '{}', convert_to(text, 'UTF8'), false, note, 1, 'done', '{}', now(),
      'system', 'network', 'network', now()
    from (values ('told', 'from', 'locate', '', ${CALLER}), ('shown', 'from', 'show-text', ${HOME}, ''),
      ('operators', null, 'show-text', ${HOME}, '')) as c (id, customer, name, text, note)`.execute(
    db,
  );
  await waitingPage(db);
  await sql`insert into delivery (id, customer_id, recipient_kind, recipient_id, channel, target, language, template,
      severity, rank, life_safety, bundle, items, state, reference, created_at, next_at)
    values ('d2', null, 'user', 'mia', 'display', '7', 'en', 'raised', 'major', 1, false, false, 1, 'delivered',
      'operators', now(), now())`.execute(db);
}

const OWNED = [
  ...[
    "alert_rules",
    "alarms",
    "alarm_cases",
    "recoveries",
    "maintenance_windows",
    "webhook",
    "escalation_ladder",
  ],
  ...["notification_preference", "notification", "delivery", "message_usage", "escalation"],
];

async function ownersOf(db: Db): Promise<Readonly<Record<string, readonly string[]>>> {
  const owners: Record<string, readonly string[]> = {};
  for (const table of OWNED) {
    const { rows } = await sql<{ id: string }>`
      select customer_id as id from ${sql.table(table)} where customer_id is not null`.execute(db);
    owners[table] = rows.map(({ id }) => id);
  }
  return owners;
}

const allOf = (id: string) => Object.fromEntries(OWNED.map((table) => [table, [id]]));

async function scopesOf(db: Db) {
  const { rows } = await sql<{ id: string; version: number; customers: readonly string[] }>`
    select id, version, spec #> '{scope,customers}' as customers from alert_rules order by id`.execute(
    db,
  );
  return rows;
}

describe("a merge", () => {
  test("moves what alarms lead to, and its undoing moves it back", async ({ office }) => {
    const { db, merges } = office;
    const merge = await merges.merge("from", "into", act);
    expect(await ownersOf(db)).toEqual(allOf("into"));
    expect(merge.counts).toMatchObject({ alarms: 1, alarm_cases: 1, webhook: 1, alert_rules: 1 });
    expect(await scopesOf(db)).toEqual([
      { id: "operators", version: 2, customers: ["other", "into"] },
      { id: "own", version: 2, customers: ["into"] },
    ]);
    const { occasion: told } = await db
      .selectFrom("escalation")
      .select("occasion")
      .executeTakeFirstOrThrow();
    expect(told.customerId).toBe("into"); // an open chain calls whoever has it now

    await sql`delete from delivery`.execute(db); // trimmed meanwhile
    await merges.undo(merge.id, { ...act, atMs: 2_000 });
    expect(await ownersOf(db)).toEqual({ ...allOf("from"), delivery: [] });
    expect(await scopesOf(db)).toEqual([
      { id: "operators", version: 3, customers: ["other", "from"] },
      { id: "own", version: 3, customers: ["from"] },
    ]);
  });

  test("leaves the ladder of the customer that goes on in force", async ({ office }) => {
    const { db, merges } = office;
    await sql`insert into escalation_ladder select 'theirs', name, 'into', ladder, 1 from escalation_ladder`.execute(
      db,
    );
    const ladders = async () =>
      (
        await db
          .selectFrom("escalation_ladder")
          .select(["id", "customer_id"])
          .orderBy("id")
          .execute()
      ).map(({ id, customer_id }) => `${id} ${customer_id ?? ""}`);
    const before = await ladders();
    const { id } = await merges.merge("from", "into", act);
    expect(await ladders()).toEqual(before);
    await merges.undo(id, act);
    expect(await ladders()).toEqual(before);
  });

  test("of a time before any of it was moved is undone, too", async ({ office }) => {
    const { db, merges } = office;
    const { id } = await merges.merge("from", "into", act);
    await sql`update customer_merge set moved = jsonb_build_object('parentId', null, 'seen', moved -> 'seen', 'ids',
      (moved -> 'ids') - 'alarms' - 'webhook' - 'alert_rules')`.execute(db);
    expect((await merges.list("from", 5))[0]?.counts).toMatchObject({ alarms: 0, app_user: 1 });
    await merges.undo(id, act);
    expect(await ownersOf(db)).toMatchObject({
      notification_preference: ["from"],
      alarms: ["into"],
    });
  });
});

describe("personal data", () => {
  test("has preferences, rules, cases and messages in its copy, and no secret", async ({
    office,
  }) => {
    const { sections } = await office.desk.takeOut("from", act);
    const counts = Object.fromEntries(sections.map(({ name, rows }) => [name, rows.length]));
    expect(counts).toMatchObject({
      ...{ preferences: 1, webhooks: 1, escalation: 1, "alert-rules": 1, alarms: 1, cases: 1 },
      ...{ "alarm-comments": 1, "case-entries": 1, messages: 2, "message-usage": 1 },
      ...{ "stolen-vehicles": 1, "stolen-vehicle-entries": 1, "stolen-vehicle-links": 1 },
    });
    const text = JSON.stringify(sections);
    for (const each of [HOME, CALLER, ADDRESS, "+49 30 7777"]) expect(text).toContain(each);
    expect(sections.flatMap(({ columns }) => columns)).not.toContain("sealed");
  });

  test("goes with the customer; that there were an alarm and a message stays", async ({
    office,
  }) => {
    const { db, desk } = office;
    const erasure = await desk.erase("from", "from", act);
    expect(erasure.kept.map(({ reason }) => reason)).toEqual(["number", "alarms", "messages"]);
    expect(erasure.erased.map(({ table }) => table)).toEqual(
      expect.arrayContaining(["alert_rules", "alarm_cases", "notification_preference", "delivery"]),
    );
    let left = "";
    for (const { name } of await db.introspection.getTables()) {
      const { rows } = await sql<{ row: string }>`
        select t::text as row from ${sql.table(name)} t`.execute(db);
      left += rows.map(({ row }) => row).join("\n");
    }
    const onDisplay = toHex(new TextEncoder().encode(HOME.slice(1)));
    for (const each of [HOME, CALLER, ADDRESS, "7777", "mulberry", onDisplay])
      expect(left).not.toContain(each);
    const { due_at: due } = await db
      .selectFrom("escalation")
      .select("due_at")
      .executeTakeFirstOrThrow();
    expect(due).toBeNull(); // nobody is called any more
    const page = db.selectFrom("commands").selectAll().where("id", "=", "waiting");
    expect(await page.executeTakeFirst()).toMatchObject({ state: "cancelled", due_at: null });
  });
});
