import fc from "fast-check";
import { expect, it } from "vitest";
import { BIT_NS } from "../protocol/air/lr-fhss.ts";
import { burstOf, replicaAt } from "./burst.ts";
import { ReplicaIndex } from "./replica-index.ts";

const anyBurst = fc
  .record({
    hopSequenceId: fc.integer({ min: 0, max: 383 }),
    headerIndex: fc.integer({ min: 0, max: 3 }),
    timeNs: fc.bigInt({ min: 0n, max: 2n ** 32n }),
    carrierUnits: fc.integer({ min: -300, max: 300 }),
  })
  .map(({ hopSequenceId, headerIndex, timeNs, carrierUnits }) => ({
    burst: burstOf(
      {
        ...{ payloadBytes: 20, codingRate: 3, grid: 1, hopping: true, bandwidth: 2 },
        ...{ hopSequenceId, headerIndex },
      },
      { timeNs, carrierUnits },
    ),
  }));

it("finds what a look at every burst finds, at the edge of the tolerance too", () => {
  const offsets = fc.constantFrom(0n, 2n * BIT_NS, -2n * BIT_NS, 2n * BIT_NS + 1n, -(1n << 24n));
  fc.assert(
    fc.property(
      fc.array(anyBurst, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.integer({ min: 0, max: 3 }),
      offsets,
      (bursts, n, header, offsetNs) => {
        const index = new ReplicaIndex<(typeof bursts)[0]>();
        for (const burst of bursts) index.add(burst);
        const gone = bursts.splice(1, 1); // one is over
        for (const burst of gone) index.remove(burst);
        const replica = bursts[n % bursts.length]?.burst.replicas[header];
        if (!replica) throw new Error("a burst has four");
        const place = { ...replica, timeNs: replica.timeNs + offsetNs };
        const found = [...index.at(place)].map(({ one }) => one);
        const all = bursts.filter(({ burst }) => replicaAt(burst, place));
        expect(new Set(found)).toEqual(new Set(all));
        expect(found).toHaveLength(all.length);
      },
    ),
  );
});
