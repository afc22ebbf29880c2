import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import type { Db } from "../db/database.ts";
import { billingWorld } from "./test-billing.ts";

const ns = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;

/** An alarm whose packet came on a day at noon and that was told so many milliseconds later. */
async function alarm(
  db: Db,
  id: number,
  {
    day,
    ms,
    isDrill = false,
  }: { readonly day: string; readonly ms: number; readonly isDrill?: boolean },
) {
  const noon = `${day}T12:00:00Z`;
  const card = { input: { kind: "report", packetId: String(id) } };
  await sql`insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
    values (${id}::int8, 1, 'report', 20, ${ns(noon)}::int8, ${ns(noon)}::int8, false)`.execute(db);
  await sql`insert into alarms (id, rule_id, rule_version, address, customer_id, severity, state, is_drill, opened_at,
      repeats, marks, title_en, title_zh)
    values (${`a${id}`}, ${`r${id}`}, 1, 1, 'c0001', 'major', 'active', ${isDrill}, ${noon}, 0, '[]', '', '')`.execute(
    db,
  );
  await sql`insert into alarm_transitions (alarm_id, at, stored_at, kind, why, card)
    values (${`a${id}`}, ${noon}, ${noon}, 'raised', '', ${JSON.stringify(card)}::text::jsonb)`.execute(
    db,
  );
  for (const later of [0, 60_000])
    await sql`insert into notification (id, kind, alarm_id, severity, rank, life_safety, drill, title_en, title_zh, at, queued_at)
      values (${`n${id}-${later}`}, 'raised', ${`a${id}`}, 'major', 1, false, ${isDrill}, '', '', ${noon},
        ${new Date(Date.parse(noon) + ms + later)}::timestamptz)`.execute(db);
}

interface Ended {
  readonly state: string;
  readonly endedAt: string;
  /** null: nobody approved it. */
  readonly expiresAt: string | null;
  readonly isDrill?: boolean;
}

let commands = 0;
async function command(db: Db, { state, endedAt, expiresAt, isDrill = false }: Ended) {
  commands += 1;
  const facts = { expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt) };
  await sql`insert into commands (id, address, partition, customer_id, profile, name, arguments, plaintext, is_drill, note,
      priority, state, command, created_at, created_by_kind, created_by_id, created_by_name, ended_at)
    values (${`k${commands}`}, 1, 0, 'c0001', 'vehicle', 'locate', '{}', '\\x00', ${isDrill}, '', 1, ${state},
      ${JSON.stringify(facts)}::text::jsonb, now(), 'system', 'n', 'n', ${endedAt})`.execute(db);
}

test("a proof says how soon alarms were told and commands done while the customer held the terminal", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-03-02T00:00:00Z"));
  const { desk } = await billingWorld(db, clock, 1);
  await sql`insert into asset (id, customer_id, kind, name, note, created_at, version)
    values ('car', 'c0001', 'vehicle', 'Car', '', now(), 1)`.execute(db);
  await sql`insert into assignment (id, address, asset_id, customer_id, from_ns, reason)
    values ('h', 1, 'car', 'c0001', ${ns("2026-02-02T00:00:00Z")}::int8, '')`.execute(db);
  const query = { reach: "all", month: "2026-02", limit: 10, nowMs: clock.now() } as const;
  const [none] = (await desk.serviceProofs.list(query)).items;
  expect(none).toMatchObject({
    alerts: { count: 0, medianMs: null, slowestMs: null },
    commands: { ended: 0, onTime: 0 },
  });

  await alarm(db, 1, { day: "2026-02-03", ms: 900 });
  await alarm(db, 2, { day: "2026-02-04", ms: 1_400 });
  await alarm(db, 3, { day: "2026-02-05", ms: 4_000 });
  await alarm(db, 4, { day: "2026-02-01", ms: 90_000 }); // before it was the customer's
  await alarm(db, 5, { day: "2026-02-06", ms: 90_000, isDrill: true });
  const endedAt = "2026-02-10T12:00:00Z";
  const expiresAt = "2026-02-10T13:00:00Z";
  await command(db, { state: "done", endedAt, expiresAt });
  await command(db, { state: "done", endedAt, expiresAt });
  await command(db, { state: "done", endedAt: "2026-02-10T13:00:01Z", expiresAt }); // its answer came late
  await command(db, { state: "expired", endedAt: expiresAt, expiresAt });
  await command(db, { state: "cancelled", endedAt, expiresAt });
  await command(db, { state: "expired", endedAt, expiresAt: null });
  await command(db, { state: "done", endedAt, expiresAt, isDrill: true });
  const [proof] = (await desk.serviceProofs.list(query)).items;
  expect(proof).toMatchObject({
    alerts: { count: 3, medianMs: 1_400, slowestMs: 4_000 },
    commands: { ended: 4, onTime: 2 },
  });
  // a spreadsheet of its days does not ask
  const { alerts, commands: ended, ...days } = proof ?? {};
  expect(alerts !== undefined && ended !== undefined).toBe(true);
  expect((await desk.serviceProofs.unanswered(query)).items).toEqual([days]);
});
