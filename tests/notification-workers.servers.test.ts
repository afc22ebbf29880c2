import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { test as base, expect } from "vitest";
import { systemClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import type { Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { insertNotifications } from "../domain/notifications/notification-insert-postgres.ts";
import { startNotifications } from "../domain/notifications/start-notifications.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import { occasion, SEALED_UNDER, seedCustomer } from "./notifications-fixture.ts";
import { startProgram } from "./program.ts";
import { onCleanup, until } from "./until.ts";

const ACT = { actor: { kind: "user", id: "ann", name: "Ann" }, atMs: 0 } as const;
/** What one worker takes on at once. */
const AT_ONCE = 16;
const CUSTOMERS = ["c1", "c2", "c3"];
const HOOKS_EACH = 16;
const HOOKS = CUSTOMERS.length * HOOKS_EACH;
/** Longer than the lease of what a worker has taken on. */
const LATER_MS = 180_000;

const test = base
  .extend("server", { scope: "file" }, async ({}, { onCleanup: after }) => {
    const server = await startPostgres();
    after(() => server.stop());
    return server;
  })
  .extend("db", { scope: "file" }, async ({ server }, { onCleanup: after }) => {
    const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
    after(() => db.destroy());
    await migrate(db);
    return db;
  });

interface Receiver {
  readonly url: string;
  /** The webhook-id of every request, in the order in which they came. */
  readonly ids: readonly string[];
  /** Answers those that wait, and from now on all at once. */
  release(): void;
}

/** Takes what comes and answers nothing until it is told to. */
async function openSlowReceiver(): Promise<Receiver> {
  const ids: string[] = [];
  const held: ServerResponse[] = [];
  let isHolding = true;
  const server = createServer((request, reply) => {
    request.resume().on("end", () => {
      ids.push(String(request.headers["webhook-id"]));
      if (isHolding) held.push(reply);
      else reply.writeHead(204).end();
    });
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, "127.0.0.1", () => {
    resolve(undefined);
  });
  await promise;
  onCleanup(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    ids,
    release() {
      isHolding = false;
      for (const reply of held) reply.writeHead(204).end();
    },
  };
}

const open = (db: Db, aheadMs = 0) =>
  startNotifications({
    ...{ db, log: silentLog, secrets: SEALED_UNDER, alarms: { does: async () => 0 } },
    clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
    profiles: new Map(),
    config: { WEBHOOKS_TO_PRIVATE: "allowed" },
  });

async function countOf(db: Db, state: string): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from delivery where channel = 'webhook' and state = ${state}`.execute(
    db,
  );
  return Number(rows[0]?.count ?? 0n);
}

test("two workers share a queue, and what one had in flight when it was killed comes under the same id", async ({
  server,
  db,
}) => {
  const receiver = await openSlowReceiver();
  const { webhooks } = open(db).desk;
  for (const customer of CUSTOMERS) {
    await seedCustomer(db, customer);
    for (let at = 0; at < HOOKS_EACH; at++) {
      const hook = { name: `hook ${at}`, url: receiver.url, severities: ["critical"] } as const;
      await webhooks.add(customer, hook, ACT);
    }
  }
  const workers = [1, 2].map(() =>
    startProgram("tests/notification-worker-process.ts", { args: [server.url] }),
  );
  await Promise.all(workers.map((worker) => worker.says(/at work/)));
  await insertNotifications(
    db,
    CUSTOMERS.map((id) => occasion(id, { customerId: id })),
    systemClock.now(),
  );
  // neither waits for the other, and no delivery is taken by both
  await until(() => receiver.ids.length >= 2 * AT_ONCE);
  expect(new Set(receiver.ids).size).toBe(2 * AT_ONCE);
  expect(await countOf(db, "sending")).toBe(2 * AT_ONCE);

  workers[0]?.signal("SIGKILL");
  await workers[0]?.ended;
  receiver.release();
  await until(async () => (await countOf(db, "delivered")) === HOOKS - AT_ONCE);
  expect(await countOf(db, "sending")).toBe(AT_ONCE); // nobody knows yet that they were left
  await open(db, LATER_MS).worker.run();

  expect(await countOf(db, "delivered")).toBe(HOOKS);
  const { rows: known } = await sql<{ id: string }>`
    select id from delivery where channel = 'webhook'`.execute(db);
  expect(new Set(receiver.ids)).toEqual(new Set(known.map(({ id }) => id)));
  expect(receiver.ids).toHaveLength(HOOKS + AT_ONCE); // at least once: twice what the dead one had sent
  const { rows: usage } = await sql<{ count: bigint }>`
    select count(*) as count from message_usage where channel = 'webhook'`.execute(db);
  expect(usage[0]?.count).toBe(BigInt(HOOKS)); // and billed once
});
