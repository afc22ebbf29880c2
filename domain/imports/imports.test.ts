import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { test as base } from "../../tests/fixtures.ts";
import { createKeySeal } from "../devices/key-seal.ts";
import { terminalImport } from "../devices/terminal-import-postgres.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createImports, importJobs } from "./create-imports.ts";
import { importStorePostgres } from "./import-store-postgres.ts";
import type { ImportOrder } from "./imports.ts";
import { spoolFile } from "./spool-file.ts";
import { spoolMemory } from "./spool-memory.ts";

const ACT: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: 5_000 };
const HEADER = "address,serial,root_key,profile,hardware_version,firmware_version,batch";
const KEY = "00112233445566778899aabbccddeeff";
const line = (n: number, rest: Partial<Record<"serial" | "key" | "profile", string>> = {}) =>
  `${n},${rest.serial ?? `HL-${n}`},${rest.key ?? KEY},${rest.profile ?? "vehicle"},1,2,B1`;
const file = (...lines: readonly string[]) => `${[HEADER, ...lines].join("\r\n")}\r\n`;
const seal = createKeySeal(new Uint8Array(32).fill(7));

async function* bytesOf(text: string, chunk = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

const test = base.extend("world", async ({ db }) => {
  const audit = createAudit(db);
  const clock = fakeClock();
  let id = 0;
  const make = () =>
    createImports({
      store: importStorePostgres({ db, audit }),
      spool: spoolMemory(),
      targets: [importJobs(terminalImport(seal, new Set(["vehicle", "bus"])))],
      clock,
      makeId: () => `run-${(id += 1)}`,
      log: silentLog,
      isAlone: true,
    });
  const imports = make();
  const run = async (text: string, order: Partial<ImportOrder> = {}) => {
    const started = await imports.start(
      { kind: "terminals", fileName: "f.csv", dryRun: false, skipBad: false, ...order },
      bytesOf(text),
      ACT,
    );
    await imports.ended(started.id);
    return { id: started.id, run: await imports.find(started.id) };
  };
  const problemsOf = (runId: string) => imports.problems(runId, undefined, 1_000);
  const terminals = () => db.selectFrom("terminal").selectAll().orderBy("address").execute();
  return { imports, make, run, problemsOf, terminals, audit };
});

test("takes a good file into stock with its keys sealed, and out again", async ({ db, world }) => {
  const { id, run } = await world.run(`\ufeff${file(line(1), line(2))}`);
  expect(run).toMatchObject({ state: "done", added: 2, bad: 0, linesTotal: 2, linesDone: 2 });
  const [first] = await world.terminals();
  expect(first).toMatchObject({
    ...{ serial: "HL-1", life_cycle: "stocked", batch: "B1", import_id: id, name: "HL-1" },
    ...{ hardware_version: 1, firmware_version: 2 },
  });
  expect(seal.open(1, first?.root_key ?? new Uint8Array())[1]).toBe(0x11);
  expect(await world.imports.undo(id, ACT)).toMatchObject({ state: "undone" });
  expect(await world.terminals()).toEqual([]);
  await expect(world.imports.undo(id, ACT)).rejects.toThrow(/undone already/);
  const entries = await world.audit.list({ limit: 9 });
  expect(entries.map(({ action }) => action)).toEqual(["import.undone", "terminals.imported"]);
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from import_staged`.execute(db);
  expect(rows).toEqual([{ count: 0 }]);
});

test("names every bad line by line, column and reason, and adds nothing", async ({ world }) => {
  await world.run(file(line(7), line(8, { serial: "TAKEN" })));
  const { id, run } = await world.run(
    file(
      line(1),
      line(2, { key: "0011" }),
      line(1, { serial: "HL-1b" }),
      line(4, { profile: "boat" }),
      `5,HL-5,${KEY},vehicle,1,2`,
      '6,"HL-6"x,1,2,3,4,5',
      line(7, { serial: "HL-77" }),
      line(9, { serial: "TAKEN" }),
      `10,HL-10,${KEY},vehicle,-1,x,B1`,
      line(11),
    ),
  );
  expect(run).toMatchObject({ state: "failed", failure: "bad-lines", added: 0, bad: 8 });
  const problems = await world.problemsOf(id);
  expect(problems.map((p) => `${p.line} ${p.column} ${p.code}`)).toEqual([
    "3 root_key root-key",
    "4 address repeated",
    "5 profile profile",
    "6  cells",
    "7  quote",
    "8 address taken",
    "9 serial taken",
    "10 firmware_version version",
    "10 hardware_version version",
  ]);
  expect(JSON.stringify(problems)).not.toContain("0011");
  expect(await world.terminals()).toHaveLength(2);
  expect(await world.imports.problems(id, { line: 9, column: "serial" }, 1)).toMatchObject([
    { line: 10, column: "firmware_version" },
  ]);
});

test("a dry run says the same and adds nothing", async ({ world }) => {
  const dry = await world.run(file(line(1), line(1)), { dryRun: true });
  expect(dry.run).toMatchObject({ state: "done", added: 0, bad: 1, dryRun: true });
  expect(await world.terminals()).toEqual([]);
  await expect(world.imports.undo(dry.id, ACT)).rejects.toThrow(/added nothing/);
});

test("takes the good lines alone when told to", async ({ world }) => {
  const { run } = await world.run(file(line(1), line(2, { key: "?" }), line(3)), { skipBad: true });
  expect(run).toMatchObject({ state: "done", added: 2, bad: 1 });
});

test("reads names in any order, quoted cells and places", async ({ world }) => {
  const { run } = await world.run(
    `Batch,name,latitude,longitude,profile,ROOT_KEY,serial,address,firmware_version,hardware_version\n,"Car, ""one""\n水",31.5,-121,bus,${KEY.toUpperCase()},X/1,9,,\n\n`,
  );
  expect(run).toMatchObject({ state: "done", added: 1 });
  expect(await world.terminals()).toMatchObject([
    {
      name: 'Car, "one"\n水',
      latitude: 31.5,
      longitude: -121,
      batch: null,
      hardware_version: null,
    },
  ]);
});

test("says what is wrong with a file that is none", async ({ world }) => {
  const failures = [];
  for (const text of [
    "",
    HEADER,
    "a;b;c\n1;2;3",
    "address,serial,colour\n",
    "\u0001\u0000P\u0000",
  ]) {
    const { id, run } = await world.run(text);
    failures.push([run?.failure, (await world.problemsOf(id)).map(({ code }) => code)]);
  }
  expect(failures).toMatchObject([
    ["empty", ["empty"]],
    ["empty", []],
    ["header", ["separator"]],
    ["header", expect.arrayContaining(["missing-column", "unknown-column"])],
    ["header", ["encoding"]],
  ]);
});

test("refuses to take out what others build on, and names it", async ({ db, world }) => {
  const { id } = await world.run(file(line(1), line(2)));
  await db
    .updateTable("terminal")
    .set({ life_cycle: "assigned" })
    .where("address", "=", 2n)
    .execute();
  await expect(world.imports.undo(id, ACT)).rejects.toThrow(/HL-2 is assigned/);
  expect(await world.terminals()).toHaveLength(2);
  expect(await world.imports.find(id)).toMatchObject({ state: "done" });
});

test("marks what a killed process left as failed, with nothing half done", async ({
  db,
  world,
}) => {
  const { id } = await world.run(file(line(1)), { dryRun: true });
  await db.updateTable("import_run").set({ state: "running" }).where("id", "=", id).execute();
  await sql`insert into import_staged values (${id}, 2, '1', 'HL-1', '{}')`.execute(db);
  await expect(world.run(file(line(2)))).rejects.toThrow(/another import/);
  await world.make().recover();
  expect(await world.imports.find(id)).toMatchObject({ state: "failed", failure: "interrupted" });
  expect(await db.selectFrom("import_staged").selectAll().execute()).toEqual([]);
  expect((await world.run(file(line(2)))).run).toMatchObject({ state: "done" });
  const all = await world.imports.list({ kinds: ["terminals"], limit: 9 });
  expect(all).toHaveLength(2);
});

test("a spooled file comes back as it was and leaves no trace", async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), "hopline-spool-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = file(...Array.from({ length: 5_000 }, (_, n) => line(n)));
  const spooled = await spoolFile(folder).keep(bytesOf(text, 777));
  expect(spooled).toMatchObject({ bytes: text.length, lineBreaks: 5_001 });
  expect(await readdir(folder)).toEqual([]);
  const decoder = new TextDecoder();
  let back = "";
  for await (const chunk of spooled.read()) back += decoder.decode(chunk, { stream: true });
  expect(back).toBe(text);
  await spooled.close();
});
