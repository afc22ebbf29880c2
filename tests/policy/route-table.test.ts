import type { FastifyInstance } from "fastify";
import { type Kysely, sql } from "kysely";
import { expect } from "vitest";
import { keysOf } from "../../domain/customers/customer-keys.ts";
import type { Database } from "../../domain/db/database.ts";
import { NO_PASSWORD } from "../../domain/identity/passwords.ts";
import type { Caller } from "../../domain/identity/policy.ts";
import { ROLES } from "../../domain/identity/roles.ts";
import { API_SEAL_KEY, NOW_MS, openApi, seededKey } from "../api-fixture.ts";
import { test } from "../fixtures.ts";
import { joined } from "../hostile/spoil.ts";
import { asWritten, keptLog, searchFor } from "../known-keys.ts";
import { type Part, type Row, WHO, type Who } from "./route-table.ts";
import { alarmPart } from "./rows-alarms.ts";
import { assets } from "./rows-assets.ts";
import { billingPart } from "./rows-billing.ts";
import { commandPart } from "./rows-commands.ts";
import { customerPart } from "./rows-customers.ts";
import { drillPart } from "./rows-drills.ts";
import { existing } from "./rows-existing.ts";
import { field } from "./rows-field.ts";
import { identity } from "./rows-identity.ts";
import { notifications } from "./rows-notifications.ts";
import { payingPart } from "./rows-paying.ts";
import { recoveryPart } from "./rows-recovery.ts";
import { stockPart } from "./rows-stock.ts";

/** Every part of the API has its rows here. */
const PARTS: readonly Part[] = [
  existing,
  identity,
  stockPart,
  customerPart,
  assets,
  field,
  alarmPart,
  commandPart,
  drillPart,
  recoveryPart,
  notifications,
  billingPart,
  payingPart,
];
const ROWS = PARTS.flatMap(({ rows }) => rows);

const LETTERS: Readonly<Record<number, string>> = {
  400: "i",
  401: "u",
  403: "f",
  404: "n",
  409: "c",
};
const letterOf = (status: number): string =>
  status >= 200 && status < 300 ? "o" : (LETTERS[status] ?? String(status));

const isOfCustomer = (who: Who): boolean => who === "owner" || who === "member";

function callerOf(who: Who): Caller | undefined {
  if (who === "stranger") return undefined;
  const of = { id: who, name: who, customerId: isOfCustomer(who) ? "c1" : null };
  if (who === "key") return { ...of, kind: "key", role: "read-only", scopes: [] };
  return { ...of, kind: "user", role: who };
}

async function seed(db: Kysely<Database>): Promise<void> {
  await db
    .insertInto("customer")
    .values(
      ["c1", "c2"].map((id) => ({
        ...{ id, number: id, kind: "organisation" as const, name: id, language: "en" },
        ...keysOf({ name: id, email: null, phone: null }),
        ...{ time_zone: "UTC", tags: "[]", created_at: new Date(NOW_MS), version: 1 },
      })),
    )
    .execute();
  await db
    .insertInto("app_user")
    .values(
      ROLES.map((role) => ({
        ...{ id: role, role, customer_id: isOfCustomer(role) ? "c1" : null, name: role },
        ...{ email: `${role}@example.com`, language: "en", time_zone: "UTC" },
        ...{ password_hash: NO_PASSWORD, must_change_password: false, recovery_hashes: "[]" },
        ...{ failed_attempts: 0, created_at: new Date(NOW_MS), version: 1 },
      })),
    )
    .execute();
  for (const part of PARTS) await part.seed?.(db);
}

/** The API on the seeded database, called by whoever is named. */
async function openTable(db: Kysely<Database>) {
  let caller: Caller | undefined;
  await seed(db);
  const { log, lines } = keptLog();
  const callers = {
    find: async () => caller,
    reach: async ({ customerId }: Caller) =>
      customerId === null ? ("all" as const) : new Set([customerId]),
  };
  const { app } = await openApi(db, callers, undefined, { log });
  const keysIn = searchFor({
    ...{ "the key of 5": seededKey(5), "the key of 6": seededKey(6) },
    "the key that seals them": API_SEAL_KEY,
  });
  return {
    app,
    async letter(row: Row, who: Who): Promise<string> {
      caller = callerOf(who);
      await sql`savepoint before_row`.execute(db);
      const { status, body } = await answerTo(app, row);
      const isWritten = status < 300 && !row.route.startsWith("GET ");
      const noted = isWritten ? await db.selectFrom("audit_entry").selectAll().execute() : [];
      await sql`rollback to savepoint before_row`.execute(db);
      const told = [body, ...noted.flatMap(Object.values).map(asWritten), ...lines.splice(0)];
      return letterOf(status) + told.flatMap(keysIn).join();
    },
  };
}

async function answerTo(app: FastifyInstance, row: Row) {
  const [method = "GET"] = row.route.split(" ");
  const answer = await app.inject({
    method: method as "GET", // the route that it names is in the document
    url: row.url,
    headers: { host: "127.0.0.1", ...row.headers },
    ...(row.payload === undefined ? {} : { payload: row.payload }),
    payloadAsStream: true, // live events have no end
  });
  const stream = answer.stream();
  const chunks: Uint8Array[] = [];
  if (row.route === "GET /api/events") stream.destroy();
  else for await (const chunk of stream) chunks.push(chunk as Uint8Array); // no encoding is set
  return { status: answer.statusCode, body: joined(...chunks) };
}

test("every operation of the document has a row, and every row an operation", async ({ db }) => {
  const { app } = await openApi(db);
  await app.ready();
  const { paths = {} } = app.swagger() as { paths?: Record<string, object> };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const rows = new Set(ROWS.map(({ route }) => route));
  expect(operations.filter((operation) => !rows.has(operation))).toEqual([]);
  expect([...rows].filter((route) => !operations.includes(route))).toEqual([]);
  await app.close();
});

test("everybody gets of every route what the table says, and nobody a terminal's key", async ({
  db,
}) => {
  const table = await openTable(db);
  const wrong: string[] = [];
  for (const row of ROWS) {
    let gets = "";
    for (const who of WHO) gets += await table.letter(row, who);
    if (gets !== row.gets)
      wrong.push(`${row.route} ${row.of ?? ""}: ${gets}, and the table says ${row.gets}`);
  }
  expect(wrong).toEqual([]);
  await table.app.close();
});
