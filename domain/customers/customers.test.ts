import { sql } from "kysely";
import { describe, expect } from "vitest";
import { test as base } from "../../tests/fixtures.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createConsents } from "./consents-postgres.ts";
import { createContacts } from "./contacts-postgres.ts";
import type { NewCustomer } from "./customers.ts";
import { createCustomers } from "./customers-postgres.ts";
import { createDuplicates } from "./duplicates-postgres.ts";
import { createMerges } from "./merges-postgres.ts";
import { createNotes } from "./notes-postgres.ts";
import { createPersonalDataDesk } from "./personal-data-postgres.ts";
import { createSites } from "./sites-postgres.ts";

const act: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: 1_000, reason: "asked" };
const later = (atMs: number): Act => ({ ...act, atMs });

const test = base.extend("office", async ({ emptied: db }) => {
  await sql`alter sequence customer_number restart`.execute(db);
  let id = 0;
  const deps = { db, audit: createAudit(db), makeId: () => `id-${++id}` };
  const customers = createCustomers(deps);
  return {
    ...deps,
    customers,
    contacts: createContacts(deps),
    sites: createSites(deps),
    notes: createNotes(deps),
    consents: createConsents(deps),
    duplicates: createDuplicates(db),
    merges: createMerges(deps),
    desk: createPersonalDataDesk(deps),
    add: (name: string, input: Partial<NewCustomer> = {}) =>
      customers.create(db, { kind: "organisation", name, ...input }, act),
  };
});

/** A terminal on an asset of the customer. */
async function seedAsset(db: Db, id: string, customerId: string, address: number): Promise<void> {
  await sql`insert into terminal (address, serial, name, profile, life_cycle, root_key)
    values (${address}::int8, ${`HL-${address}`}, ${`T${address}`}, 'vehicle', 'active', '\\x00')`.execute(
    db,
  );
  await sql`insert into asset (id, customer_id, kind, name, plate, note, created_at, version)
    values (${id}, ${customerId}, 'vehicle', ${id}, 'B-XY 1', '', now(), 1)`.execute(db);
  await assign(db, `${id}-1`, { address, assetId: id, customerId });
}

async function assign(
  db: Db,
  id: string,
  at: { address: number; assetId: string; customerId: string; fromNs?: number },
): Promise<void> {
  await sql`insert into assignment (id, address, asset_id, customer_id, from_ns, to_ns, reason)
    values (${id}, ${at.address}::int8, ${at.assetId}, ${at.customerId}, ${at.fromNs ?? 5}::int8,
      null, '')`.execute(db);
}

