import { expect, it } from "vitest";
import { eachApart } from "./each-apart.ts";

it("one that fails is put off and stops nobody else", async () => {
  const done: string[] = [];
  const act = async (one: string) => {
    if (one === "b") throw new Error("b is broken");
    done.push(one);
  };
  const work = eachApart(["a", "b", "c"], act, async (one) => done.push(`${one} later`));
  await expect(work).rejects.toThrow("b is broken");
  expect(done).toEqual(["a", "b later", "c"]);
});
