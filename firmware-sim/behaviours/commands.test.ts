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
  const decision = behaviour.decide(name, values, false);
  expect(decision).not.toBe("unsupported");
  if (typeof decision === "function") decision();
  behaviour.liveTo(START_MS + 60_000);
});

const DRILLS = [...profiles.byName.values()].flatMap(({ name, drill }) =>
  drill === undefined ? [] : [[name, drill] as const],
);

it.each(DRILLS)(
  "a %s rehearses its call and changes nothing",
  (profile, { command, arguments: given = {} }) => {
    const terminal = fleet.find((one) => one.profile === profile);
    const known = profiles.byName.get(profile)?.commands.find((one) => one.name === command);
    if (!terminal || !known) throw new Error(`${profile} has no ${command}`);
    const random = seededRandom(`${SEED} ${profile}`);
    const setting = { ...city, terminal, random, memory: {}, startMs: START_MS };
    const behaviour = perform(PLAYS[terminal.profile], setting);
    const values = Object.fromEntries(
      known.arguments.map(({ name, values: names }) => {
        const value = given[name] ?? 0;
        return [name, typeof value === "string" ? (names?.indexOf(value) ?? 0) : value];
      }),
    );
    const decision = behaviour.decide(command, values, true);
    if (typeof decision !== "function") throw new Error(`it is ${decision}`);
    decision();
    const told = behaviour.liveTo(START_MS + 10_000).map(({ report }) => report);
    const [call] = told.filter(({ drill }) => drill === true);
    expect(told.filter(({ drill }) => drill === true)).toHaveLength(1);
    const { sounding, panic, trapped } = call?.values ?? {};
    expect([sounding, panic, trapped]).toContain(true);
    for (const { values: said } of [behaviour.now(), ...told.filter(({ drill }) => drill !== true)])
      expect([said["sounding"], said["panic"], said["trapped"]]).not.toContain(true);
  },
);
