import type { Outbox } from "./outbox.ts";

export function outboxMemory(id: string, rowsMax: number): Outbox {
  const rows = new Map<bigint, Uint8Array>();
  let last = 0n;
  return {
    id,
    add(record) {
      if (rows.size >= rowsMax) return undefined;
      last += 1n;
      rows.set(last, record.slice());
      return last;
    },
    get: (sequence) => rows.get(sequence),
    after: (sequence, limit) =>
      [...rows]
        .filter(([each]) => each > sequence)
        .slice(0, limit)
        .map(([each, record]) => ({ sequence: each, record })),
    remove(first, to) {
      const gone = [...rows.keys()].filter((sequence) => sequence >= first && sequence <= to);
      for (const sequence of gone) rows.delete(sequence);
      return gone.length;
    },
    count: () => rows.size,
    close() {},
  };
}
