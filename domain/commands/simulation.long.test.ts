import { expect, it } from "vitest";
import { simulateHistory } from "./simulation.ts";

const HISTORIES = 10_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

it(`lets no command leave late, unapproved or against its precondition in ${HISTORIES} histories`, () => {
  const run = process.env["COMMAND_SEED"] ?? String(Date.now());
  let keyedUp = 0;
  for (let number = 0; number < HISTORIES; number++) {
    const seed = `${run}.${number}`;
    const history = simulateHistory(seed);
    expect(history.faults, `COMMAND_SEED=${run}, history "${seed}"`).toEqual([]);
    keyedUp += history.keyedUp;
  }
  say(`COMMAND_SEED=${run}: ${HISTORIES} histories, ${keyedUp} pages, no fault`);
});
