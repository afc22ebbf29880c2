import { expect } from "vitest";
import { SKIPS, skipAhead } from "../domain/db/after-restore.ts";
import { decodeTransmission, encodeTransmission } from "../protocol/air/pocsag.ts";
import {
  act,
  airMsOf,
  asked,
  CAR,
  type CommandStand,
  commandStand,
  detailOf,
  statesOf,
} from "./command-stand.ts";
import { test as base } from "./fixtures.ts";

const test = base.extend("stand", async ({ emptied }) => commandStand(emptied));

/** Where a process may be killed, or what may get lost, once. */
const STRIKES = [
  "none",
  "network before it publishes",
  "network after it has published",
  "gateway before it pages",
  "gateway before it tells",
  "network before it hears of the page",
  "answer on its way",
  "network before it stores the answer",
] as const;
type Strike = (typeof STRIKES)[number];

const ROUND_MS = 3_000;
const ROUNDS_MAX = 60;
const GIVEN_UP_MS = 600_000;

/** Plays a command to its end, with one strike on the way. */
async function play(stand: CommandStand, id: string, strike: Strike): Promise<void> {
  const { bench, clock, terminal, report } = stand;
  let head = stand.headEnd();
  let isStruck = strike === "none";
  const strikes = (at: Strike): boolean => {
    if (isStruck || at !== strike) return false;
    isStruck = true;
    return true;
  };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if ((await detailOf(stand.commands, id)).endedAt !== null) return;
    clock.advance(ROUND_MS);
    await report(0);
    await head.work();
    if (strikes("network before it publishes")) {
      head.dieBeforePublishing();
      await expect(head.page()).rejects.toThrow("killed");
      head = stand.headEnd();
      continue;
    }
    await head.page();
    for (const { request } of head.takePublished()) {
      if (strikes("network after it has published")) head = stand.headEnd();
      if (strikes("gateway before it pages")) continue;
      const startedAtNs = BigInt(clock.now()) * 1_000_000n;
      const answers = terminal.hear(request);
      clock.advance(airMsOf(request));
      if (!strikes("gateway before it tells")) {
        if (strikes("network before it hears of the page")) head = stand.headEnd();
        await head.paged({ id: request.id, status: "sent", startedAtNs });
      }
      for (const answer of answers) {
        const bytes = terminal.acknowledge(answer);
        if (strikes("answer on its way")) continue;
        if (strikes("network before it stores the answer")) head = stand.headEnd();
        await bench.restart().store([bench.uplink(bytes)]);
      }
    }
  }
}

test("a command goes over every state to the terminal's own word, each step with its evidence", async ({
  stand,
  emptied: db,
}) => {
  const { commands, clock, terminal } = stand;
  const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await commands.does(id, "approve", act(clock, "bob"), "all");
  await play(stand, id, "none");
  expect(await statesOf(commands, id)).toEqual([
    ...["drafted", "approved", "queued", "scheduled", "on-air", "sent", "acknowledged", "done"],
  ]);
  const { evidence, approvedByName } = await detailOf(commands, id);
  expect(approvedByName).toBe("bob");
  expect(evidence.map(({ whoName, gatewayId }) => whoName ?? gatewayId)).toEqual([
    ...["ann", "bob", "bob", null, "gateway-1", "gateway-1", "gateway-1", "gateway-1"],
  ]);
  expect(terminal.acted).toEqual([{ number: 4, arguments: "" }]);
  const metered = await db.selectFrom("page_usage").select("id").execute();
  expect(metered).toEqual([{ id }]);
});

const OUT_OF_ORDER = {
  "the terminal answers before the gateway tells": ["answers", "sent"],
  "the gateway knows nothing of it and the terminal answers": ["fault", "answers"],
  "the gateway tells long after it was given up": ["given up", "sent"],
} as const;

test.for(Object.entries(OUT_OF_ORDER))(
  "is charged once when %s",
  async ([, news], { stand, emptied: db }) => {
    const { bench, clock, commands, terminal } = stand;
    const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
    await commands.does(id, "approve", act(clock, "bob"), "all");
    const head = stand.headEnd();
    await head.work();
    await head.page();
    const [out] = head.takePublished();
    if (out === undefined) throw new Error("it was published");
    const startedAtNs = BigInt(clock.now()) * 1_000_000n;
    const answers = terminal.hear(out.request).map((answer) => terminal.acknowledge(answer));
    for (const each of news) {
      clock.advance(airMsOf(out.request));
      if (each === "answers")
        await bench.uplinks.store(answers.map((bytes) => bench.uplink(bytes)));
      else if (each === "given up") {
        clock.advance(GIVEN_UP_MS);
        await head.work();
        expect(await detailOf(commands, id)).toMatchObject({ state: "failed" });
      } else await head.paged({ id: out.request.id, status: each, startedAtNs });
    }
    expect(await db.selectFrom("page_usage").select("id").execute()).toEqual([{ id }]);
  },
);

