import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect } from "vitest";
import { InvalidConfigError } from "../../base/errors.ts";
import { toHex } from "../../protocol/hex.ts";
import { test as base } from "../../tests/fixtures.ts";
import { rotateKeys } from "./key-rotation.ts";
import { forgetStagedLines, sealedTables } from "./key-rotation-postgres.ts";
import { createKeySeal } from "./key-seal.ts";
import { openKeySeal, openRotation } from "./key-seal-file.ts";
import { createTerminals } from "./terminals-postgres.ts";

const TERMINALS = 2_500;
const OLD = "11".repeat(32);
const seal = createKeySeal(new Uint8Array(32).fill(0x11));

const test = base.extend("folder", async ({ db }, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), "hopline-rotation-"));
  onCleanup(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "key-encryption.key"), OLD);
  await createTerminals({ db, seal }).enrol(
    Array.from({ length: TERMINALS }, (_, i) => ({
      ...{ address: i + 1, serial: `HL-${i}`, name: `T${i}`, profile: "vehicle" },
      ...{ rootKey: new Uint8Array(16).fill(i), latitude: null, longitude: null },
    })),
  );
  await db
    .insertInto("app_user")
    .values({
      ...{ id: "u1", email: "a@b.c", name: "Ann", role: "operator", customer_id: null },
      ...{ language: "en", time_zone: "UTC", password_hash: "", must_change_password: false },
      ...{ totp_secret: seal.secrets.seal("u1", Uint8Array.of(1, 2, 3)), totp_confirmed_at: null },
      ...{ totp_last_step: null, recovery_hashes: "[]", failed_attempts: 0, locked_until: null },
      ...{ disabled_at: null, created_at: new Date(0), version: 1 },
    })
    .execute();
  await db
    .insertInto("webhook")
    .values({
      ...{
        id: "w1",
        name: "own",
        customer_id: null,
        url: "https://example.org/",
        severities: "[]",
      },
      ...{
        sealed: seal.secrets.seal("webhook w1", Uint8Array.of(4)),
        created_at: new Date(0),
        version: 1,
      },
    })
    .execute();
  await db
    .insertInto("notification_secret")
    .values({
      ...{ name: "links", public_part: "" },
      sealed: seal.secrets.seal("notification links", Uint8Array.of(5)),
    })
    .execute();
  await db
    .insertInto("group_key")
    .values({
      ...{ id: 1, group_id: null, next_counter: 0, created_at: new Date(0) },
      sealed: seal.secrets.seal("group 1", Uint8Array.of(6)),
    })
    .execute();
  return folder;
});

test("goes on after a kill, and in between both keys open", async ({ db, folder }) => {
  const config = { DATA_DIR: folder };
  const first = openRotation(config);
  const killed = rotateKeys(sealedTables(db), first, ({ done }) => {
    if (done > 1_000) throw new Error("killed");
  });
  await expect(killed).rejects.toThrow("killed");

  const between = await openKeySeal(config, db);
  const rows = await db.selectFrom("terminal").select(["address", "root_key"]).execute();
  for (const { address, root_key: sealed } of rows)
    expect(between.open(Number(address), sealed)[0]).toBe((Number(address) - 1) & 0xff);

  const again = openRotation(config);
  const seen: number[] = [];
  const resealed = await rotateKeys(sealedTables(db), again, ({ done }) => seen.push(done));
  expect(resealed).toBe(TERMINALS - 2_000 + 4);
  expect(seen).toEqual([1_000, 2_000, 2_500, 2_500, ...Array<number>(8).fill(1)]);
  expect(again.finish("2026-10-01")).toContain("until-2026-10-01");
  expect(readdirSync(folder).toSorted()).toEqual([
    "key-encryption.key",
    "key-encryption.key.until-2026-10-01",
  ]);

  const after = await openKeySeal(config, db);
  const all = await db.selectFrom("terminal").select(["address", "root_key"]).execute();
  for (const { address, root_key: sealed } of all) {
    expect(after.open(Number(address), sealed)[0]).toBe((Number(address) - 1) & 0xff);
    expect(() => seal.open(Number(address), sealed)).toThrow(InvalidConfigError);
  }
  const user = await db.selectFrom("app_user").select("totp_secret").executeTakeFirstOrThrow();
  expect(after.secrets.open("u1", user.totp_secret ?? new Uint8Array())).toEqual(
    Uint8Array.of(1, 2, 3),
  );
  const webhook = await db.selectFrom("webhook").select("sealed").executeTakeFirstOrThrow();
  expect(after.secrets.open("webhook w1", webhook.sealed)).toEqual(Uint8Array.of(4));
  await expect(openKeySeal({ ...config, KEY_ENCRYPTION_KEY: OLD }, db)).rejects.toThrow(/another/);
});

