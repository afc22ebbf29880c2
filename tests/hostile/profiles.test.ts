import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { parseProfile } from "../../domain/devices/profile-load.ts";
import { oddText } from "./odd-values.ts";

//   SEED=x ROUNDS=100000 npx vitest run --project npm hostile/profiles
const SEED = process.env["SEED"] ?? "1";
const ROUNDS = Number(process.env["ROUNDS"] ?? 400);

const files = readdirSync("profiles").filter((file) => file.endsWith(".json"));
const texts = files.map((file) => [file, readFileSync(`profiles/${file}`, "utf8")] as const);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const oddValue = (random: Random): Json => {
  const values: Json[] = [
    null,
    true,
    -1,
    0,
    1e308,
    0.5,
    33,
    65_536,
    [],
    {},
    [[]],
    "",
    oddText(random),
  ];
  return values[randomInteger(random, values.length)] ?? null;
};

/** One thing at one place is another, is gone, is there twice, or is new. */
function spoil(random: Random, value: Json): Json {
  const isContainer = typeof value === "object" && value !== null;
  if (!isContainer || random.next() < 0.08) return oddValue(random);
  if (Array.isArray(value)) {
    const at = randomInteger(random, value.length + 1);
    const chosen = value[at];
    if (chosen === undefined) return [...value, oddValue(random)];
    if (random.next() < 0.1) return value.toSpliced(at, 1);
    if (random.next() < 0.1) return value.toSpliced(at, 0, chosen);
    return value.with(at, spoil(random, chosen));
  }
  const keys = Object.keys(value);
  const key = keys[randomInteger(random, keys.length + 1)] ?? oddText(random).toWellFormed();
  if (random.next() < 0.1)
    return Object.fromEntries(Object.entries(value).filter(([k]) => k !== key));
  return { ...value, [key]: spoil(random, value[key] ?? null) };
}

it(`takes a mutated profile or says what is wrong with it (SEED=${SEED})`, () => {
  const random = seededRandom(`profiles ${SEED}`);
  const counts = { taken: 0, refused: 0 };
  for (let n = 0; n < ROUNDS; n++) {
    const [file, text] = texts[n % texts.length] ?? ["", ""];
    let json = JSON.parse(text) as Json;
    for (let times = 1 + randomInteger(random, 3); times > 0; times--) json = spoil(random, json);
    let mutated = JSON.stringify(json);
    if (random.next() < 0.1) mutated = mutated.slice(0, randomInteger(random, mutated.length));
    const parsed = parseProfile(file, mutated);
    if (parsed.ok) counts.taken += 1;
    else {
      counts.refused += 1;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const problem of parsed.problems)
        expect(problem).toMatch(new RegExp(`^${file}: .+`, "s"));
    }
  }
  expect(counts.taken).toBeGreaterThan(0); // a label may be any text
  expect(counts.refused).toBeGreaterThan(counts.taken);
});
