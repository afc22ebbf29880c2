import type { AddressInfo } from "node:net";
import mqtt from "mqtt";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { expect, it } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { rotateKeys } from "../domain/devices/key-rotation.ts";
import { sealedTables } from "../domain/devices/key-rotation-postgres.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { toHex } from "../protocol/hex.ts";
import { attachKey, sessionKeys } from "../protocol/packet/keys.ts";
import { API_SEAL_KEY, NOW_MS, openApi } from "./api-fixture.ts";
import { test } from "./fixtures.ts";
import { callersByHeader, personOf, seedCustomers } from "./fleet-of-customers.ts";
import { operationsOf } from "./hostile/operation-attack.ts";
import { everyValue, keptLog, searchFor } from "./known-keys.ts";
import { openBroker, publishEvents } from "./transfer-scene.ts";
import { onCleanup, until } from "./until.ts";
import { KEY_SEAL_KEY, rootKeyOf, sealed, sealedAttach, uplinkBench } from "./uplink-bench.ts";

/** One that is put into service, one that is retired from the stock, and one that only ever stands in spoiled files. */
const [SERVING, SPARE, SPOILED] = [5, 6, 7] as const;
const SESSION = 1_001; // the bench's first network nonce
const served = sessionKeys(rootKeyOf(SERVING), SERVING, 1, SESSION);
const KEYS = {
  "root key of 5": rootKeyOf(SERVING),
  "root key of 6": rootKeyOf(SPARE),
  "root key of 7": rootKeyOf(SPOILED),
  "attach key": attachKey(rootKeyOf(SERVING), SERVING),
  "key of uplinks": served.up,
  "key of pages": served.down,
  "former key encryption key": API_SEAL_KEY,
  "key encryption key": KEY_SEAL_KEY,
};

const keyOf = (address: number): string => toHex(rootKeyOf(address));
const lineOf = (address: number): string =>
  `${address},HL-${address},${keyOf(address)},vehicle,3,117,B-1`;
const HEADER = "address,serial,root_key,profile,hardware_version,firmware_version,batch";
const SPOILED_FILES = [
  lineOf(SPOILED), // without the names of its columns
  `${HEADER},${keyOf(SPOILED)}\n${lineOf(SPOILED)},`,
  `${HEADER}\n${keyOf(SPOILED)},HL-7,7,vehicle,3,117,B-1`,
  `${HEADER}\n7,HL-7,vehicle,${keyOf(SPOILED)},3,117,B-1`,
  `${HEADER}\n7,HL-7,B-1,vehicle,${keyOf(SPOILED)},${keyOf(SPOILED)},3`,
  `${HEADER}\n7,HL-7,${keyOf(SPOILED)}0,vehicle,3,117,B-1`,
  `${HEADER}\n7,HL-7,"${keyOf(SPOILED)},vehicle,3,117,B-1`,
  `${HEADER}\n7,HL-7,${keyOf(SPOILED)},vehicle,3,117,B-1\n7,HL-8,${keyOf(SPOILED)},vehicle,3,117,B-1`,
];

const PEOPLE = {
  administrator: personOf(null, "administrator"),
  operator: personOf(null, "operator"),
  engineer: personOf(null, "engineer"),
  owner: personOf("c1", "owner"),
};
type Person = keyof typeof PEOPLE;
const TREE = [{ id: "c1", parentId: null }];

interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site over HTTP and MQTT, and all that anybody is told by it. */
async function openSite(db: Db) {
  await db
    .insertInto("audit_head")
    .values({ number: 0n, hash: new Uint8Array(32) })
    .execute();
  await seedCustomers(db, TREE);
  const { log, lines } = keptLog();
  const callers = callersByHeader(PEOPLE, () => TREE);
  const { app, clock, imports } = await openApi(db, callers, undefined, { log });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo; // it listens on TCP
  const broker = await openBroker(db, log);
  onCleanup(async () => {
    await imports.stop();
    await app.close();
    await broker.stop();
  });
  const told: { readonly where: string; readonly said: Uint8Array | string }[] = [];
  const ask = (who: Person, path: string, { method = "GET", body, type, headers }: Asked = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body ?? null,
      headers: { ...headers, ...(type && { "content-type": type }), "x-caller": who },
    });
  /** The whole answer, which is kept. */
  const say = async (who: Person, path: string, asked: Asked = {}): Promise<unknown> => {
    const answer = await ask(who, path, asked);
    const said = new Uint8Array(await answer.arrayBuffer());
    const where = `${asked.method ?? "GET"} ${path} of ${who}`;
    told.push({ where, said }, { where, said: JSON.stringify([...answer.headers]) });
    if (answer.status >= 500) throw new Error(`${where}: ${answer.status}`);
    const text = new TextDecoder().decode(said);
    if (answer.headers.get("content-type")?.includes("json") !== true) return text;
    const parsed: unknown = JSON.parse(text);
    return parsed;
  };
  return {
    ...{ app, db, clock, broker, log, lines, told, ask, say },
    send: (who: Person, path: string, body: object, method = "POST") =>
      say(who, path, { method, body: JSON.stringify(body), type: "application/json" }),
    importFile: async (file: string, query: string): Promise<string> => {
      const { id } = Value.Parse(
        Run,
        await say("administrator", `/api/imports/terminals?file_name=f.csv${query}`, {
          ...{ method: "POST", body: file, type: "text/csv" },
        }),
      );
      await imports.ended(id);
      return id;
    },
  };
}
type Site = Awaited<ReturnType<typeof openSite>>;

