import { sql } from "kysely";
import { describe, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import { occasion, openWorker, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import type { Db } from "../db/database.ts";
import type { AlarmTransitionKind } from "../db/tables-alarms.ts";
import type { Channel, Outgoing } from "./channel.ts";
import { SILENT } from "./preferences.ts";

const START_MS = Date.UTC(2026, 5, 1, 10);
const MINUTE_MS = 60_000;
const BY_EMAIL = {
  ...SILENT,
  channels: { critical: ["email"], major: ["email"], minor: ["email"], warning: [] },
} as const;

/** A channel that takes everything and keeps it in memory. */
function openChannel(): Channel & { readonly sent: Outgoing[] } {
  const sent: Outgoing[] = [];
  return {
    sent,
    isSetUp: true,
    unitCostMicros: 0,
    stop: async () => undefined,
    async send(outgoing) {
      sent.push(outgoing);
      return { outcome: "sent", reference: outgoing.deliveryId, units: 1 };
    },
  };
}

async function open(db: Db) {
  const clock = fakeClock(START_MS);
  const email = openChannel();
  await seedCustomer(db, "c1");
  await seedUser(db, "ann", { customerId: "c1", preferences: BY_EMAIL });
  await seedUser(db, "olga");
  await seedUser(db, "boss", { role: "administrator" });
  const opened = openWorker(db, clock, { email });
  /** Lets so many minutes go by, with the worker looking each minute; says who was written to. */
  const after = async (minutes: number): Promise<readonly string[]> => {
    const before = email.sent.length;
    for (let minute = 0; minute < minutes; minute++) {
      clock.advance(MINUTE_MS);
      await opened.worker.run();
    }
    return email.sent.slice(before).map(({ target }) => target.replace("@example.org", ""));
  };
  return { ...opened, clock, email, after };
}

const onCall = (db: Db, userId: string) =>
  db
    .insertInto("on_call_shift")
    .values({
      ...{ id: "s1", user_id: userId, note: "", starts_at: new Date(START_MS) },
      ends_at: new Date(START_MS + 8 * 60 * MINUTE_MS),
    })
    .execute();

describe("an alarm that nobody answers", () => {
  test("is told again, then to whoever is on call, and at last to a person who is always there", async ({
    emptied: db,
  }) => {
    const { worker, tell, after } = await open(db);
    await onCall(db, "olga");
    await tell(occasion("n1"));
    expect(await after(1)).toEqual(["ann"]);
    expect(await after(4)).toEqual(["ann"]);
    expect((await after(5)).toSorted()).toEqual(["ann", "olga"]);
    expect((await after(10)).toSorted()).toEqual(["boss", "olga"]);
    expect((await after(15)).toSorted()).toEqual(["boss", "olga"]); // and so on, until somebody comes
    await tell(occasion("n1-taken", { alarmId: "alarm-n1", kind: "acknowledged" }));
    expect(await after(60)).toEqual([]);
    await worker.stop();
  });

  test("goes straight on where nobody is on call", async ({ emptied: db }) => {
    const { worker, tell, after } = await open(db);
    await db
      .insertInto("escalation_ladder")
      .values({
        ...{ id: "operator", name: "", customer_id: null, version: 1 },
        ladder: JSON.stringify({
          ...{ severities: ["critical"], repeatMinutes: 30 },
          steps: [
            { afterMinutes: 5, targets: [{ kind: "on-call" }] },
            { afterMinutes: 25, targets: [{ kind: "administrators" }] },
          ],
        }),
      })
      .execute();
    await tell(occasion("n1"));
    expect(await after(6)).toEqual(["ann", "boss"]);
    await worker.stop();
  });

  test.for([
    ["2026-03-30 09:00", "Europe/Berlin"],
    ["2026-10-26 09:00", "Europe/Berlin"],
    ["2026-11-02 07:30", "America/New_York"],
    ["2026-10-05 08:00", "Australia/Lord_Howe"],
  ])(
    "calls whoever has taken over by the clock on the wall: %s in %s, after a change of it",
    async ([handover, zone], { emptied: db }) => {
      const { worker, tell, after, clock } = await open(db);
      await seedUser(db, "otto");
      // the database's own knowledge of zones, not ours
      await sql`insert into on_call_shift (id, user_id, starts_at, ends_at, note)
      select 'before', 'olga', t - interval '7 days', t, '' from (select ${handover}::text::timestamp at time zone ${zone}::text as t)
      union all select 'after', 'otto', t, t + interval '7 days', '' from (select ${handover}::text::timestamp at time zone ${zone}::text as t)`.execute(
        db,
      );
      const { starts_at: takesOver } = await db
        .selectFrom("on_call_shift")
        .select("starts_at")
        .where("id", "=", "after")
        .executeTakeFirstOrThrow();
      const shown = new Intl.DateTimeFormat("sv-SE", {
        ...{ timeZone: zone, dateStyle: "short", timeStyle: "short" },
      });
      expect(shown.format(takesOver)).toBe(handover);
      clock.set(takesOver.getTime() - 11 * MINUTE_MS);
      await tell(occasion("n1", { atMs: clock.now() }));
      await after(9);
      expect(await after(1)).toEqual(expect.arrayContaining(["olga"])); // a minute before
      await tell(occasion("n2", { atMs: clock.now() - 8 * MINUTE_MS }));
      const called = await after(3);
      expect(called).toContain("otto");
      await worker.stop();
    },
  );

  test("calls nobody for what is over already, although its end is not planned yet", async ({
    emptied: db,
  }) => {
    const { worker, tell, after, clock } = await open(db);
    await tell(occasion("n1"));
    await after(1);
    clock.advance(10 * MINUTE_MS);
    await tell(occasion("n1-over", { alarmId: "alarm-n1", kind: "cleared" }));
    expect(await after(60)).toEqual([]);
    await worker.stop();
  });
});

describe("a storm", () => {
  test("of 10,000 alarms is a bounded number of messages, critical ones first, and each is in one", async ({
    emptied: db,
  }) => {
    const { worker, tell, email, after } = await open(db);
    const severities = ["critical", "major", "minor", "minor"] as const;
    const all = Array.from({ length: 10_000 }, (_, at) =>
      occasion(`n${at}`, { severity: severities[at % 4] ?? "minor" }),
    );
    await tell(...all);
    await worker.run();
    const first = email.sent.slice(0, 10).map(({ event }) => event.data.alarms[0]?.severity);
    expect(new Set(first)).toEqual(new Set(["critical"]));
    expect(await after(2)).not.toEqual([]);
    expect(email.sent.length).toBeLessThanOrEqual(18);
    const { count } = await db
      .selectFrom("delivery_item as i")
      .innerJoin("delivery as d", "d.id", "i.delivery_id")
      .select((eb) => eb.fn.count<bigint>("i.notification_id").distinct().as("count"))
      .where("d.state", "=", "sent")
      .executeTakeFirstOrThrow();
    expect(count).toBe(10_000n);
    await worker.stop();
  });
});

describe("alarms", () => {
  const transition = async (db: Db, alarmId: string, kind: AlarmTransitionKind): Promise<void> => {
    const at = new Date(START_MS);
    await db
      .insertInto("alarm_transitions")
      .values({ alarm_id: alarmId, at, stored_at: at, kind, who: null, why: "", card: null })
      .execute();
  };
  const alarm = async (db: Db, id: string): Promise<void> => {
    await db
      .insertInto("alarms")
      .values({
        ...{ id, rule_id: id, rule_version: 1, address: 5, asset_id: null, customer_id: "c1" },
        ...{
          severity: "critical",
          state: "active",
          is_drill: false,
          opened_at: new Date(START_MS),
        },
        ...{ repeats: 0, marks: "[]", title_en: "Smoke", title_zh: "烟雾" },
      })
      .execute();
    await transition(db, id, "raised");
  };

  test("are told once from their own transitions, whatever else happens to them", async ({
    emptied: db,
  }) => {
    const { worker, after } = await open(db);
    await alarm(db, "a1");
    for (const kind of ["repeated", "commented", "assigned"] as const)
      await transition(db, "a1", kind);
    expect(await after(1)).toEqual(["ann"]);
    await transition(db, "a1", "acknowledged");
    expect(await after(30)).toEqual([]);
    await worker.stop();
  });

  test("that became part of an incident before they were told are not told one by one", async ({
    emptied: db,
  }) => {
    const { worker, after } = await open(db);
    for (let at = 0; at < 20; at++) {
      await alarm(db, `a${at}`);
      await transition(db, `a${at}`, "folded");
    }
    expect(await after(30)).toEqual([]);
    await transition(db, "a7", "named"); // this one really is dead
    expect(await after(1)).toEqual(["ann"]);
    await worker.stop();
  });
});
