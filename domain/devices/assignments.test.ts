import fc from "fast-check";
import { expect } from "vitest";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { NOW_MS, seedTerminals } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";
import { actAt, fleetOf, msToNs, seedCustomers } from "../../tests/fleet-of-customers.ts";
import {
  type Assignment,
  holderAt,
  type Plan,
  planAssign,
  planEnd,
  planSwap,
  planTransfer,
} from "./assignments.ts";

const SPAN = 60;
const HOURS = Array.from({ length: SPAN + 2 }, (_, hour) => BigInt(hour));

/** A store as small as can be: the plan's own words, carried out. */
function carriedOut(all: readonly Assignment[], plan: Plan, id: string): readonly Assignment[] {
  if (!plan.ok) return all;
  const ends = new Map(plan.close.map(({ assignment, toNs }) => [assignment.id, toNs]));
  return [
    ...all.map((one) => ({ ...one, toNs: ends.get(one.id) ?? one.toNs })),
    ...plan.open.map((one, i) => ({ ...one, id: `${id}.${i}`, toNs: null, reason: "" })),
  ];
}

const customer = fc.constantFrom("a", "b", "c");
const address = fc.nat({ max: 2 });
const assetId = fc.constantFrom("x", "y");
const at = fc.nat({ max: SPAN }).map(BigInt);
const anyDeed = fc.oneof(
  fc.record({ kind: fc.constant("assign" as const), address, assetId, at }),
  fc.record({ kind: fc.constant("end" as const), address, at }),
  fc.record({ kind: fc.constant("transfer" as const), assetId, to: customer, at }),
  fc.record({ kind: fc.constant("swap" as const), assetId, old: address, next: address, at }),
);