test.for(STRIKES)("is done once and ends once with this strike: %s", async (strike, { stand }) => {
  const { commands, clock, terminal } = stand;
  const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await commands.does(id, "approve", act(clock, "bob"), "all");
  await play(stand, id, strike);
  const { state, evidence } = await detailOf(commands, id);
  expect(state).toBe("done");
  expect(evidence.filter(({ state: one }) => one === "done")).toHaveLength(1);
  expect(terminal.acted).toHaveLength(1);
  expect(new Set(terminal.counters).size).toBe(terminal.counters.length);
});

test("a vehicle that has driven off is not immobilised, whether it was queued or on its way to the gateway", async ({
  stand,
}) => {
  const { commands, clock, report, terminal } = stand;
  await report(60);
  const moving = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  const refused = await commands.does(moving.id, "approve", act(clock, "bob"), "all");
  expect(refused).toMatchObject({ state: "refused", reason: "precondition-not-met" });

  await report(0);
  const second = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await commands.does(second.id, "approve", act(clock, "bob"), "all");
  const head = stand.headEnd();
  await head.work();
  expect(await statesOf(commands, second.id)).toContain("scheduled");
  await report(60); // its page is sealed and waits for its turn
  await head.page();
  expect(head.takePublished()).toEqual([]);
  expect(await detailOf(commands, second.id)).toMatchObject({
    ...{ state: "refused", reason: "precondition-not-met" },
  });
  expect(terminal.acted).toEqual([]);
});

test("a page may not go out later than the data that it rests on is young", async ({ stand }) => {
  const { commands, clock } = stand;
  clock.advance(90_000);
  const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await commands.does(id, "approve", act(clock, "bob"), "all");
  const head = stand.headEnd();
  await head.work();
  await head.page();
  const [sent] = head.takePublished();
  // two minutes after the report, not two minutes after the approval
  expect(Number((sent?.request.expiresAtNs ?? 0n) / 1_000_000n) - clock.now()).toBe(30_000);
});

test("an approval is a second person's; what is withdrawn before its page is out never leaves", async ({
  stand,
}) => {
  const { commands, clock } = stand;
  const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await expect(commands.does(id, "approve", act(clock, "ann"), "all")).rejects.toThrow(
    "somebody other",
  );
  await expect(commands.does(id, "approve", act(clock, "k", "key"), "all")).rejects.toThrow(
    "API key",
  );
  await commands.does(id, "approve", act(clock, "bob"), "all");
  const head = stand.headEnd();
  await head.work();
  await commands.does(id, "withdraw", act(clock, "ann"), "all");
  await head.page();
  expect(head.takePublished()).toEqual([]);
  expect((await detailOf(commands, id)).state).toBe("cancelled");
});

test("of two settings the latest wins, and what goes out keeps its turn", async ({ stand }) => {
  const { commands, clock, terminal } = stand;
  const set = (interval: number) =>
    commands.create(
      asked("report-interval", { arguments: { interval } }),
      act(clock, "ann"),
      "all",
    );
  const first = await set(30);
  clock.advance(10);
  const second = await set(60);
  expect((await detailOf(commands, first.id)).state).toBe("superseded");
  await play(stand, second.id, "none");
  expect(terminal.acted).toEqual([{ number: 3, arguments: "003c" }]);
});

test("a terminal's refusal is its command's result, and an answer of before is not", async ({
  stand,
}) => {
  const { bench, commands, clock, terminal } = stand;
  terminal.answersWith(4);
  const { id } = await commands.create(asked("restart"), act(clock, "ann"), "all");
  // of an earlier command under the same page sequence: nobody has sent this one yet
  await bench.uplinks.store([bench.uplink(terminal.acknowledge({ pageSequence: 0, result: 0 }))]);
  expect((await detailOf(commands, id)).state).toBe("queued");
  await play(stand, id, "none");
  expect(await detailOf(commands, id)).toMatchObject({
    ...{ state: "refused", reason: "terminal-unsafe" },
  });
});

test("a retry asks more gateways, one after the other, and keeps the page", async ({ emptied }) => {
  const stand = await commandStand(emptied, ["gateway-1", "gateway-2"]);
  const { commands, clock } = stand;
  const { id } = await commands.create(asked("restore"), act(clock, "ann"), "all");
  const head = stand.headEnd();
  const asks: string[] = [];
  for (let round = 0; round < 40; round++) {
    await head.work();
    await head.page();
    const published = head.takePublished();
    asks.push(...published.map(({ gatewayId }) => gatewayId));
    for (const { request } of published) {
      const startedAtNs = BigInt(clock.now()) * 1_000_000n;
      await head.paged({ id: request.id, status: "sent", startedAtNs });
    }
    clock.advance(3_000);
  }
  expect(asks.slice(0, 3)).toEqual(["gateway-1", "gateway-1", "gateway-2"]);
  const { evidence } = await detailOf(commands, id);
  const sealed = evidence.filter(({ what }) => what === "schedule").map(({ detail }) => detail);
  expect(sealed.length).toBeGreaterThan(1);
  expect(new Set(sealed.map((detail) => detail?.["pageSequence"])).size).toBe(1);
  expect(new Set(sealed.map((detail) => detail?.["downCounter"])).size).toBe(sealed.length);
});

