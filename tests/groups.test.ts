import { sql } from "kysely";
import { expect } from "vitest";
import { seededRandom } from "../base/random.ts";
import { SKIPS, skipAhead } from "../domain/db/after-restore.ts";
import { test as base } from "./fixtures.ts";
import {
  by,
  FIRST,
  type GroupStand,
  groupStand,
  keyedAtOnce,
  keyedGroup,
  playUntil,
  switchOn,
  withKey,
} from "./group-stand.ts";

const LAMPS = 12;
const test = base.extend("stand", async ({ emptied }) =>
  groupStand(emptied, {
    ...{ lamps: LAMPS, gateways: ["gateway-1", "gateway-2"], random: seededRandom("groups") },
  }),
);

const endOf = async (stand: GroupStand, id: string) => {
  const detail = await stand.groupCommands.find(id);
  if (detail === undefined) throw new Error("it is there");
  return detail;
};
const isOver = (stand: GroupStand, id: string) => async () =>
  (await endOf(stand, id)).endedAt !== null;

test("a group is switched by one page for each zone, and silent members are sent after it", async ({
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const { radio } = stand;
  radio.deaf.add(FIRST + 3);
  radio.deaf.add(FIRST + 8);
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  const isCatchingUp = async () => (await endOf(stand, id)).state === "catching-up";
  const rollCall = await playUntil(stand, head, isCatchingUp);
  expect(rollCall.groupPages).toBe(2);
  expect((await endOf(stand, id)).roll).toMatchObject({ answered: LAMPS - 2, members: LAMPS });
  radio.deaf.delete(FIRST + 3);
  await playUntil(stand, head, isOver(stand, id), { stepMs: 15_000 });
  const { state, reason, roll, airMs } = await endOf(stand, id);
  expect({ state, reason }).toEqual({ state: "incomplete", reason: "members-silent" });
  expect(roll).toMatchObject({ answered: LAMPS - 1, missed: 1, done: LAMPS - 1, caughtUp: 1 });
  expect(airMs).toBe(rollCall.groupAirMs);
  const [missed, ...more] = await stand.groupCommands.roll({ id, states: ["missed"], limit: 10 });
  expect(missed).toMatchObject({ address: FIRST + 8, hasKey: true, result: null });
  expect(more).toEqual([]);
  for (const address of stand.addresses)
    expect(radio.acted.get(address) ?? []).toHaveLength(address === FIRST + 8 ? 0 : 1);
});

test("one member that may not be told keeps the page from all, and the others are told one by one", async ({
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const place = { latitude: 31.2, longitude: 121.4 };
  await stand.db
    .updateTable("device_state")
    .set({ ...place, position_measured_at_ns: BigInt(stand.clock.now()) * 1_000_000n })
    .where("address", "<>", BigInt(FIRST + 2))
    .execute();
  const within = { place: { ...place, radiusM: 500, maxAgeS: 86_400 } };
  const { id, state } = await stand.groupCommands.create(switchOn(group, within), by(stand, "ann"));
  expect(state).toBe("queued");
  const played = await playUntil(stand, head, isOver(stand, id));
  expect(played.groupPages).toBe(0);
  const told = await endOf(stand, id);
  expect(told).toMatchObject({ state: "incomplete", reason: "members-refused" });
  expect(told.roll).toMatchObject({ done: LAMPS - 1, caughtUp: LAMPS - 1, missed: 1 });
  for (const address of stand.addresses)
    expect(stand.radio.acted.get(address) ?? []).toHaveLength(address === FIRST + 2 ? 0 : 1);
  const alone = switchOn(group, { ...within, catchUp: false });
  const refused = await stand.groupCommands.create(alone, by(stand, "ann"));
  expect(refused).toMatchObject({ state: "refused", reason: "not-in-place" });
});

test("goes on after a restart at any step, and every member acts once", async ({ stand }) => {
  let head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await stand.db.updateTable("device_group").set({ customer_id: "c1" }).execute();
  const isDone = isOver(stand, id);
  for (let step = 0; step < 60 && !(await isDone()); step++) {
    head = stand.headEnd();
    let isFirst = true;
    await playUntil(stand, head, async () => {
      const was = isFirst;
      isFirst = false;
      return !was;
    });
  }
  expect(await endOf(stand, id)).toMatchObject({ state: "done", roll: { done: LAMPS } });
  for (const address of stand.addresses) expect(stand.radio.acted.get(address)).toHaveLength(1);
  const { rows: metered } = await sql`
    select u.customer_id from page_usage u
    join page_request p on p.id = u.id and p.result = 'sent' and p.group_command_id = ${id}`.execute(
    stand.db,
  );
  expect(metered).toEqual([{ customer_id: "c1" }, { customer_id: "c1" }]); // a page a zone
});

test("whoever leaves is left behind: the group goes on under a key that it does not know", async ({
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedGroup(stand, head);
  const before = stand.radio.linkOf(FIRST).groups[0]?.id ?? 0;
  await stand.groups.remove(group, { addresses: [FIRST] }, by(stand, "ann"));
  const atOnce = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  const keysOf = (address: number) => stand.radio.linkOf(address).groups.map(({ id }) => id);
  const isRekeyed = () =>
    !keysOf(FIRST + 1).includes(before) &&
    stand.addresses.every((one) => keysOf(one).length === (one === FIRST ? 0 : 1));
  await playUntil(
    stand,
    head,
    async () => isRekeyed() && (await endOf(stand, atOnce.id)).endedAt !== null,
  );
  expect(await withKey(stand, group)).toBe(LAMPS - 1);
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await playUntil(stand, head, isOver(stand, id));
  for (const told of [atOnce.id, id])
    expect(await endOf(stand, told)).toMatchObject({ state: "done", roll: { members: LAMPS - 1 } });
  expect(stand.radio.acted.get(FIRST)).toBeUndefined();
});

test("a routine look at the keys holds nothing up, and a member that is retired does", async ({
  emptied,
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  await head.work(); // its keys were looked at
  await emptied
    .updateTable("device_group")
    .set({ keys_due_at: new Date(0) })
    .execute();
  const stateOf = async (id: string) => (await endOf(stand, id)).state;
  const first = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await head.tell();
  expect(await stateOf(first.id)).toBe("paging");
  const retired = { life_cycle: "retired" } as const;
  await emptied.updateTable("terminal").set(retired).where("address", "=", BigInt(FIRST)).execute();
  await head.pager.tick();
  expect(head.takePublished()).toEqual([]); // they could open what was sealed before
  expect(await stateOf(first.id)).toBe("queued");
  const second = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await head.tell();
  expect(await stateOf(second.id)).toBe("queued");
  stand.clock.advance(1_000);
  await head.work();
  expect(await stateOf(second.id)).toBe("catching-up"); // one by one until the new key has arrived
});

test("a member without the key is told by a page of its own", async ({ stand }) => {
  const head = stand.headEnd();
  const late = FIRST + LAMPS - 1;
  const group = await keyedGroup(stand, head, stand.addresses.slice(0, -1));
  stand.radio.deaf.add(late); // its key does not arrive
  await stand.groups.add(group, { addresses: [late] }, by(stand, "ann"));
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await playUntil(stand, head, async () => (await endOf(stand, id)).state === "roll-call");
  // it might have heard both: its own command waits for the end of the roll call
  expect((await endOf(stand, id)).roll).toMatchObject({ catchingUp: 0, silent: 0 });
  let steps = 0;
  await playUntil(
    stand,
    head,
    async () => {
      if (++steps === 20) stand.radio.deaf.delete(late);
      return isOver(stand, id)();
    },
    { stepMs: 5_000 },
  );
  const roll = await stand.groupCommands.roll({ id, after: late - 1, limit: 1 });
  expect(roll).toMatchObject([{ address: late, hasKey: false, caughtUp: true, result: "done" }]);
  expect(stand.radio.acted.get(late)).toEqual([expect.stringMatching(/^individual 2 80+$/)]);
});

test("the latest wins, for the group and for each member", async ({ stand }) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  stand.radio.deaf.add(FIRST);
  const on = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await playUntil(stand, head, async () => (await endOf(stand, on.id)).state === "catching-up");
  await playUntil(stand, head, async () => (await endOf(stand, on.id)).roll.catchingUp === 1);
  const off = await stand.groupCommands.create(
    switchOn(group, { arguments: { on: false, duration: 0 } }),
    by(stand, "ann"),
  );
  expect(await endOf(stand, on.id)).toMatchObject({ state: "superseded" });
  stand.radio.deaf.clear();
  await playUntil(stand, head, isOver(stand, off.id), { steps: 2_000 });
  const acted = stand.radio.acted.get(FIRST) ?? [];
  expect(acted).toEqual([expect.stringMatching(/^group 2 0+$/)]);
});

test("who has left the group is not sent after what it missed, and keeps nobody waiting", async ({
  emptied,
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const gone = [FIRST, FIRST + 1];
  for (const address of gone) stand.radio.deaf.add(address);
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await playUntil(stand, head, async () => (await endOf(stand, id)).roll.catchingUp === 2);
  await stand.groups.remove(group, { addresses: gone }, by(stand, "ann"));
  stand.radio.deaf.clear();
  await playUntil(stand, head, isOver(stand, id), { steps: 60 });
  expect(await endOf(stand, id)).toMatchObject({
    ...{ state: "incomplete", roll: { answered: LAMPS - 2, done: LAMPS - 2 } },
  });
  const own = await emptied
    .selectFrom("commands")
    .select(["address", "state"])
    .where("name", "=", "switch")
    .execute();
  expect(own).toHaveLength(2);
  for (const { state } of own) expect(state).toBe("superseded");
});

test("a group told the same again acts again, also when the sequence has come round", async ({
  emptied,
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  for (const times of [1, 2]) {
    const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
    await playUntil(stand, head, isOver(stand, id));
    for (const address of stand.addresses)
      expect(stand.radio.acted.get(address)).toHaveLength(times);
    // as if other groups had been told so much that the same one is next
    await sql`select setval('group_page_sequence', last_value + 127) from group_page_sequence`.execute(
      emptied,
    );
  }
});

test("what needs a second person or consent in writing waits for it", async ({
  emptied,
  stand,
}) => {
  stand.headEnd();
  await emptied.updateTable("terminal").set({ profile: "siren" }).execute();
  const group = await keyedAtOnce(stand);
  const ask = (name: string, more: object = {}) =>
    stand.groupCommands.create(switchOn(group, { name, arguments: {}, ...more }), by(stand, "ann"));
  await expect(ask("silence")).rejects.toThrow("accepted that in writing");
  await stand.groups.edit(group, { dangerousAcceptance: "Letter of 1 October" }, by(stand, "ann"));
  expect(await ask("silence")).toMatchObject({ state: "queued" });
  const sound = { arguments: { signal: "test", duration: 10 } };
  const { id, state } = await ask("sound", sound);
  expect(state).toBe("drafted");
  await expect(stand.groupCommands.does(id, "approve", by(stand, "ann"))).rejects.toThrow(
    "somebody other",
  );
  // armed is unknown of all of them
  expect(await stand.groupCommands.does(id, "approve", by(stand, "bob"))).toMatchObject({
    ...{ state: "refused", reason: "no-data" },
  });
});

test("a calendar's moment is carried out once, however often the network starts", async ({
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const inMs = 60_000;
  const at = new Date(stand.clock.now() + inMs).toISOString().slice(11, 16);
  const asked = by(stand, "ann");
  const put = async () =>
    stand.calendars.put(
      group,
      {
        ...{ isActive: true, timeZone: "UTC", latitude: 0, longitude: 0 },
        switches: [
          {
            ...{ days: [1, 2, 3, 4, 5, 6, 7], at: { kind: "time", time: at }, name: "switch" },
            arguments: { on: true, duration: 0 },
          },
        ],
      },
      asked,
    );
  await put();
  stand.clock.advance(inMs + 1_000);
  for (let start = 0; start < 3; start++) {
    const again = stand.headEnd();
    await Promise.all([
      again.calendars.work(stand.clock.now()),
      again.calendars.work(stand.clock.now()),
    ]);
    stand.clock.advance(1_000);
    await put(); // asked for before the moment, and written after it
  }
  await stand.headEnd().calendars.work(stand.clock.now());
  const told = await stand.groupCommands.list({ groupId: group, limit: 10 });
  expect(told).toHaveLength(1);
  const { nextAt, problem } = (await stand.calendars.find(group)) ?? {};
  expect(problem).toBeNull();
  expect(nextAt?.getTime()).toBeGreaterThan(stand.clock.now() + 80_000_000);
  await playUntil(stand, head, isOver(stand, told[0]?.id ?? ""));
  for (const address of stand.addresses) expect(stand.radio.acted.get(address)).toHaveLength(1);
});

test("a calendar that switches many waits for a second person, and what was in force goes on", async ({
  stand,
}) => {
  const { calendars, db } = stand;
  const group = await keyedAtOnce(stand);
  const ann = () => by(stand, "ann");
  const bob = () => by(stand, "bob");
  const burning = (on: boolean) => ({
    ...{ isActive: true, timeZone: "UTC", latitude: 0, longitude: 0 },
    switches: [
      {
        ...{ days: [1, 2, 3, 4, 5, 6, 7], at: { kind: "time" as const, time: "18:00" } },
        ...{ name: "switch", arguments: { on, duration: 0 } },
      },
    ],
  });
  const first = await calendars.put(group, burning(true), ann(), 0);
  expect(first).toMatchObject({ draft: null, approvedByName: null, version: 1 });
  // as if the street had grown
  await sql`
    with grown as (insert into terminal (address, serial, name, profile, root_key, life_cycle, created_at)
      select n, 'x' || n, 'x' || n, 'streetlight', root_key, 'active', created_at
      from terminal, generate_series(100001, 100600) n where address = ${FIRST}::int8 returning address)
    insert into device_group_member (group_id, address, added_at) select ${group}::int8, address, now() from grown`.execute(
    db,
  );
  const atSixMs =
    Date.parse(new Date(stand.clock.now()).toISOString().slice(0, 10)) + 42 * 3_600_000;
  stand.clock.advance(atSixMs + 1_000 - stand.clock.now());
  await stand.headEnd().calendars.work(stand.clock.now());
  expect((await calendars.find(group))?.problem).toMatch("a second person must approve");
  expect(await stand.groupCommands.list({ groupId: group, limit: 5 })).toEqual([]);

  const asked = await calendars.put(group, burning(false), ann(), 1);
  expect(asked).toMatchObject({ calendar: burning(true), draft: { calendar: burning(false) } });
  await expect(calendars.judge(group, "approve", ann())).rejects.toThrow("somebody other");
  await expect(calendars.judge(group, "approve", bob(), 1)).rejects.toThrow("read it again");
  const approved = await calendars.judge(group, "approve", bob(), 2);
  const after = { calendar: burning(false), draft: null, approvedByName: "bob" };
  expect(approved).toMatchObject({ ...after, problem: null, changedByName: "ann" });
  await expect(calendars.judge(group, "approve", bob())).rejects.toThrow("nothing waits");
  stand.clock.advance(24 * 3_600_000);
  await stand.headEnd().calendars.work(stand.clock.now());
  const [told] = await stand.groupCommands.list({ groupId: group, limit: 5 });
  expect(told).toMatchObject({ name: "switch", arguments: { on: false }, secondPerson: false });

  await calendars.put(group, burning(true), ann());
  const dropped = await calendars.judge(group, "reject", bob());
  expect(dropped).toMatchObject(after);
  const paused = await calendars.put(group, { ...burning(true), isActive: false }, ann());
  expect(paused).toMatchObject({ draft: null, calendar: { isActive: false } });
});

test("after a restore no counter or sequence comes twice, and what was open has failed", async ({
  emptied,
  stand,
}) => {
  const head = stand.headEnd();
  const group = await keyedAtOnce(stand);
  const first = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await head.work();
  await skipAhead(emptied, SKIPS);
  expect(await endOf(stand, first.id)).toMatchObject({
    ...{ state: "failed", reason: "database-restored" },
  });
  const { id } = await stand.groupCommands.create(switchOn(group), by(stand, "ann"));
  await playUntil(stand, stand.headEnd(), isOver(stand, id));
  expect(await endOf(stand, id)).toMatchObject({ state: "done" });
  const sequences = await emptied.selectFrom("group_commands").select("page_sequence").execute();
  expect(new Set(sequences.map(({ page_sequence: one }) => one)).size).toBe(2);
});
