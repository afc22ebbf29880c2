import { expect, it } from "vitest";
import { createSteps } from "./steps.ts";

function stepsUnderTest() {
  let nowMs = 0;
  const told: unknown[] = [];
  const tell = (fields: object, message: string): void => {
    told.push({ ...fields, message });
  };
  const steps = createSteps({ clock: { steadyMs: () => nowMs }, log: { warn: tell, info: tell } });
  let tries = 0;
  const away = async (): Promise<void> => {
    tries++;
    throw new Error("away");
  };
  const back = async (): Promise<void> => {
    tries++;
  };
  return {
    steps,
    told,
    away,
    back,
    tries: () => tries,
    pass: (ms: number): void => {
      nowMs += ms;
    },
  };
}

it("says once that a step fails, however often it does, and once that it works again", async () => {
  const { steps, told, away, back, pass } = stepsUnderTest();
  for (let round = 0; round < 5; round++) {
    await steps.attempt("telemetry", away);
    pass(1_000);
  }
  expect(told).toMatchObject([{ step: "telemetry", message: "network step fails" }]);
  expect(steps.isFailing("telemetry")).toBe(true);
  expect(steps.isFailing("pages")).toBe(false);
  await steps.attempt("telemetry", back);
  await steps.attempt("telemetry", back);
  expect(told.slice(1)).toEqual([
    { step: "telemetry", failures: 5, message: "network step works again" },
  ]);
  expect(steps.isFailing("telemetry")).toBe(false);
});

it("leaves a store that is away alone for a second", async () => {
  const { steps, away, back, pass, tries } = stepsUnderTest();
  await steps.attempt("telemetry", away);
  pass(999);
  await steps.attempt("telemetry", back);
  expect(tries()).toBe(1);
  expect(steps.isFailing("telemetry")).toBe(true);
  pass(1);
  await steps.attempt("telemetry", back);
  expect(tries()).toBe(2);
  expect(steps.isFailing("telemetry")).toBe(false);
});
