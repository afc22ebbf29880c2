import { expect, it } from "vitest";
import { attackProfiles } from "./profiles-attack.ts";

//   SEED=x ROUNDS=100000 npx vitest run --project npm hostile/profiles
const SEED = process.env["SEED"] ?? "1";
const ROUNDS = Number(process.env["ROUNDS"] ?? 400);

it(`takes a mutated profile or says what is wrong with it (SEED=${SEED})`, async () => {
  const { taken, refused, nameless } = await attackProfiles(SEED, ROUNDS);
  expect(nameless).toEqual([]);
  expect(taken).toBeGreaterThan(0); // a label may be any text
  expect(refused).toBeGreaterThan(taken);
});