const Run = Type.Object({ id: Type.String() });
const Secret = Type.Object({ secret: Type.String() });
const JOB = "/api/jobs/job-of-the-crane";

async function bringIn({ importFile, say, db }: Site): Promise<void> {
  for (const file of SPOILED_FILES)
    for (const query of ["&dry_run=true", "&skip_bad=true"]) {
      const id = await importFile(file, query);
      for (const more of ["", "/problems", "/problems/export"])
        await say("operator", `/api/imports/${id}${more}`);
    }
  const id = await importFile([HEADER, lineOf(SERVING), lineOf(SPARE)].join("\n"), "");
  expect(await say("operator", `/api/imports/${id}`)).toMatchObject({ state: "done", added: 2 });
  // the file in which one stands twice has a good line, which skip_bad lets in
  expect(await db.selectFrom("terminal").select("address").execute()).toHaveLength(3);
}

async function rotate({ db, told }: Site): Promise<void> {
  const [from, to] = [createKeySeal(API_SEAL_KEY), createKeySeal(KEY_SEAL_KEY)];
  await rotateKeys(sealedTables(db), { from, to }, (progress) => {
    told.push({ where: "rotation", said: JSON.stringify(progress) });
  });
}

/** By the engineer's steps and the terminal's own packets. */
async function putIntoService({ send, db, clock, log }: Site): Promise<void> {
  const steps = (...kinds: readonly (readonly [string, object])[]) =>
    send("engineer", `${JOB}/steps`, {
      steps: kinds.map(([kind, data]) => {
        clock.advance(1_000);
        return { id: `step-${kind}`, kind, data, at: new Date(clock.now()).toISOString() };
      }),
    });
  const asset = { kind: "vehicle", name: "Crane" };
  await steps(
    ["claim", { serial: `HL-${SERVING}` }],
    ["bind", { customerId: "c1", asset }],
    ["place", { latitude: 31.2, longitude: 121.4 }],
    ["attach", {}],
  );
  const head = uplinkBench(db, { clock, log });
  const forged = sealed(SPARE, 1, { networkNonce: SESSION });
  const report = (counter: number) => sealed(SERVING, counter, { networkNonce: SESSION });
  for (const bytes of [sealedAttach(SERVING, 1), forged, report(0)])
    await head.uplinks.store([head.uplink(bytes)]);
  const last = await steps(
    ["walk-test", {}],
    ["result", { verdict: "pass" }],
    ["accept", { serviceFrom: "2026-10-01" }],
  );
  expect(last).toMatchObject({ state: "accepted", attached: true });
  await head.uplinks.store([head.uplink(report(1))]); // the first that is the customer's
}

async function workWith({ send, say }: Site): Promise<void> {
  for (const deed of ["quarantine", "release", "suspend", "retire"])
    await send("administrator", `/api/stock/${SPARE}/deeds`, { deed, reason: "worn out" });
  expect(await say("operator", `/api/stock/${SPARE}`)).toMatchObject({ lifeCycle: "retired" });
  await send("administrator", `/api/stock/${SPOILED}`, { name: "Crane 7", reason: "" }, "PATCH");
  await send("administrator", "/api/groups", { name: "Cranes" });
  await send("operator", "/api/commands", { terminal: SERVING, name: "locate" });
}

const AT = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() };

