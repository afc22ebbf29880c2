import fc from "fast-check";
import { expect, it } from "vitest";
import { createHeap } from "./heap.ts";

it("gives back what was put in, by key and then by age", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
      const heap = createHeap<number>();
      for (const [index, key] of keys.entries()) heap.push(key, index);
      const expected = keys
        .map((key, value) => ({ key, value }))
        .sort((a, b) => a.key - b.key || a.value - b.value);
      const out = [];
      for (let entry = heap.pop(); entry; entry = heap.pop()) {
        out.push({ key: entry.key, value: entry.value });
      }
      expect(out).toEqual(expected);
      expect(heap.size).toBe(0);
    }),
  );
});
