import { describe, expect, it } from "vitest";
import type { Outbox } from "./outbox.ts";

const record = (value: number) => Uint8Array.of(value, 0, 255);

/** Every outbox behaves like this. */
export function outboxContract(name: string, open: (rowsMax: number) => Outbox): void {
  describe(name, () => {
    it("gives back what was added, oldest first, in rising sequence", () => {
      const outbox = open(10);
      const sequences = [1, 2, 3].map((value) => outbox.add(record(value)));
      const rows = outbox.after(0n, 10);
      expect(rows.map(({ sequence }) => sequence)).toEqual(sequences);
      expect(rows.map((row) => Uint8Array.from(row.record))).toEqual([1, 2, 3].map(record));
      expect(outbox.after(sequences[1] ?? 0n, 10)).toHaveLength(1);
      expect(outbox.after(0n, 2)).toHaveLength(2);
      expect(outbox.get(99n)).toBeUndefined();
      outbox.close();
    });

    it("removes a range and says how many there were", () => {
      const outbox = open(10);
      const sequences = [1, 2, 3, 4].map((value) => outbox.add(record(value)) ?? 0n);
      expect(outbox.remove(sequences[1] ?? 0n, sequences[2] ?? 0n)).toBe(2);
      expect(outbox.remove(sequences[1] ?? 0n, sequences[2] ?? 0n)).toBe(0);
      expect(outbox.count()).toBe(2);
      expect(outbox.remove(0n, (1n << 64n) - 1n)).toBe(2);
      expect(outbox.count()).toBe(0);
      outbox.close();
    });

    it("says that it is full, keeps the oldest and takes more when there is room", () => {
      const outbox = open(2);
      const first = outbox.add(record(1)) ?? 0n;
      outbox.add(record(2));
      expect(outbox.add(record(3))).toBeUndefined();
      expect(outbox.after(0n, 9).map((row) => row.record[0])).toEqual([1, 2]);
      outbox.remove(first, first);
      expect(outbox.add(record(4))).toBeDefined();
      outbox.close();
    });

    it("never uses a sequence twice, even when all before it are gone", () => {
      const outbox = open(10);
      const first = outbox.add(record(1)) ?? 0n;
      outbox.remove(first, first);
      expect(outbox.add(record(2))).toBeGreaterThan(first);
      outbox.close();
    });

    it("has an id of 32 hexadecimal digits", () => {
      const outbox = open(10);
      expect(outbox.id).toMatch(/^[0-9a-f]{32}$/);
      outbox.close();
    });
  });
}