describe("customers", () => {
  test("get the next number, or keep the one that another system gave them", async ({ office }) => {
    expect((await office.add("A")).number).toBe("C-000001");
    expect((await office.add("B", { number: "C-000002" })).number).toBe("C-000002");
    expect((await office.add("C")).number).toBe("C-000003");
    await expect(office.add("D", { number: "c-000002" })).rejects.toMatchObject({
      code: "invalid_input",
      details: { field: "number" },
    });
  });

  test("stand in a tree without rings", async ({ office }) => {
    const top = await office.add("Top");
    const middle = await office.add("Middle", { parentId: top.id });
    const low = await office.add("Low", { parentId: middle.id });
    const move = office.customers.change(top.id, { parentId: low.id }, undefined, act);
    await expect(move).rejects.toThrow(/below itself/);
    expect(await office.customers.detail(low.id, "all")).toMatchObject({
      path: [{ name: "Top" }, { name: "Middle" }],
      parentName: "Middle",
    });
    // of a parent that the caller does not reach no name and no id is told
    expect(await office.customers.detail(middle.id, new Set([middle.id]))).toMatchObject({
      path: [],
      parentName: null,
      parentId: null,
      children: 1,
    });
  });

  test("change from the version that was read, and the audit log is told what is not personal", async ({
    office,
  }) => {
    const { id } = await office.add("Acme", { email: "a@example.com" });
    await office.customers.change(id, { phone: "+86 21 5555 0100", tags: ["VIP"] }, 1, act);
    await expect(office.customers.change(id, { name: "B" }, 1, act)).rejects.toMatchObject({
      code: "stale",
    });
    const [changed, created] = await office.audit.list({ limit: 2 });
    expect(created?.after).toMatchObject({ number: "C-000001", personal: ["name", "email"] });
    expect(changed).toMatchObject({
      before: { tags: [] },
      after: { tags: ["vip"], personal: ["phone"] },
      reason: "asked",
    });
    expect(
      JSON.stringify([changed, created], (_, v: unknown) => (typeof v === "bigint" ? 0 : v)),
    ).not.toMatch(/Acme|example|5555/);
  });

  test("are found by name, number, phone and e-mail, and counted within reach alone", async ({
    office,
  }) => {
    const acme = await office.add("Acme Motors", { phone: "+86 138-0013-8000", tags: ["fleet"] });
    const other = await office.add("Zeta 100%", { email: "office@zeta.example", kind: "person" });
    const found = async (query: object, reach: "all" | Set<string> = "all") => {
      const { items, total } = await office.customers.list({ reach, limit: 10, ...query });
      expect(total).toBe(items.length);
      return items.map(({ name }) => name);
    };
    expect(await found({ search: "acme" })).toEqual(["Acme Motors"]);
    expect(await found({ search: "138 0013" })).toEqual(["Acme Motors"]);
    expect(await found({ search: "ZETA.ex" })).toEqual(["Zeta 100%"]);
    expect(await found({ search: "%" })).toEqual(["Zeta 100%"]);
    expect(await found({ search: "c-00000" })).toEqual(["Acme Motors", "Zeta 100%"]);
    expect(await found({ kind: "person" })).toEqual(["Zeta 100%"]);
    expect(await found({ tag: "Fleet" })).toEqual(["Acme Motors"]);
    expect(await found({}, new Set([other.id]))).toEqual(["Zeta 100%"]);
    expect(await office.customers.tags(new Set([other.id]))).toEqual([]);
    const first = await office.customers.list({ reach: "all", sort: "created", limit: 1 });
    const cursor = first.next;
    expect(first).toMatchObject({ total: 2, next: acme.id });
    const rest = await office.customers.list({ reach: "all", sort: "created", cursor, limit: 9 });
    expect(rest.items.map(({ id }) => id)).toEqual([other.id]);
    const foreign = { reach: new Set([other.id]), cursor, limit: 9 };
    await expect(office.customers.list(foreign)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("a contact belongs to its customer, and a site in use is not removed", async ({ office }) => {
  const [one, other] = [await office.add("One"), await office.add("Other")];
  const input = {
    name: "Li Wei",
    role: "fleet manager",
    email: "li@one.example",
    language: "zh-CN",
  } as const;
  const contact = await office.contacts.add(one.id, input, act);
  const foreign = { customerId: other.id, id: contact.id, version: undefined };
  await expect(office.contacts.change(foreign, { role: "x" }, act)).rejects.toMatchObject({
    code: "not_found",
  });
  const own = { customerId: one.id, id: contact.id, version: 1 };
  expect(await office.contacts.change(own, { role: "owner" }, act)).toMatchObject({
    role: "owner",
    email: "li@one.example",
    version: 2,
  });
  const site = await office.sites.add(one.id, { name: "Yard", address: "1 Quay" }, act);
  await seedAsset(office.db, "car", one.id, 7);
  await sql`update asset set site_id = ${site.id}`.execute(office.db);
  const at = { customerId: one.id, id: site.id, version: undefined };
  await expect(office.sites.remove(at, act)).rejects.toThrow(/car stands at this site/);
});

test("finds those that are one, and says by what", async ({ office }) => {
  await office.add("ACME Ltd.", { phone: "+86 138 0013 8000" });
  await office.add("Acme Limited", { phone: "13800138000" });
  await office.add("Other", { phone: "13800138001" });
  expect(await office.duplicates.list(10)).toMatchObject([
    { score: 75, reasons: ["phone", "name"], one: { number: "C-000001" } },
  ]);
  const typed = {
    kind: "person",
    name: "Acme",
    email: null,
    phone: null,
    address: null,
    taxId: null,
  } as const;
  expect(await office.duplicates.like(typed, 5)).toEqual([]); // a person of that name alone is likely another
  expect(await office.duplicates.like({ ...typed, kind: "organisation" }, 5)).toHaveLength(2);
});

/** Every row of every table, to see whether anything differs. */
async function everything(db: Db): Promise<Record<string, unknown>> {
  const tables = await db.introspection.getTables();
  const all: Record<string, unknown> = {};
  for (const { name } of tables.filter(
    ({ name }) => !/^(audit|customer_merge|alert_revision|kysely)/.test(name),
  )) {
    const { rows } = await sql`select to_jsonb(t) - 'version' as row from ${sql.table(name)} t
      order by (to_jsonb(t) - 'version')::text`.execute(db);
    all[name] = rows;
  }
  return all;
}

describe("a merge", () => {
  test("moves all and its undoing puts everything back as it was", async ({ office }) => {
    const { db, merges } = office;
    const top = await office.add("Top");
    const from = await office.add("Acme", { parentId: top.id });
    const into = await office.add("ACME Ltd");
    const child = await office.add("Branch", { parentId: from.id });
    await office.contacts.add(from.id, { name: "Li", role: "boss", language: "en" }, act);
    await office.notes.add(from.id, "called", act);
    await office.consents.record(from.id, { channel: "sms", granted: true, source: "form" }, act);
    await seedAsset(db, "car", from.id, 7);
    const before = await everything(db);
    const merge = await merges.merge(from.id, into.id, later(2_000));
    expect(merge.counts).toMatchObject({
      contact: 1,
      customer_note: 1,
      asset: 1,
      assignment: 1,
      customer: 1,
    });
    expect(await office.contacts.list(into.id)).toHaveLength(1);
    expect(await office.customers.detail(child.id, "all")).toMatchObject({ parentId: into.id });
    await expect(
      office.customers.change(from.id, { name: "X" }, undefined, act),
    ).rejects.toMatchObject({
      code: "conflict",
      details: { mergedInto: into.id },
    });
    expect((await office.customers.tree()).map(({ id }) => id)).not.toContain(from.id);
    await merges.undo(merge.id, later(3_000));
    expect(await everything(db)).toEqual(before);
    await expect(merges.undo(merge.id, act)).rejects.toThrow(/undone already/);
    expect(await office.audit.check()).toMatchObject({ ok: true });
  });

  test.for([
    ["update asset set customer_id = 'elsewhere' where id = 'car'", /asset car was moved on/],
    [
      "update assignment set to_ns = 9; insert into assignment (id, address, asset_id, customer_id, from_ns, reason) values ('new', 7, 'car', 'id-3', 9, '')",
      /terminal 7 was assigned/,
    ],
    ["delete from contact", /contact .* was moved on or removed/],
    ["update customer set erased_at = now() where number = 'C-000001'", /C-000001 was erased/],
    [
      "update customer set merged_into = null, parent_id = 'id-1' where number = 'C-000003'; update customer set merged_into = 'id-1', parent_id = null where number = 'C-000002'",
      /C-000002 was merged on/,
    ],
  ] as const)("is not undone after: %s", async ([statement, reason], { office }) => {
    const from = await office.add("Acme"); // id-1
    const into = await office.add("ACME Ltd"); // id-3, behind the audit log's none
    await office.add("Third");
    await office.contacts.add(from.id, { name: "Li", role: "boss", language: "en" }, act);
    await seedAsset(office.db, "car", from.id, 7);
    const merge = await office.merges.merge(from.id, into.id, act);
    for (const each of statement.replaceAll("id-3", into.id).split("; "))
      await sql.raw(each).execute(office.db);
    const before = await everything(office.db);
    await expect(office.merges.undo(merge.id, act)).rejects.toThrow(reason);
    expect(await everything(office.db)).toEqual(before);
  });

  test("of an organisation into one below it is refused", async ({ office }) => {
    const top = await office.add("Top");
    const low = await office.add("Low", { parentId: top.id });
    await expect(office.merges.merge(top.id, low.id, act)).rejects.toThrow(/stands below/);
  });
});

describe("erasure", () => {
  test("leaves name, phone and e-mail nowhere but where its record says, and the chain whole", async ({
    office,
  }) => {
    const { db, desk } = office;
    const secret = ["Quentin Quast", "quentin@quast.example", "+49 30 5550 7777", "Mallory Merg"];
    const [name = "", email = "", phone = ""] = secret;
    const { id } = await office.add(name, {
      kind: "person",
      email,
      phone,
      address: `${name}, 1 Quay`,
    });
    const twin = await office.add("Mallory Merg", { kind: "person", email });
    await office.contacts.add(id, { name, role: "himself", email, phone, language: "en" }, act);
    await office.sites.add(id, { name: `Home of ${name}`, address: "1 Quay" }, act);
    await office.notes.add(id, `${name} called from ${phone}`, act);
    await office.consents.record(
      id,
      { channel: "sms", granted: true, source: `call of ${name}` },
      act,
    );
    await office.merges.merge(twin.id, id, act);
    await seedAsset(db, "car", id, 7);
    await sql`update asset set note = ${name}`.execute(db);
    await sql`insert into app_user (id, email, name, role, customer_id, language, time_zone,
        password_hash, must_change_password, recovery_hashes, failed_attempts, created_at, version)
      values ('q', ${email}, ${name}, 'owner', ${id}, 'en', 'UTC', 'x', false, '[]', 0, now(), 1)`.execute(
      db,
    );
    await sql`insert into idempotency_record (caller_id, key, request_sha256, status, body, created_at)
      values ('u1', 'k', 'x', 201, ${JSON.stringify({ id, name })}, now())`.execute(db);
    expect(await desk.survey(id)).toMatchObject({ serving: ["HL-7"] });
    await expect(desk.erase(id, "C-000001", act)).rejects.toThrow(/HL-7/);
    await sql`update assignment set to_ns = 9`.execute(db);
    await expect(desk.erase(id, "C-000002", act)).rejects.toMatchObject({ code: "invalid_input" });
    const taken = await desk.takeOut(id, act);
    const text = JSON.stringify(taken);
    for (const each of secret) expect(text).toContain(each);

    const erasure = await desk.erase(id, "c-000001", later(9_000));
    expect(erasure.kept.map(({ reason }) => reason)).toEqual(["number", "consents", "assignments"]);
    const left = await everythingRaw(db);
    for (const each of secret) expect(left).not.toContain(each);
    expect(left).not.toContain("5550");
    expect(await office.audit.check()).toMatchObject({ ok: true });
    await expect(office.customers.change(id, { name: "X" }, undefined, act)).rejects.toThrow(
      /erased/,
    );
  });

  test("says where a person's own words in the audit log still name the customer", async ({
    office,
  }) => {
    const { id } = await office.add("Quentin Quast");
    const told = { ...act, reason: "Quentin Quast asked for it" };
    await office.customers.change(id, { tags: ["x"] }, undefined, told);
    const { kept } = await office.desk.erase(id, "C-000001", act);
    expect(kept).toContainEqual({ reason: "audit-mentions", count: 1, tables: ["audit_entry"] });
  });
});

/** Every text of every table. */
async function everythingRaw(db: Db): Promise<string> {
  const tables = await db.introspection.getTables();
  let all = "";
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t`.execute(db);
    all += rows.map(({ row }) => row).join("\n");
  }
  return all;
}
