import { expect } from "vitest";
import { test } from "../fixtures.ts";
import { playReplays } from "./replays.ts";

//   SEED=x npx vitest run --project npm replays
const SEED = process.env["SEED"] ?? "1";

test(`replays in any order and session get the model's verdicts (SEED=${SEED})`, async ({
  emptied,
}) => {
  const { verdicts } = await playReplays(emptied, SEED, 50);
  expect(verdicts.size).toBeGreaterThanOrEqual(9); // each kind of verdict was asked for
});