test("an emergency goes before what waits, and beside what is out", async ({ stand }) => {
  const { commands, clock } = stand;
  await commands.create(asked("read-status"), act(clock, "ann"), "all");
  const head = stand.headEnd();
  await head.work();
  const { id } = await commands.create(asked("immobilise"), act(clock, "ann"), "all");
  await commands.does(id, "approve", act(clock, "bob"), "all");
  await commands.create(asked("locate"), act(clock, "ann"), "all");
  await head.work();
  const states = (await commands.list({ reach: "all", limit: 10 })).items.map(
    ({ name, state }) => `${name} ${state}`,
  );
  expect(states.sort()).toEqual(["immobilise scheduled", "locate queued", "read-status scheduled"]);
});

test("after a restore nothing that was open goes out again, and no page sequence comes twice", async ({
  emptied,
  stand,
}) => {
  const { commands, clock } = stand;
  const { id } = await commands.create(asked("restart"), act(clock, "ann"), "all");
  const head = stand.headEnd();
  await head.work();
  await skipAhead(emptied, SKIPS);
  clock.advance(60_000);
  await stand.report(0);
  await head.work();
  await head.page();
  expect(head.takePublished()).toEqual([]);
  expect(await detailOf(commands, id)).toMatchObject({
    ...{ state: "failed", reason: "database-restored" },
  });
  const next = await commands.create(asked("locate"), act(clock, "ann"), "all");
  await head.work();
  const { evidence } = await detailOf(commands, next.id);
  expect(evidence.at(-1)?.detail).toMatchObject({ pageSequence: 65 });
});

test("is refused an argument that its profile does not have, and a terminal that is not there", async ({
  stand,
}) => {
  const { commands, clock } = stand;
  const by = act(clock, "ann");
  const send = (name: string, given: object, address = CAR) =>
    commands.create(asked(name, { arguments: given, address }), by, "all");
  await expect(send("explode", {})).rejects.toThrow("no command explode");
  await expect(send("locate", { fast: true })).rejects.toThrow("locate has no fast");
  await expect(send("report-interval", { interval: 70_000 })).rejects.toThrow("0 to 65535");
  await expect(send("locate", {}, 43)).rejects.toThrow("terminal 43 does not exist");
  await expect(commands.create(asked("locate"), by, new Set(["another customer"]))).rejects.toThrow(
    "terminal 42 does not exist",
  );
});

test("replayed and forged pages and acknowledgements are refused and counted, and move nothing", async ({
  emptied,
  stand,
}) => {
  const { bench, commands, clock, terminal } = stand;
  const head = stand.headEnd();
  const sends = async (name: string) => {
    const { id } = await commands.create(asked(name), act(clock, "ann"), "all");
    await head.work();
    await head.page();
    const [out] = head.takePublished();
    if (out === undefined) throw new Error("its page is out");
    return { id, request: out.request };
  };
  const stateOf = async (id: string) => (await detailOf(commands, id)).state;
  const first = await sends("restart");
  const [answer] = terminal.hear(first.request);
  if (answer === undefined) throw new Error("it answers");
  terminal.hear(first.request);
  const [page] = decodeTransmission(first.request.words).pages;
  if (page === undefined) throw new Error("it is a page");
  const symbols = Uint8Array.from(page.symbols, (symbol, at) => (at === 14 ? symbol ^ 1 : symbol));
  terminal.hear({ ...first.request, words: encodeTransmission([{ ...page, symbols }]) });
  expect(terminal.acted).toHaveLength(1);
  expect(terminal.ignored).toHaveLength(2);

  const honest = terminal.acknowledge(answer);
  const forged = Uint8Array.from(honest, (byte, at) =>
    at === honest.length - 1 ? byte ^ 1 : byte,
  );
  await bench.uplinks.store([bench.uplink(forged)]);
  expect(await stateOf(first.id)).toBe("on-air");
  await bench.uplinks.store([bench.uplink(honest)]);
  expect(await stateOf(first.id)).toBe("done");

  clock.advance(120_000);
  const second = await sends("locate");
  await bench.uplinks.store([bench.uplink(honest)]);
  expect(await stateOf(second.id)).toBe("on-air");
  const refusals = await emptied.selectFrom("refusal_count").select(["verdict", "count"]).execute();
  expect(refusals.sort((a, b) => (a.verdict < b.verdict ? -1 : 1))).toEqual([
    { verdict: "bad-tag", count: 1n },
    { verdict: "replay", count: 1n },
  ]);
});