/** By hand: what is kept as bytes and is no secret of ours, or is hashed. */
const NOT_SEALED = [
  "attach_answer.page",
  "audit_entry.hash",
  "audit_entry.previous_hash",
  "audit_head.hash",
  "commands.plaintext",
  "event_outbox.payload",
  "group_commands.plaintext",
  "packet.payload",
  "packet.plaintext",
  "page_request.words",
  "provisioning_photo.bytes",
  "recovery_packs.pdf",
];

test("a rotation knows every column that is sealed", async ({ db }) => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' order by name`.execute(db);
  const sealed = sealedTables(db).map(({ column }) => column);
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...sealed, ...NOT_SEALED].toSorted());
});

test("leaves no line of a killed import that the old key opens", async ({ db, folder }) => {
  const rootKey = toHex(seal.seal(9, new Uint8Array(16).fill(9)));
  await sql`insert into import_staged values ('run', 2, '9', 'HL-9', ${JSON.stringify({ rootKey })}::jsonb)`.execute(
    db,
  );
  await forgetStagedLines(db);
  await rotateKeys(sealedTables(db), openRotation({ DATA_DIR: folder }), () => undefined);
  expect(await db.selectFrom("import_staged").selectAll().execute()).toEqual([]);
});

const SEALED = ["terminal", "app_user", "webhook", "group_key", "notification_secret"] as const;

test.for(SEALED)(
  "a lost key is named at the start when rows of %s alone are sealed",
  async (alone, { db, folder }) => {
    for (const table of SEALED) if (table !== alone) await db.deleteFrom(table).execute();
    rmSync(join(folder, "key-encryption.key"));
    await expect(openKeySeal({ DATA_DIR: folder }, db)).rejects.toThrow(/put back the one/);
    expect(readdirSync(folder)).toEqual([]);
    const another = { DATA_DIR: folder, KEY_ENCRYPTION_KEY: "22".repeat(32) };
    await expect(openKeySeal(another, db)).rejects.toThrow(/another key encryption key/);
    await db.deleteFrom(alone).execute();
    await openKeySeal({ DATA_DIR: folder }, db); // nothing is sealed any more: a new one may be made
    expect(readdirSync(folder)).toEqual(["key-encryption.key"]);
  },
);

test("a half-done rotation whose new key is lost is named at the start", async ({ db, folder }) => {
  const rotation = openRotation({ DATA_DIR: folder });
  await expect(
    rotateKeys(sealedTables(db), rotation, () => {
      throw new Error("killed");
    }),
  ).rejects.toThrow("killed");
  rmSync(join(folder, "key-encryption.key.next"));
  await expect(openKeySeal({ DATA_DIR: folder }, db)).rejects.toThrow(/terminal 1 was sealed/);
});

test("changes nothing that neither key opens", async ({ db, folder }) => {
  const config = { DATA_DIR: folder, KEY_ENCRYPTION_KEY: "22".repeat(32) };
  const rotation = openRotation({ ...config, NEW_KEY_ENCRYPTION_KEY: "33".repeat(32) });
  await expect(rotateKeys(sealedTables(db), rotation, () => undefined)).rejects.toThrow(
    /terminal 1/,
  );
  await openKeySeal({ DATA_DIR: folder }, db); // which throws when the old key does not open all
  expect(() => openRotation({ ...config, NEW_KEY_ENCRYPTION_KEY: "22".repeat(32) })).toThrow(
    /old one/,
  );
});