test("keeps each terminal with one holder at every moment, whatever is done in whatever order", () => {
  fc.assert(
    fc.property(fc.array(anyDeed, { maxLength: 40 }), (deeds) => {
      let all: readonly Assignment[] = [];
      const owners = new Map([
        ["x", "a"],
        ["y", "b"],
      ]);
      const of = (one: number) => all.filter((assignment) => assignment.address === one);
      for (const [i, deed] of deeds.entries()) {
        const before = all;
        if (deed.kind === "assign") {
          const wanted = { address: deed.address, assetId: deed.assetId, fromNs: deed.at };
          const customerId = owners.get(deed.assetId) ?? "";
          all = carriedOut(all, planAssign(of(deed.address), { ...wanted, customerId }), `${i}`);
        } else if (deed.kind === "end") {
          all = carriedOut(all, planEnd(of(deed.address), deed.at), `${i}`);
        } else if (deed.kind === "swap") {
          const swap = {
            assetId: deed.assetId,
            oldAddress: deed.old,
            newAddress: deed.next,
            atNs: deed.at,
          };
          all = carriedOut(all, planSwap(of(deed.old), of(deed.next), swap), `${i}`);
        } else {
          const owner = owners.get(deed.assetId) ?? "";
          const ofAsset = all.filter((one) => one.assetId === deed.assetId);
          const plan = planTransfer(ofAsset, owner, deed.to, deed.at);
          all = carriedOut(all, plan, `${i}`);
          if (plan.ok) {
            owners.set(deed.assetId, deed.to);
            for (const { address: moved } of plan.open)
              for (const hour of HOURS) {
                const held = holderAt(of(moved), hour);
                const then = holderAt(
                  before.filter((one) => one.address === moved),
                  hour,
                );
                expect(held).toBe(hour < deed.at ? then : deed.to);
              }
          }
        }
        for (const one of [0, 1, 2])
          for (const hour of HOURS)
            expect(
              of(one).filter(({ fromNs, toNs }) => fromNs <= hour && (toNs === null || hour < toNs))
                .length,
            ).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 150 },
  );
});

const HOUR_MS = 3_600_000;
const ago = (hours: number) => NOW_MS - hours * HOUR_MS;

const told = test.extend("fleet", async ({ db }) => {
  await seedCustomers(db, [
    { id: "a", parentId: null },
    { id: "b", parentId: null },
  ]);
  await seedTerminals(db, [
    { address: 1, name: "One" },
    { address: 2, name: "Two" },
  ]);
  return fleetOf(db);
});

told("names the terminal and where it is when it cannot be assigned", async ({ db, fleet }) => {
  await fleet.give(1, "a", ago(5));
  await expect(fleet.give(1, "b", ago(2))).rejects.toThrow(
    /terminal HL-1 is assigned to Asset of 1 since 2026-/,
  );
  await db
    .updateTable("terminal")
    .set({ quarantine_reason: "water inside" })
    .where("address", "=", 2n)
    .execute();
  await expect(fleet.give(2, "b", ago(2))).rejects.toThrow(/quarantine \(water inside\)/);
  await db
    .updateTable("terminal")
    .set({ life_cycle: "retired", quarantine_reason: null })
    .where("address", "=", 2n)
    .execute();
  await expect(fleet.give(2, "b", ago(2))).rejects.toThrow(/HL-2 is retired/);
  await expect(fleet.give(77, "b", ago(2))).rejects.toThrow(NotFoundError);
  await expect(fleet.give(1, "nobody", ago(2))).rejects.toThrow(NotFoundError);
});

told(
  "transfers at exactly one instant, never into the future and never behind a later one",
  async ({ fleet, db }) => {
    const asset = await fleet.give(1, "a", ago(5));
    await expect(fleet.transfer(asset, "b", ago(-1))).rejects.toThrow(InvalidInputError);
    await expect(fleet.transfer(asset, "b", ago(6))).rejects.toThrow(/choose a later instant/);
    await expect(fleet.transfer(asset, "a", ago(1))).rejects.toThrow(/belongs to that customer/);
    await fleet.transfer(asset, "b", ago(2));
    const held = (await fleet.assignments.held([1])).get(1) ?? [];
    expect(holderAt(held, msToNs(ago(2)) - 1n)).toBe("a");
    expect(holderAt(held, msToNs(ago(2)))).toBe("b");
    expect(await fleet.assets.find(asset, new Set(["a"]))).toBeUndefined();
    await expect(fleet.transfer(asset, "a", ago(3))).rejects.toThrow(ConflictError);
    const entries = await db.selectFrom("audit_entry").select("action").orderBy("number").execute();
    expect(entries.map(({ action }) => action)).toEqual([
      "asset.created",
      "assignment.begun",
      "asset.transferred",
      "assignment.ended",
      "assignment.begun",
    ]);
  },
);

told("swaps a terminal and keeps the asset's past on the asset", async ({ db, fleet }) => {
  const asset = await fleet.give(1, "a", ago(5));
  const swap = {
    assetId: asset,
    oldAddress: 1,
    newAddress: 2,
    atNs: msToNs(ago(1)),
    reason: "broken",
  };
  await expect(fleet.assignments.swap(db, { ...swap, newAddress: 1 }, fleet.act)).rejects.toThrow(
    /cannot take its own place/,
  );
  await fleet.assignments.swap(db, swap, fleet.act);
  const past = await fleet.assignments.ofAsset(asset, "all");
  expect(past.map(({ address, toNs }) => [address, toNs])).toEqual([
    [2, null],
    [1, msToNs(ago(1))],
  ]);
  await expect(fleet.assignments.swap(db, swap, fleet.act)).rejects.toThrow(ConflictError);
  await expect(
    fleet.assets.retire(db, { id: asset, reach: "all", version: undefined }, actAt(NOW_MS)),
  ).rejects.toThrow(/still has terminal HL-2/);
});

test("the database itself refuses what would overlap", async ({ emptied: db }) => {
  await seedCustomers(db, [{ id: "a", parentId: null }]);
  await seedTerminals(db, [{ address: 1, name: "One" }]);
  const asset = await fleetOf(db).give(1, "a", ago(5));
  const row = { id: "2", address: 1, asset_id: asset, customer_id: "a", reason: "" };
  await expect(
    db
      .insertInto("assignment")
      .values({ ...row, from_ns: 0, to_ns: msToNs(ago(4)) })
      .execute(),
  ).rejects.toThrow(/exclusion|conflicting/);
});
