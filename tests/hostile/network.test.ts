import { expect, it } from "vitest";
import { attackNetwork } from "./network-attack.ts";

//   SEED=x npx vitest run --project npm hostile/network
const SEED = process.env["SEED"] ?? "1";

it(`a hostile gateway changes nothing for an honest one (SEED=${SEED})`, async () => {
  const seen = await attackNetwork(SEED, 640, 320);
  expect(seen.honestVerdicts).toEqual(["new"]);
  expect(seen).toMatchObject({ futureRows: 0, strangers: 0, gateways: ["gateway-evil"] });
  expect(seen.accepted).toBeGreaterThan(20);
  expect(seen.billed).toBe(seen.billable);
  expect(seen.badTags).toBeGreaterThanOrEqual(320);
  expect(seen.counters.malformed).toBeGreaterThan(50);
  expect(seen.counters).toMatchObject({ dropped: 0, failed: 0, databaseAway: false });
});
