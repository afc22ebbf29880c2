import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

it("lets one follow the other, also one that failed", async () => {
  const turns = createTurns();
  const said: string[] = [];
  const slow = Promise.withResolvers<undefined>();
  const first = turns.take(async () => {
    await slow.promise;
    said.push("first");
    throw new Error("failed");
  });
  const second = turns.take(async () => {
    said.push("second");
    return 2;
  });
  expect(said).toEqual([]);
  slow.resolve(undefined);
  await expect(first).rejects.toThrow("failed");
  expect(await second).toBe(2);
  expect(said).toEqual(["first", "second"]);
});
