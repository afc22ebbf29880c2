import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { seededRandom } from "../base/random.ts";
import { keysOf } from "../domain/customers/customer-keys.ts";
import type { Db } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { NO_PASSWORD } from "../domain/identity/passwords.ts";
import { notSetUp } from "../domain/notifications/channel.ts";
import { createDeliveries } from "../domain/notifications/deliveries-postgres.ts";
import type { Channels } from "../domain/notifications/dispatcher.ts";
import { insertNotifications } from "../domain/notifications/notification-insert-postgres.ts";
import type { Occasion } from "../domain/notifications/occasion.ts";
import type { Preferences } from "../domain/notifications/preferences.ts";
import { createWorker } from "../domain/notifications/start-worker.ts";

/** Counterparts and rows that the tests of notifications share. */

export const SEALED_UNDER = createKeySeal(new Uint8Array(32).fill(9)).secrets;

export const occasion = (id: string, over: Partial<Occasion> = {}): Occasion => ({
  id,
  kind: "raised",
  alarmId: `alarm-${id}`,
  customerId: "c1",
  address: 5,
  assetId: null,
  severity: "critical",
  isLifeSafety: false,
  isDrill: false,
  title: { en: "Smoke", "zh-CN": "烟雾" },
  atMs: Date.UTC(2026, 5, 1, 10),
  ...over,
});

export async function seedCustomer(db: Db, id: string, timeZone = "UTC"): Promise<void> {
  await db
    .insertInto("customer")
    .values({
      ...{ id, number: id, kind: "organisation", name: id, language: "en", tags: "[]" },
      ...keysOf({ name: id, email: null, phone: null }),
      ...{ time_zone: timeZone, created_at: new Date(0), version: 1 },
    })
    .execute();
}

export interface SeededUser {
  readonly customerId?: string | null;
  readonly role?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly phone?: string;
  readonly preferences?: Preferences;
}

export async function seedUser(db: Db, id: string, of: SeededUser = {}): Promise<void> {
  const { customerId = null, role = customerId === null ? "operator" : "member" } = of;
  await db
    .insertInto("app_user")
    .values({
      ...{ id, role, customer_id: customerId, email: `${id}@example.org`, name: id },
      ...{ language: of.language ?? "en", time_zone: of.timeZone ?? "UTC" },
      ...{ password_hash: NO_PASSWORD, must_change_password: false, recovery_hashes: "[]" },
      ...{ failed_attempts: 0, created_at: new Date(0), version: 1 },
    })
    .execute();
  if (of.preferences !== undefined)
    await db
      .insertInto("notification_preference")
      .values({
        ...{ person_kind: "user", person_id: id, customer_id: customerId, version: 1 },
        ...{ phone: of.phone ?? null, preferences: JSON.stringify(of.preferences) },
      })
      .execute();
}

export const NO_CHANNELS: Channels = {
  email: notSetUp,
  sms: notSetUp,
  push: notSetUp,
  display: notSetUp,
  webhook: notSetUp,
  mqtt: notSetUp,
};

/** A worker as one process has it: `crash` is a new one on the same database. */
export function openWorker(db: Db, clock: Clock, channels: Partial<Channels>, seed = "worker") {
  const deliveries = createDeliveries(db);
  const worker = createWorker({
    ...{ db, clock, deliveries, log: silentLog, random: seededRandom(seed) },
    channels: { ...NO_CHANNELS, ...channels },
    acknowledgeUrl: async (alarmId) => `https://hopline.test/acknowledge/${alarmId}`,
    consoleUrl: "https://hopline.test",
  });
  return {
    worker,
    deliveries,
    tell: (...occasions: readonly Occasion[]) =>
      db.transaction().execute((tx) => insertNotifications(tx, occasions, clock.now())),
  };
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** An HTTP server that keeps what comes; `answer` gives the status, or undefined to cut the line in mid-flight. */
export async function openReceiver(
  answer: (received: Received) => number | undefined = () => 204,
  port = 0,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, reply) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const body = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
      const one = { path: request.url ?? "", headers: request.headers, body };
      received.push(one);
      const status = answer(one);
      if (status === undefined) request.socket.destroy();
      else reply.writeHead(status).end();
    });
  });
  return {
    url: `http://127.0.0.1:${await listen(server, port)}`,
    received,
    close: () => close(server),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject).listen(port, "127.0.0.1", () => {
    resolve(undefined);
  });
  await promise;
  return (server.address() as AddressInfo).port; // it listens on TCP
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.close(() => {
    resolve(undefined);
  });
  server.closeAllConnections();
  await promise;
}

export const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);
