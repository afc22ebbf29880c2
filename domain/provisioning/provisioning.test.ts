import { describe, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import { test as base } from "../../tests/fixtures.ts";
import { keysOf } from "../customers/customer-keys.ts";
import { createAssets } from "../devices/assets-postgres.ts";
import { createAssignments } from "../devices/assignments-postgres.ts";
import { createKeySeal } from "../devices/key-seal.ts";
import { createStock } from "../devices/stock-postgres.ts";
import { createTerminals } from "../devices/terminals-postgres.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createProvisioning } from "./provisioning-postgres.ts";
import { parseStep, type Step } from "./steps.ts";

const NOW_MS = Date.UTC(2026, 10, 1, 9);
const engineer = (id: string): Act => ({
  actor: { kind: "user", id, name: `Engineer ${id}` },
  atMs: NOW_MS,
});
const ANN = engineer("ann");

const step = (kind: string, atMs: number, data: unknown, id = `${kind}-${atMs}`): Step => {
  const parsed = parseStep(id, kind, NOW_MS + atMs, data);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.step;
};

const WHOLE: readonly Step[] = [
  step("claim", -9_000, { serial: "HL-7" }),
  step("bind", -8_000, { customerId: "c1", asset: { kind: "vehicle", name: "沪A·12345" } }),
  step("place", -7_000, { latitude: 31.2, longitude: 121.4 }),
  step("attach", -6_000, {}),
  step("walk-test", -5_000, {}),
  step("result", -4_000, { verdict: "pass" }),
  step("note", -3_000, { text: "under the dashboard" }),
  step("accept", -2_000, { serviceFrom: "2026-11-01" }),
];

const test = base.extend("scene", async ({ db }) => {
  let made = 0;
  const makeId = () => `id-${++made}`;
  const audit = createAudit(db);
  const stock = createStock({ db, audit });
  const assets = createAssets({ db, audit, makeId });
  const assignments = createAssignments({ db, audit, makeId });
  const clock = fakeClock(NOW_MS);
  const provisioning = createProvisioning({ db, clock, audit, stock, assets, assignments });
  await createTerminals({ db, seal: createKeySeal(new Uint8Array(32).fill(7)) }).enrol(
    [7, 8].map((address) => ({
      address,
      serial: `HL-${address}`,
      rootKey: new Uint8Array(16).fill(address),
      profile: "vehicle",
      name: `HL-${address}`,
      latitude: null,
      longitude: null,
      lifeCycle: "stocked" as const,
    })),
  );
  await db
    .insertInto("customer")
    .values({
      ...{ id: "c1", number: "C-1", kind: "person", name: "Li Wei", language: "zh-CN" },
      ...{ time_zone: "Asia/Shanghai", tags: "[]", created_at: new Date(NOW_MS), version: 1 },
      ...{ parent_id: null, email: null, phone: null, address: null, tax_id: null },
      ...{ import_id: null, merged_into: null, erased_at: null },
      ...keysOf({ name: "Li Wei", email: null, phone: null }),
    })
    .execute();
  const attach = async (address: number, atMs: number) => {
    await db
      .insertInto("session")
      .values({
        address,
        network_nonce: 5,
        attach_nonce: 1,
        state: "proven",
        highest_counter: 0,
        next_down_counter: 0,
        next_page_sequence: 0,
        created_at: new Date(NOW_MS + atMs),
        proven_at: new Date(NOW_MS + atMs),
        former_at: null,
      })
      .execute();
  };
  const terminal = (address: number) =>
    db
      .selectFrom("terminal")
      .select(["life_cycle", "service_from", "name", "latitude"])
      .where("address", "=", BigInt(address))
      .executeTakeFirstOrThrow();
  return { provisioning, attach, terminal };
});

describe("provisioning", () => {
  test("hands a terminal over: asset, assignment, service date and place", async ({
    scene,
    db,
  }) => {
    await scene.attach(7, -5_500);
    const job = await scene.provisioning.take("job-0001", WHOLE, ANN);
    expect(job).toMatchObject({
      state: "accepted",
      missing: [],
      lifeCycle: "active",
      serial: "HL-7",
    });
    expect(await scene.terminal(7)).toMatchObject({
      life_cycle: "active",
      name: "沪A·12345",
      latitude: 31.2,
    });
    const assignments = await db.selectFrom("assignment").selectAll().execute();
    expect(assignments).toMatchObject([
      { address: 7n, customer_id: "c1", from_ns: BigInt(NOW_MS - 2_000) * 1_000_000n, to_ns: null },
    ]);
    expect(await createAudit(db).check()).toMatchObject({ ok: true });
  });

  test("sent step by step, twice and backwards, it ends the same", async ({ scene, db }) => {
    await scene.attach(7, -5_500);
    for (const one of [...WHOLE.toReversed(), ...WHOLE]) {
      await scene.provisioning.take("job-0001", [one], ANN);
    }
    const job = await scene.provisioning.take("job-0001", WHOLE, ANN);
    expect(job).toMatchObject({ state: "accepted", lifeCycle: "active" });
    expect(job.steps.map(({ outcome }) => outcome.outcome)).toEqual(WHOLE.map(() => "applied"));
    expect(await db.selectFrom("assignment").selectAll().execute()).toHaveLength(1);
    expect(await db.selectFrom("asset").selectAll().execute()).toHaveLength(1);
  });

  test("waits for the attach that the network has not heard, and goes on by itself", async ({
    scene,
  }) => {
    const waiting = await scene.provisioning.take("job-0001", WHOLE, ANN);
    expect(waiting).toMatchObject({ state: "open", missing: ["attach"], lifeCycle: "assigned" });
    await scene.attach(7, -1_000);
    const system: Act = { actor: { kind: "system", id: "p", name: "p" }, atMs: NOW_MS };
    await scene.provisioning.settle(system);
    expect(await scene.provisioning.find("job-0001")).toMatchObject({ state: "accepted" });
  });

  test("undone half way it frees the terminal; undone after acceptance it ends the assignment", async ({
    scene,
    db,
  }) => {
    await scene.provisioning.take("job-0001", WHOLE.slice(0, 3), ANN);
    expect(await scene.terminal(7)).toMatchObject({ life_cycle: "assigned" });
    const undo = step("undo", -1_000, { reason: "wrong car" });
    const undone = await scene.provisioning.take("job-0001", [undo], ANN);
    expect(undone).toMatchObject({ state: "undone", lifeCycle: "stocked" });

    await scene.attach(7, -5_500);
    const again = WHOLE.map((one) => ({ ...one, id: `again-${one.id}` }));
    await scene.provisioning.take("job-0002", again, ANN);
    await scene.provisioning.take("job-0002", [{ ...undo, id: "undo-two" }], ANN);
    expect(await scene.terminal(7)).toMatchObject({ life_cycle: "stocked", service_from: null });
    const [assignment] = await db.selectFrom("assignment").selectAll().execute();
    expect(assignment?.to_ns).toBe(BigInt(NOW_MS - 1_000) * 1_000_000n);
  });

  test("gives the first terminal back when another is claimed in its place", async ({ scene }) => {
    await scene.provisioning.take("job-0001", WHOLE.slice(0, 3), ANN);
    const other = step("claim", -1_000, { serial: "HL-8" });
    await scene.provisioning.take("job-0001", [other], ANN);
    expect(await scene.terminal(7)).toMatchObject({ life_cycle: "stocked" });
    expect(await scene.terminal(8)).toMatchObject({ life_cycle: "assigned" });
  });

  test("a terminal is one job's; a job is one engineer's; a step id is one step's", async ({
    scene,
  }) => {
    await scene.provisioning.take("job-0001", WHOLE.slice(0, 1), ANN);
    const theirs = step("claim", 0, { serial: "HL-7" }, "theirs-1");
    const other = await scene.provisioning.take("job-0002", [theirs], engineer("bob"));
    expect(other.steps).toMatchObject([
      { outcome: { outcome: "refused", reason: "another open job has this terminal" } },
    ]);
    const note = step("note", 0, { text: "hi" }, "bobs-note");
    await expect(scene.provisioning.take("job-0001", [note], engineer("bob"))).rejects.toThrow(
      NotFoundError,
    );
    const clash = step("note", 0, { text: "hi" }, "claim--9000");
    await expect(scene.provisioning.take("job-0001", [clash], ANN)).rejects.toThrow(ConflictError);
  });

  test("knows of a serial what an engineer must know before driving out", async ({ scene }) => {
    expect(await scene.provisioning.preCheck("HL-7")).toMatchObject({
      address: 7,
      lifeCycle: "stocked",
      openJobId: null,
    });
    await scene.provisioning.take("job-0001", WHOLE.slice(0, 1), ANN);
    expect(await scene.provisioning.preCheck("HL-7")).toMatchObject({ openJobId: "job-0001" });
    expect(await scene.provisioning.preCheck("HL-9")).toBeUndefined();
  });

  test("finds a serial that was typed in lower case, also where the phone could not ask", async ({
    scene,
  }) => {
    expect(await scene.provisioning.preCheck("hl-7")).toMatchObject({ serial: "HL-7" });
    const typed = step("claim", -9_000, { serial: "hl-7" });
    const job = await scene.provisioning.take("job-0001", [typed, ...WHOLE.slice(1, 3)], ANN);
    expect(job).toMatchObject({ address: 7, lifeCycle: "assigned" });
    const same = step("claim", -1_000, { serial: "HL-7" });
    await scene.provisioning.take("job-0001", [same], ANN);
    expect(await scene.terminal(7)).toMatchObject({ life_cycle: "assigned" });
  });
});