/** Everything that can be read of them, and every list, by each of these people. */
async function readAll({ app, say }: Site): Promise<number> {
  const reads = operationsOf(app).filter(
    ({ method, operationId }) => method === "GET" && operationId !== "events",
  );
  const query = new URLSearchParams({ ...AT, fields: "speed" });
  for (const who of ["administrator", "engineer", "owner"] as const)
    for (const { path, parameters } of reads) {
      const filled = path
        .replaceAll("{address}", String(SERVING))
        .replaceAll("{serial}", `HL-${SERVING}`)
        .replaceAll(/\{[^}]*\}/g, "c1");
      const isOfTime = parameters.some(({ name }) => name === "from");
      await say(who, isOfTime ? `${filled}?${query.toString()}` : filled);
    }
  return reads.length;
}

/** The stream from its beginning to the report of the terminal. */
async function hearLive({ ask, told }: Site): Promise<void> {
  const headers = { accept: "text/event-stream", "last-event-id": "0" };
  const { body } = await ask("administrator", "/api/events", { headers });
  if (body === null) throw new Error("live events have no body");
  const decoder = new TextDecoder(); // the body's own type does not say that it is bytes
  let text = "";
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (/event: packet\ndata: [^\n]*"report":"position"/.test(text)) break;
  }
  told.push({ where: "live events", said: text });
}

/** What the customer's own system is told; its key is shown in one answer and stands nowhere else. */
async function hearByMqtt({ send, db, broker, told }: Site): Promise<string> {
  const wanted = { name: "Fleet", customerId: "c1", scopes: ["mqtt:read"] };
  const { secret } = Value.Parse(Secret, await send("administrator", "/api/keys", wanted));
  const shown = told.splice(-2);
  expect(shown.map(({ where }) => where)).toEqual(Array(2).fill("POST /api/keys of administrator"));
  const system = await mqtt.connectAsync(broker.url, { username: "key", password: secret });
  let heard = 0;
  system.on("message", (topic, payload) => {
    heard += 1;
    told.push({ where: topic, said: topic }, { where: topic, said: payload });
  });
  await system.subscribeAsync(["hopline/v1/customer/c1/#", "hopline/v1/json/customer/c1/#"]);
  const { count } = await db
    .selectFrom("event_outbox")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("topic", "like", "%customer/c1/%")
    .executeTakeFirstOrThrow();
  expect(count).toBeGreaterThan(1n);
  await publishEvents(db, broker);
  await until(() => heard >= Number(count));
  await system.endAsync();
  return secret;
}

test("the keys of terminals stand in no log, answer, event, audit entry or column", async ({
  emptied: db,
}) => {
  const site = await openSite(db);
  await bringIn(site);
  await rotate(site);
  await putIntoService(site);
  await workWith(site);
  const secret = await hearByMqtt(site);
  expect(await readAll(site)).toBeGreaterThan(80);
  await hearLive(site);

  const keysIn = searchFor({ ...KEYS, "API key": new TextEncoder().encode(secret) });
  const leaks = new Set<string>();
  const look = (where: string, said: Uint8Array | string): void => {
    for (const key of keysIn(said)) leaks.add(`${where}: ${key}`);
  };
  for (const { where, said } of site.told) look(where, said);
  for (const line of site.lines) look("log", line);
  const filled = new Set<string>();
  for await (const { column, value } of everyValue(db)) {
    filled.add(column);
    look(column, value);
  }
  expect([...leaks]).toEqual([]);
  // else it was not looked at
  for (const column of ["terminal.root_key", "audit_entry.after", "import_problem.column_name"])
    expect(filled).toContain(column);
  expect(site.lines).not.toEqual([]);
});

it.each([
  ["as it is", (key: Uint8Array) => Uint8Array.of(1, ...key, 2)],
  ["in hexadecimal", (key: Uint8Array) => `x${toHex(key)}y`],
  ["in hexadecimal", (key: Uint8Array) => `\\x${toHex(key).toUpperCase()}`],
  ["in base64", (key: Uint8Array) => btoa(String.fromCharCode(...key))],
  ["in base64", (key: Uint8Array) => btoa(`a${String.fromCharCode(...key)}`)],
  [
    "in base64",
    (key: Uint8Array) => btoa(`ab${String.fromCharCode(...key)}c`).replaceAll("/", "_"),
  ],
  ["in JSON", (key: Uint8Array) => JSON.stringify({ key })],
  ["in JSON", (key: Uint8Array) => JSON.stringify({ type: "Buffer", data: [...key] })],
])("a key is found %s", (form, write) => {
  const key = Uint8Array.from({ length: 16 }, (_, at) => 255 - at * 7);
  const search = searchFor({ it: key });
  expect(search(write(key))).toEqual([`it ${form}`]);
  expect(search(write(key.toReversed()))).toEqual([]);
});
