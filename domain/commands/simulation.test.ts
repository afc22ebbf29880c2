import { expect, it } from "vitest";
import { simulateHistory } from "./simulation.ts";

const HISTORIES = 200;

it(`lets no command leave late, unapproved or against its precondition in ${HISTORIES} histories`, () => {
  const seen = new Set<string>();
  for (let number = 0; number < HISTORIES; number++) {
    const seed = `command ${number}`;
    const { faults, states } = simulateHistory(seed);
    expect(faults, `seed "${seed}"`).toEqual([]);
    for (const state of Object.keys(states)) seen.add(state);
  }
  // a simulation that never comes somewhere proves nothing of it
  expect([...seen].sort()).toEqual([
    ...["cancelled", "done", "expired", "failed", "refused", "superseded"],
  ]);
});
