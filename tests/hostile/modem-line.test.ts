import { expect, it } from "vitest";
import { BURSTS_MAX } from "../../gateway/assembly.ts";
import { attackModemLine } from "./modem-line-attack.ts";

//   SEED=x CHUNKS=1000000 npx vitest run --project npm hostile/modem-line
const SEED = process.env["SEED"] ?? "1";
const CHUNKS = Number(process.env["CHUNKS"] ?? 4_000);

it(`a hostile modem gives no packet that was not on the air, and no more work than it may (SEED=${SEED})`, async () => {
  const seen = await attackModemLine(SEED, CHUNKS);
  if (process.env["CHUNKS"]) process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(seen.packets).toBeGreaterThan(0);
  expect(seen.strange).toBe(0);
  expect(seen.paged).toBeGreaterThan(0);
  expect(seen.badFrames).toBeGreaterThan(CHUNKS / 10);
  expect(seen.inTheAirMax).toBeGreaterThan(0);
  expect(seen.inTheAirMax).toBeLessThanOrEqual(BURSTS_MAX);
  expect(seen.bytes).toBeGreaterThan(CHUNKS * 100);
});
