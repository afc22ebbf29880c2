import type { KyselyPlugin } from "kysely";
import { sql } from "kysely";
import { expect } from "vitest";
import { test as base } from "../../tests/fixtures.ts";
import type { AlertProfile } from "./default-rules.ts";
import { createRulesInForce, installDefaultRules } from "./rules-postgres.ts";

const LABEL = { en: "Silent", "zh-CN": "失联" };
const SILENT = { label: LABEL, severity: "minor", holdS: 0, kind: "silence" } as const;
const CAR: AlertProfile = {
  ...{ name: "vehicle", reports: [] },
  alertRules: [
    { ...SILENT, key: "far" },
    { ...SILENT, key: "near" },
  ],
};
const PROFILES = new Map([[CAR.name, CAR]]);

const test = base.extend("rules", async ({ db }) => {
  await installDefaultRules(db, PROFILES, 0);
  return createRulesInForce(PROFILES, (ruleId, problem) => {
    throw new Error(`${ruleId}: ${problem}`);
  });
});

const seeing = (row: (row: Readonly<Record<string, unknown>>) => void): KyselyPlugin => ({
  transformQuery: ({ node }) => node,
  async transformResult({ result }) {
    for (const one of result.rows) row(one);
    return Promise.resolve(result);
  },
});

test("whoever asks while rules are compiled gets the same ones, and a change reads what is new alone", async ({
  db,
  rules,
}) => {
  const read: string[] = [];
  const tx = db.withPlugin(
    seeing((row) => {
      if ("spec" in row) read.push(String(row["id"]));
    }),
  );
  const [one, other] = await Promise.all([rules.current(tx), rules.current(tx)]);
  expect(one).toBe(other);
  expect(one.of("vehicle").of(null)).toMatchObject([{ id: "vehicle.far" }, { id: "vehicle.near" }]);
  expect(read.splice(0).toSorted()).toEqual(["vehicle.far", "vehicle.near"]);
  await sql`update alert_rules set version = 2 where id = 'vehicle.near'`.execute(db);
  const changed = (await rules.current(tx)).of("vehicle").of(null);
  expect(changed).toMatchObject([{ version: 1 }, { version: 2 }]);
  expect(read).toEqual(["vehicle.near"]);
  await sql`update alert_rules set enabled = false where id = 'vehicle.far'`.execute(db);
  const left = (await rules.current(tx)).of("vehicle").of(null);
  expect(left).toMatchObject([{ id: "vehicle.near" }]);
});

test("when the transaction that reads the rules fails, whoever waits for them reads them in its own", async ({
  db,
  rules,
}) => {
  const failing = db.withPlugin(
    seeing((row) => {
      if ("version" in row) throw new Error("connection lost");
    }),
  );
  const [first, ...others] = await Promise.allSettled([
    ...[rules.current(failing), rules.current(db), rules.current(db)],
  ]);
  expect(first).toMatchObject({ status: "rejected", reason: { message: "connection lost" } });
  const found = others.map((each) => (each.status === "fulfilled" ? each.value : undefined));
  expect(found[0]?.of("vehicle").of(null)).toHaveLength(2);
  expect(found[1]).toBe(found[0]);
});
