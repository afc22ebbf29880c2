import type { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../db/database.ts";
import type {
  Aggregate,
  HistoryQuery,
  TelemetryPoint,
  TelemetryReader,
  TelemetryWriter,
} from "./telemetry.ts";

export interface TelemetrySubject {
  readonly db: Kysely<Database>;
  readonly telemetry: TelemetryWriter & TelemetryReader;
  /** Waits until what was recorded can be read. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const MINUTE_NS = 60_000_000_000n;
const START_NS = 1_790_000_040_000_000_000n; // a whole minute
const at = (seconds: number, tail = 0): bigint =>
  START_NS + BigInt(seconds) * 1_000_000_000n + BigInt(tail);

const point = (
  timeNs: bigint,
  fields: TelemetryPoint["fields"],
  { report = "status", terminal = "4233160491", measurement = "vehicle" } = {},
): TelemetryPoint => ({ measurement, tags: { terminal, report }, timeNs, fields });

/** Worked out by hand; every store has to give exactly these answers. */
const POINTS: readonly TelemetryPoint[] = [
  point(at(0, 7), { speed: 10, ignition: true, state: "moving" }),
  point(at(20, 8), { speed: 20.5, ignition: true }),
  point(at(59, 9), { speed: 0, ignition: false, state: 'parked, "quoted" \\ 停车' }),
  point(at(60), { speed: -3.25 }),
  point(at(180, 999_999), { speed: 1e-7, latitude: 31.2304 }, { report: "position" }),
  point(at(181), { battery: 12.5 }),
  point(at(20), { speed: 99 }, { terminal: "1" }), // another terminal
  point(at(20), { speed: 98 }, { measurement: "home-alarm" }), // another profile
];

const ASKED: HistoryQuery = {
  profile: "vehicle",
  address: 4_233_160_491,
  fields: ["speed"],
  fromNs: START_NS,
  toNs: START_NS + 10n * MINUTE_NS,
  limit: 100,
};
const perMinute = (aggregate: Aggregate) => ({ ms: 60_000, aggregate });

export function telemetryContract(name: string, open: () => Promise<TelemetrySubject>): void {
  describe(name, () => {
    let subject: TelemetrySubject;
    beforeAll(async () => {
      subject = await open();
      await record(POINTS);
    });
    afterAll(() => subject.stop());

    const record = async (points: readonly TelemetryPoint[]): Promise<void> => {
      await subject.db.transaction().execute((tx) => subject.telemetry.record(tx, points));
      await subject.settle();
    };
    const ask = async (query: Partial<HistoryQuery> = {}) =>
      (await subject.telemetry.history({ ...ASKED, ...query })).map(({ timeNs, values }) => [
        timeNs - START_NS,
        values,
      ]);

    it("gives readings in order of time, each with its full nanoseconds", async () => {
      expect(await ask()).toEqual([
        [7n, { speed: 10 }],
        [20_000_000_008n, { speed: 20.5 }],
        [59_000_000_009n, { speed: 0 }],
        [60_000_000_000n, { speed: -3.25 }],
        [180_000_999_999n, { speed: 1e-7 }],
      ]);
    });

    it("joins several fields by time and leaves out readings with none of them", async () => {
      expect(await ask({ fields: ["ignition", "state", "latitude"] })).toEqual([
        [7n, { ignition: true, state: "moving", latitude: null }],
        [20_000_000_008n, { ignition: true, state: null, latitude: null }],
        [59_000_000_009n, { ignition: false, state: 'parked, "quoted" \\ 停车', latitude: null }],
        [180_000_999_999n, { ignition: null, state: null, latitude: 31.2304 }],
      ]);
    });

    it("joins readings of one identity that come at once, the later one's fields first", async () => {
      const timeNs = at(3_600);
      await record([
        point(timeNs, { speed: 1, battery: 12 }),
        point(timeNs, { speed: 2, ignition: true }),
      ]);
      const fields = ["speed", "battery", "ignition"];
      expect(await ask({ fields, fromNs: timeNs, toNs: timeNs + 1n })).toEqual([
        [3_600_000_000_000n, { speed: 2, battery: 12, ignition: true }],
      ]);
    });

    it("takes from as inclusive, to as exclusive", async () => {
      expect(await ask({ fromNs: at(20, 8), toNs: at(59, 9) })).toEqual([
        [20_000_000_008n, { speed: 20.5 }],
      ]);
    });

    it("gives the newest when there are more than asked for", async () => {
      expect(await ask({ limit: 2 })).toEqual([
        [60_000_000_000n, { speed: -3.25 }],
        [180_000_999_999n, { speed: 1e-7 }],
      ]);
    });

    it.each<[Aggregate, readonly (readonly [bigint, number])[]]>([
      [
        "mean",
        [
          [0n, 30.5 / 3],
          [60n, -3.25],
          [180n, 1e-7],
        ],
      ],
      [
        "min",
        [
          [0n, 0],
          [60n, -3.25],
          [180n, 1e-7],
        ],
      ],
      [
        "max",
        [
          [0n, 20.5],
          [60n, -3.25],
          [180n, 1e-7],
        ],
      ],
      [
        "sum",
        [
          [0n, 30.5],
          [60n, -3.25],
          [180n, 1e-7],
        ],
      ],
      [
        "count",
        [
          [0n, 3],
          [60n, 1],
          [180n, 1],
        ],
      ],
      [
        "last",
        [
          [0n, 0],
          [60n, -3.25],
          [180n, 1e-7],
        ],
      ],
    ])("gives the %s of each minute and no row for an empty one", async (aggregate, expected) => {
      const rows = await subject.telemetry.history({ ...ASKED, window: perMinute(aggregate) });
      expect(rows.map(({ timeNs }) => (timeNs - START_NS) / 1_000_000_000n)).toEqual(
        expected.map(([second]) => second),
      );
      rows.forEach(({ values }, i) => {
        expect(values["speed"]).toBeCloseTo(expected[i]?.[1] ?? Number.NaN, 12);
      });
    });

    it("has no mean, least or greatest of what is no number, and a last of anything", async () => {
      const fields = ["ignition", "state", "speed"];
      for (const [aggregate, speed] of [
        ["min", 0],
        ["max", 20.5],
        ["sum", 30.5],
      ] as const)
        expect(await ask({ fields, window: perMinute(aggregate), toNs: at(60) })).toEqual([
          [0n, { ignition: null, state: null, speed }],
        ]);
      expect(await ask({ fields: ["ignition"], window: perMinute("max") })).toEqual([]);
      expect(await ask({ fields, window: perMinute("mean"), toNs: at(60) })).toEqual([
        [0n, { ignition: null, state: null, speed: expect.closeTo(30.5 / 3, 12) as number }],
      ]);
      expect(await ask({ fields, window: perMinute("last"), toNs: at(60) })).toEqual([
        [0n, { ignition: false, state: 'parked, "quoted" \\ 停车', speed: 0 }],
      ]);
    });

    it("knows nothing of fields and terminals that never reported", async () => {
      expect(await ask({ fields: ["never_seen"] })).toEqual([]);
      expect(await ask({ address: 2 })).toEqual([]);
      expect(await ask({ profile: "siren", window: perMinute("mean") })).toEqual([]);
    });

    it("holds a point once, however often it is written", async () => {
      const before = await ask({ fields: ["speed", "battery"] });
      await record(POINTS);
      await record(POINTS.slice(2));
      expect(await ask({ fields: ["speed", "battery"] })).toEqual(before);
    });

    it("forgets what a transaction that failed had recorded", async () => {
      const failed = subject.db.transaction().execute(async (tx) => {
        await subject.telemetry.record(tx, [point(at(300), { speed: 77 })]);
        throw new Error("power cut");
      });
      await expect(failed).rejects.toThrow("power cut");
      await subject.settle();
      expect(await ask({ fromNs: at(299) })).toEqual([]);
    });

    it.each<[string, Partial<HistoryQuery>]>([
      ["fields", { fields: [] }],
      ["fields", { fields: ['speed" from x; drop database y'] }],
      ["to", { toNs: START_NS }],
      ["limit", { limit: 0 }],
      ["window", { window: { ms: 1.5, aggregate: "mean" } }],
    ])("refuses a query with wrong %s and names it", async (field, query) => {
      await expect(ask(query)).rejects.toMatchObject({ code: "invalid_input", details: { field } });
    });
  });
}
