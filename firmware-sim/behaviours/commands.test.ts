import { expect, it } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { createCity, createFleet } from "../fleet.ts";
import { NOON_NS, profiles } from "../test-simulation.ts";
import { perform } from "./behaviour.ts";
import { playsFor } from "./play.ts";

const SEED = "commands";
const city = createCity(SEED, 200);
const PLAYS = playsFor(30);
const fleet = createFleet(SEED, 200, city);
const START_MS = Number(NOON_NS / 1_000_000n);

const COMMANDS = [...profiles.byName.values()].flatMap(({ name, commands }) =>
  commands.map((command) => [name, command.name] as const),
);

it.each(COMMANDS)("a %s knows what to answer to %s", (profile, name) => {
  const terminal = fleet.find((one) => one.profile === profile);
  const command = profiles.byName.get(profile)?.commands.find((one) => one.name === name);
  if (!terminal || !command) throw new Error(`${profile} has no ${name}`);
  const random = seededRandom(`${SEED} ${profile}`);
  const setting = { ...city, terminal, random, memory: {}, startMs: START_MS };
  const behaviour = perform(PLAYS[terminal.profile], setting);
  const values = Object.fromEntries(command.arguments.map((argument) => [argument.name, 1]));
  const decision = behaviour.decide(name, values);
  expect(decision).not.toBe("unsupported");
  if (typeof decision === "function") decision();
  behaviour.liveTo(START_MS + 60_000);
});
