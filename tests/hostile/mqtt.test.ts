import { expect, it } from "vitest";
import { attackBroker } from "./mqtt-attack.ts";

//   SEED=x CONNECTIONS=20000 npx vitest run --project npm hostile/mqtt
const SEED = process.env["SEED"] ?? "1";
const CONNECTIONS = Number(process.env["CONNECTIONS"] ?? 300);

it(`what a gateway may not say reaches nobody, and others are heard in spite of it (SEED=${SEED})`, async () => {
  const seen = await attackBroker(SEED, CONNECTIONS);
  expect(seen.fromHonest).toEqual(seen.sent);
  expect(seen.strangers).toEqual([]);
  expect(seen.fromEvil).toBeGreaterThan(0);
  expect(seen.told.own).toBeGreaterThan(0);
  expect(seen.told.others).toBe(0);
  expect(seen.counters.refusedPublishes).toBeGreaterThan(0);
  expect(seen.counters.refusedSubscriptions).toBeGreaterThan(0);
});
