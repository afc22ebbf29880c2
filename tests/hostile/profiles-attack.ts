import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { parseProfile } from "../../domain/devices/profile-load.ts";
import { oddText } from "./odd-values.ts";

const files = readdirSync("profiles").filter((file) => file.endsWith(".json"));
const texts = files.map((file) => [file, readFileSync(`profiles/${file}`, "utf8")] as const);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every name and number that stands in any of them: at another place it is the likelier mistake. */
const leaves = texts.flatMap(([, text]) => leavesOf(JSON.parse(text) as Json));

function leavesOf(value: Json): readonly Json[] {
  if (typeof value !== "object" || value === null) return [value];
  return Object.values(value).flatMap(leavesOf);
}

const oddValue = (random: Random): Json => {
  if (random.next() < 0.6) return leaves[randomInteger(random, leaves.length)] ?? null;
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

/** Profiles with a few things wrong, and what became of them. */
export async function attackProfiles(seed: string, rounds: number) {
  const random = seededRandom(`profiles ${seed}`);
  const counts = { taken: 0, refused: 0 };
  const nameless: string[] = [];
  for (let n = 0; n < rounds; n++) {
    const [file, text] = texts[n % texts.length] ?? ["", ""];
    let json = JSON.parse(text) as Json;
    for (let times = random.next() < 0.6 ? 1 : 3; times > 0; times--) json = spoil(random, json);
    let mutated = JSON.stringify(json);
    if (random.next() < 0.1) mutated = mutated.slice(0, randomInteger(random, mutated.length));
    const parsed = parseProfile(file, mutated);
    await nextTurn();
    if (parsed.ok) counts.taken += 1;
    else {
      counts.refused += 1;
      const isSaid = (problem: string) =>
        problem.startsWith(`${file}: `) && problem.length > file.length + 2;
      if (parsed.problems.length === 0 || !parsed.problems.every(isSaid)) nameless.push(mutated);
    }
  }
  return { ...counts, nameless };
}
