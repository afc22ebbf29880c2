import { generateKeyPairSync } from "node:crypto";
import { expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { pemOf, verifyEvidence } from "../domain/recovery/evidence.ts";
import { ADMINISTRATOR, NOW_MS } from "../tests/api-fixture.ts";
import {
  MINUTE_MS,
  moveTerminal,
  NEXT_OWNER,
  OWNER,
  seedCar,
  test,
  VAN,
} from "../tests/recovery-fixture.ts";

test("a stolen vehicle reports more often until its case is closed, and then as before", async ({
  police: { call, clock, marked },
}) => {
  const url = await marked();
  const { body: opened } = await call("GET", url);
  expect(opened).toMatchObject({ state: "open", interval: { beforeS: 30, shortS: 10 } });
  expect(opened.commands).toMatchObject([
    { name: "report-interval", arguments: { interval: 10 }, state: "queued" },
  ]);
  expect((await call("POST", "/api/recoveries", { terminal: VAN })).status).toBe(409);

  const step = (kind: string, text: string) => call("POST", `${url}/entries`, { kind, text });
  expect((await step("recovered", "found at the quay")).status).toBe(200);
  expect((await step("recovered", "again")).status).toBe(409);
  clock.advance(MINUTE_MS);
  const { body: closed } = await step("closed", "given back");
  expect(closed).toMatchObject({ state: "closed", result: "given back" });
  expect(closed.commands.map(({ arguments: given, state }) => [given, state])).toEqual([
    [{ interval: 10 }, "superseded"],
    [{ interval: 30 }, "queued"],
  ]);
  expect(closed.entries.map(({ kind }) => kind)).toEqual([
    ...["opened", "interval", "recovered", "closed", "interval"],
  ]);
  expect((await step("note", "later")).status).toBe(409);
  expect((await call("POST", `${url}/interval`, {})).status).toBe(200); // should the terminal not have heard it
  expect((await call("POST", "/api/recoveries", { terminal: VAN })).status).toBe(201); // it may be stolen again
});

/** As the terminal's own word, or the group's roll call, has it. */
const doneNow = (db: Db, id: string, nowMs: number) =>
  db
    .updateTable("commands")
    .set({ state: "done", ended_at: new Date(nowMs), due_at: null })
    .where("id", "=", id)
    .execute();

test("the interval before the case is the last that the terminal did, not one that is on its way", async ({
  police: { call, clock, db },
}) => {
  const tell = async (interval: number): Promise<string> => {
    clock.advance(MINUTE_MS);
    const asked = { terminal: VAN, name: "report-interval", arguments: { interval } };
    return (await call("POST", "/api/commands", asked)).body.id;
  };
  const opened = async (): Promise<unknown> => {
    clock.advance(MINUTE_MS);
    const { body } = await call("POST", "/api/recoveries", { terminal: VAN });
    const over = { kind: "closed", text: "a mistake" };
    await call("POST", `/api/recoveries/${body.id}/entries`, over);
    return body["interval"];
  };
  await tell(60);
  expect(await opened()).toEqual({ beforeS: 30, shortS: 10 }); // as its type begins: it has not heard of 60 yet
  await doneNow(db, await tell(90), clock.now());
  await tell(120);
  expect(await opened()).toEqual({ beforeS: 90, shortS: 10 });
  await tellByGroup(db, 45, clock.now());
  expect(await opened()).toEqual({ beforeS: 45, shortS: 10 });
});

/** The van's group was told by one page, and the van has said in the roll call that it does so. */
async function tellByGroup(db: Db, interval: number, atMs: number): Promise<void> {
  const at = new Date(atMs);
  await db
    .insertInto("group_commands")
    .values({
      ...{ id: "g1", partition: 0, profile: "vehicle", name: "report-interval", note: "" },
      ...{ arguments: JSON.stringify({ interval }), plaintext: new Uint8Array(3), priority: 1 },
      ...{ is_drill: false, state: "done", command: "{}", created_at: at, ended_at: at },
      ...{ created_by_kind: "user", created_by_id: "ann", created_by_name: "Ann" },
    })
    .execute();
  await db
    .insertInto("group_roll")
    .values({
      ...{ command_id: "g1", address: VAN, state: "answered", has_key: true, result: "done" },
      since: at,
    })
    .execute();
}

test("only what says where it is can be looked for, and only within a week", async ({
  police: { call },
}) => {
  const mark = async (more: object) =>
    (await call("POST", "/api/recoveries", { terminal: VAN, ...more })).status;
  expect(await mark({ terminal: 7 })).toBe(400);
  expect(await mark({ terminal: 999 })).toBe(404);
  for (const ms of [NOW_MS + 1_000, NOW_MS - 8 * 86_400_000])
    expect(await mark({ stolenAt: new Date(ms).toISOString() })).toBe(400);
  expect(await mark({ stolenAt: new Date(NOW_MS - 3_600_000).toISOString() })).toBe(201);
});

test("the track begins with the theft, and each position says who found it and how exact it is", async ({
  police: { call, clock, marked, as },
}) => {
  as(OWNER);
  const url = await marked();
  clock.advance(10 * MINUTE_MS);
  const { body } = await call("GET", `${url}/track`);
  expect(body.points).toHaveLength(11); // ten of its own from the theft on, and one of the network
  expect(body.points[0]).toMatchObject({
    ...{ time: new Date(NOW_MS).toISOString(), source: "terminal", accuracyM: 4, ellipse: null },
  });
  expect(body.points.filter(({ source }) => source !== "terminal")).toMatchObject([
    {
      ...{ source: "network", accuracyM: 180, gateways: 4 },
      ellipse: { majorM: 180, minorM: 60, bearingDeg: 30 },
    },
  ]);
});

test("a link shows the vehicle since the theft and nothing of whose it is, and each look is kept", async ({
  police: { answer, call, clock, db, marked, as },
}) => {
  const url = await marked();
  const { status, body } = await call("POST", `${url}/links`, {
    label: "Police, Pudong",
    hours: 2,
  });
  expect(status).toBe(201);
  clock.advance(3 * MINUTE_MS);
  const look = async () => (await answer("GET", body.path)).status;
  const page = await answer("GET", body.path);
  expect(page.status).toBe(200);
  for (const shown of ["HL-A 5", "VIN5", "31.26200", "own fix", "10-01 08:02:00"])
    expect(page.body).toContain(shown);
  for (const hidden of ["Anna", "Hafenstrasse", "c1", "mia", "HL-5<", "31.25900", "Pudong"])
    expect(page.body).not.toContain(hidden);
  expect(await look()).toBe(200);
  clock.advance(11 * MINUTE_MS);
  expect(await look()).toBe(200); // after a pause it is another reading
  const { body: read } = await call("GET", url);
  expect(read.links[0]).toMatchObject({ state: "valid", label: "Police, Pudong" });
  expect(read.links[0]?.readings).toMatchObject([{ requests: 1 }, { requests: 2 }]);
  const noted = await db
    .selectFrom("audit_entry")
    .select(["action", "ip"])
    .where("action", "=", "recovery.link-read")
    .execute();
  expect(noted).toHaveLength(2);
  const kept = await db.selectFrom("recovery_links").selectAll().execute();
  expect(JSON.stringify(kept)).not.toContain(body.path.slice("/shared/".length));

  expect(await answer("GET", `${body.path}x`)).toMatchObject({ status: 404 });
  clock.advance(2 * 60 * MINUTE_MS);
  expect(await look()).toBe(404); // expired
  const { body: second } = await call("POST", `${url}/links`, { label: "Police" });
  as(NEXT_OWNER); // who is signed in makes no difference
  expect((await answer("GET", second.path)).status).toBe(200);
  as(ADMINISTRATOR);
  const { body: two } = await call("GET", url);
  await call("POST", `${url}/links/${two.links[1]?.id ?? ""}/revoke`, {});
  expect((await answer("GET", second.path)).status).toBe(404);
  const { body: third } = await call("POST", `${url}/links`, { label: "Police" });
  await call("POST", `${url}/entries`, { kind: "closed", text: "given back" });
  const gone = await answer("GET", third.path);
  expect(gone.status).toBe(404);
  expect(gone.body).not.toContain("HL-A 5");
  expect((await call("POST", `${url}/links`, { label: "Police" })).status).toBe(409);
});

test("whoever has the vehicle afterwards sees nothing of the case, and the case nothing of them", async ({
  police: { call, clock, db, marked, as },
}) => {
  as(OWNER);
  const url = await marked();
  clock.advance(5 * MINUTE_MS);
  await db.updateTable("asset").set({ customer_id: "c2", name: "Ben's" }).execute();
  await moveTerminal(db, "a5", "c2");
  clock.advance(20 * MINUTE_MS);
  for (const caller of [OWNER, ADMINISTRATOR]) {
    as(caller);
    expect((await call("GET", `${url}/track`)).body.points).toHaveLength(5);
  }
  as(OWNER);
  expect((await call("POST", `${url}/interval`, {})).status).toBe(409);
  const { body: closed } = await call("POST", `${url}/entries`, { kind: "closed", text: "sold" });
  expect(closed).toMatchObject({ state: "closed", isHeld: false });
  expect(closed["vehicle"]).toMatchObject({ name: "Anna's van" }); // as it was called then

  as(NEXT_OWNER);
  expect((await call("GET", "/api/recoveries")).body.items).toEqual([]);
  for (const path of ["", "/track", "/packs/p/pdf"])
    expect((await call("GET", url + path)).status).toBe(404);
  for (const path of ["/links", "/packs", "/interval", "/entries"]) {
    const payload = {
      ...(path === "/links" ? { label: "me" } : {}),
      ...(path === "/entries" ? { kind: "note", text: "?" } : {}),
    };
    expect((await call("POST", url + path, payload)).status).toBe(404);
  }
  const { body: told } = await call("GET", `/api/commands?terminal=${VAN}`);
  expect(told.items).toMatchObject([{ arguments: { interval: 30 }, createdByName: "network" }]);
  expect((await call("POST", "/api/recoveries", { terminal: VAN })).status).toBe(201);
});

test("what the terminal does in another vehicle of the same customer is not the case's", async ({
  police: { call, clock, db, marked, as },
}) => {
  as(OWNER);
  const url = await marked();
  await seedCar(db);
  await moveTerminal(db, "a6", "c1");
  const ended_at = new Date(clock.now());
  await db.updateTable("commands").set({ state: "done", ended_at, due_at: null }).execute();
  clock.advance(20 * MINUTE_MS);
  expect((await call("GET", `${url}/track`)).body.points).toHaveLength(5);
  expect((await call("GET", url)).body).toMatchObject({ isHeld: false });

  const second = await call("POST", "/api/recoveries", { terminal: VAN });
  expect(second.status).toBe(201);
  // not what the first case told it
  expect(second.body).toMatchObject({ interval: { beforeS: 30, shortS: 10 } });
  const close = await call("POST", `${url}/entries`, { kind: "closed", text: "scrapped" });
  expect(close.body.commands).toHaveLength(1); // the second case has the interval now
  const { body: told } = await call("GET", `/api/commands?terminal=${VAN}`);
  expect(told.items).toMatchObject([
    { arguments: { interval: 10 }, state: "queued" },
    { arguments: { interval: 10 }, state: "done" },
  ]);
  const listed = async (query: string) =>
    (await call("GET", `/api/recoveries?${query}`)).body.items;
  expect(await listed("open=true")).toMatchObject([{ id: second.body.id }]);
  expect(await listed("open=false")).toMatchObject([{ id: close.body.id }]);
});

test("the interval that the next holder has chosen is not put back by the case's end", async ({
  police: { call, clock, db, marked, as },
}) => {
  as(OWNER);
  const url = await marked();
  await moveTerminal(db, "a5", "c2");
  clock.advance(20 * MINUTE_MS);
  as(ADMINISTRATOR);
  const asked = { terminal: VAN, name: "report-interval", arguments: { interval: 60 } };
  expect((await call("POST", "/api/commands", asked)).status).toBe(201);
  clock.advance(MINUTE_MS);
  expect((await call("POST", `${url}/entries`, { kind: "closed", text: "sold" })).status).toBe(200);
  const { body: told } = await call("GET", `/api/commands?terminal=${VAN}`);
  expect(told.items[0]).toMatchObject({ arguments: { interval: 60 }, state: "queued" });
});

test("an evidence pack is signed, kept as it was signed, and the operator's names stay the operator's", async ({
  police: { answer, call, clock, marked, as },
}) => {
  const url = await marked();
  await call("POST", `${url}/links`, { label: "Police" });
  clock.advance(10 * MINUTE_MS);
  const { status, body: pack } = await call("POST", `${url}/packs`, { language: "zh-CN" });
  expect(status).toBe(201);
  const pdf = await answer("GET", `${url}/packs/${pack.id}/pdf`);
  const signature = await answer("GET", `${url}/packs/${pack.id}/sig`);
  const { body: key } = await call("GET", "/api/evidence-key");
  const publicKey = String(key["publicKey"]);
  const verdict = verifyEvidence(pdf.bytes, signature.body, publicKey);
  expect(verdict).toMatchObject({ verdict: "valid", manifest: { positions: 11, commands: 1 } });
  expect(verdict).toMatchObject({ manifest: { keyFingerprint: key["fingerprint"] } });
  const changed = Uint8Array.from(pdf.bytes);
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
  expect(verifyEvidence(changed, signature.body, publicKey).verdict).toBe("changed");
  const stranger = pemOf(generateKeyPairSync("ed25519").publicKey);
  expect(verifyEvidence(pdf.bytes, signature.body, stranger).verdict).toBe("wrong-key");

  as(OWNER);
  const { body: seen } = await call("GET", url);
  expect(seen["packs"]).toEqual([]);
  expect(new Set(seen.entries.map(({ whoName }) => whoName))).toEqual(new Set([null]));
  expect((await answer("GET", `${url}/packs/${pack.id}/pdf`)).status).toBe(404);
});
