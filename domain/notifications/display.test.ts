import { sql } from "kysely";
import { expect } from "vitest";
import { airMsOf, CAR, commandStand } from "../../tests/command-stand.ts";
import { test as base } from "../../tests/fixtures.ts";
import { unhex } from "../../tests/hex.ts";
import { occasion, openWorker, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import type { Channel } from "./channel.ts";
import { channelDisplayPostgres } from "./channel-display-postgres.ts";
import { type Preferences, SILENT } from "./preferences.ts";
import { createPreferences } from "./preferences-postgres.ts";

const ON_DISPLAY: Preferences = {
  ...{ ...SILENT, display: CAR, fallback: "email" },
  channels: { ...SILENT.channels, critical: ["display"] },
};
const OF_OPERATOR = { customerId: null, address: CAR };
const ROUND_MS = 3_000;

const test = base.extend("stand", async ({ emptied: db }) => {
  const stand = await commandStand(db);
  const { clock, profiles } = stand;
  await seedUser(db, "olga", { preferences: ON_DISPLAY });
  const email: Channel = {
    ...{ isSetUp: true, unitCostMicros: 0, stop: async () => undefined },
    send: async () => ({ outcome: "sent", reference: "", units: 1 }),
  };
  let ids = 0;
  const makeId = () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`;
  const display = channelDisplayPostgres({ db, clock, profiles, makeId });
  const { worker, deliveries, tell } = openWorker(db, clock, { display, email });
  return {
    ...{ ...stand, db, display, deliveries, tell },
    /** What is due, and what has become of the pages. */
    async work(): Promise<void> {
      await display.tend?.();
      await worker.run();
    },
    /** The network pages and the terminal answers, for so many rounds of three seconds. */
    async live(rounds: number): Promise<void> {
      const head = stand.headEnd();
      for (let round = 0; round < rounds; round++) {
        clock.advance(ROUND_MS);
        await stand.report(0);
        await head.work();
        await head.page();
        for (const { request } of head.takePublished()) {
          const startedAtNs = BigInt(clock.now()) * 1_000_000n;
          const answers = stand.terminal.hear(request);
          clock.advance(airMsOf(request));
          await head.paged({ id: request.id, status: "sent", startedAtNs });
          const acknowledged = answers.map((answer) => stand.terminal.acknowledge(answer));
          await stand.bench.uplinks.store(acknowledged.map((bytes) => stand.bench.uplink(bytes)));
        }
      }
    },
    told: () =>
      db
        .selectFrom("delivery")
        .select(["id", "channel", "state", "reason", "target"])
        .orderBy("seq")
        .execute(),
  };
});

const textOf = (hex: string | undefined): string => new TextDecoder().decode(unhex(hex ?? ""));

test("an alarm is shown on the terminal's display, cut to what fits, and delivered when that says so", async ({
  stand,
}) => {
  const title = { en: "Passenger trapped between two floors", "zh-CN": "困人" };
  await stand.tell(occasion("o1", { ...OF_OPERATOR, title }));
  await stand.work();
  expect(await stand.told()).toMatchObject([{ channel: "display", state: "sent", target: "42" }]);
  // what it says is nowhere but in the page
  expect(await stand.db.selectFrom("commands").select("note").execute()).toEqual([{ note: "" }]);
  await stand.live(10);
  expect(stand.terminal.acted.map(({ number }) => number)).toEqual([10]);
  expect(textOf(stand.terminal.acted[0]?.arguments)).toBe(
    "Critical: Car 42: Passenger trapped betwee…",
  );
  await stand.work();
  expect(await stand.told()).toMatchObject([{ channel: "display", state: "delivered" }]);
  const usage = await stand.db.selectFrom("message_usage").select(["channel", "units"]).execute();
  expect(usage).toEqual([{ channel: "display", units: 1 }]);
});

test("whatever dies between the command and the note of it, the page goes out once", async ({
  stand,
}) => {
  await stand.tell(occasion("o1", OF_OPERATOR));
  await stand.work();
  await stand.db.updateTable("delivery").set({ state: "waiting" }).execute(); // the note is lost
  await stand.work();
  await stand.live(10);
  expect(stand.terminal.acted).toHaveLength(1);
  await stand.work();
  expect(await stand.told()).toMatchObject([{ state: "delivered" }]);
});

test("a page that nobody acknowledges is a dead letter, the fallback goes out, and it can be sent again", async ({
  stand,
}) => {
  await stand.tell(occasion("o1", OF_OPERATOR));
  await stand.work();
  stand.clock.advance(400_000);
  await stand.headEnd().work();
  await stand.work();
  const [page, mail] = await stand.told();
  expect(page).toMatchObject({ channel: "display", state: "dead" });
  expect(page?.reason).toMatch(/^expired/);
  expect(mail).toMatchObject({ channel: "email", state: "sent" });
  await stand.deliveries.replay(page?.id ?? "", stand.clock.now());
  await stand.report(0);
  await stand.work();
  await stand.live(10);
  await stand.work();
  expect(await stand.told()).toMatchObject([{ state: "delivered" }, { state: "sent" }]);
});

test("nobody chooses, and nobody is told by, the display of a terminal in other hands", async ({
  stand,
}) => {
  const { db, clock, profiles } = stand;
  await seedCustomer(db, "c1");
  await seedUser(db, "sam", { customerId: "c1", preferences: ON_DISPLAY });
  const store = createPreferences({ db, audit: createAudit(db), profiles });
  const person = { kind: "user", id: "sam", customerId: "c1" } as const;
  const given = { preferences: ON_DISPLAY, version: undefined };
  const act = { actor: { kind: "user", id: "sam", name: "Sam" }, atMs: clock.now() } as const;
  await expect(store.set(person, given, act)).rejects.toMatchObject({
    details: { field: "preferences.display" },
  });
  await stand.tell(occasion("o1", { customerId: "c1", address: CAR }));
  await stand.work();
  await stand.work();
  expect(await stand.told()).toMatchObject([
    { channel: "display", state: "dead", reason: "terminal 42 has no display for them" },
    { channel: "email", state: "sent" },
  ]);
});

test("the operator's people choose no terminal that a customer holds, and are told by none that one has got since", async ({
  stand,
}) => {
  const { db, clock, profiles } = stand;
  await seedCustomer(db, "c1");
  await sql`insert into asset (id, customer_id, kind, name, note, created_at, version)
    values ('car', 'c1', 'vehicle', 'car', '', now(), 1)`.execute(db);
  await sql`insert into assignment (id, address, asset_id, customer_id, from_ns, reason)
    values ('a1', ${CAR}::int8, 'car', 'c1', ${BigInt(clock.now()) * 1_000_000n}::int8, '')`.execute(
    db,
  );
  const store = createPreferences({ db, audit: createAudit(db), profiles });
  const olga = { kind: "user", id: "olga", customerId: null } as const;
  const given = { preferences: ON_DISPLAY, version: undefined };
  const act = { actor: { kind: "user", id: "olga", name: "Olga" }, atMs: clock.now() } as const;
  await expect(store.set(olga, given, act)).rejects.toMatchObject({
    details: { field: "preferences.display" },
  });
  await stand.tell(occasion("o1", OF_OPERATOR));
  await stand.work();
  await stand.work();
  expect(await stand.told()).toMatchObject([
    { channel: "display", state: "dead", reason: "terminal 42 has no display for them" },
    { channel: "email", state: "sent" },
  ]);
  expect(await db.selectFrom("commands").select("id").execute()).toEqual([]);
});
