import { expect } from "vitest";
import {
  ADMINISTRATOR,
  everybodyIs,
  NOW_MS,
  openApi,
  seedPacket,
  seedTerminals,
} from "../api-fixture.ts";
import { test } from "../fixtures.ts";
import { alarmPart } from "../policy/rows-alarms.ts";
import { billingPart } from "../policy/rows-billing.ts";
import { commandPart } from "../policy/rows-commands.ts";
import { drillPart } from "../policy/rows-drills.ts";
import { stockPart } from "../policy/rows-stock.ts";
import { attackOperations } from "./operation-attack.ts";

//   SEED=x ROUNDS=200 npx vitest run --project npm hostile/operations
const SEED = process.env["SEED"] ?? "1";
const ROUNDS = Number(process.env["ROUNDS"] ?? 28);

test(`every operation answers nearly right requests of an administrator without failing (SEED=${SEED})`, async ({
  emptied: db,
}) => {
  await db
    .insertInto("audit_head")
    .values({ number: 0n, hash: new Uint8Array(32) })
    .execute();
  await seedTerminals(db, [
    { address: 5, name: "Car" },
    { address: 6, name: "Van" },
  ]);
  await seedPacket(db, { id: 1, address: 5, counter: 1 });
  await db
    .insertInto("customer")
    .values(
      ["c1", "c2"].map((id) => ({
        ...{ id, number: id, kind: "organisation" as const, name: id, language: "en", tags: "[]" },
        ...{ time_zone: "Asia/Shanghai", name_key: id, created_at: new Date(NOW_MS), version: 1 },
      })),
    )
    .execute();
  await alarmPart.seed?.(db);
  await billingPart.seed?.(db);
  await stockPart.seed?.(db);
  await commandPart.seed?.(db);
  await drillPart.seed?.(db);
  const { app, imports } = await openApi(db, everybodyIs(ADMINISTRATOR));
  await app.ready();
  const { faults, reached, operations } = await attackOperations(app, SEED, ROUNDS);
  expect(faults).toEqual([]);
  expect(operations).toBeGreaterThan(90);
  expect(reached.size).toBeGreaterThan(operations / 3); // else it is the schema alone that is tried
  await imports.stop();
  await app.close();
});
