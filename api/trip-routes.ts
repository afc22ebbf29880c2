import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, type TSchema, Type } from "typebox";
import { InvalidInputError } from "../base/errors.ts";
import { fixFieldsOf, fixOf } from "../domain/telemetry/fix-of-row.ts";
import { FIX_FAULTS, type JudgedFix, judgeFixes } from "../domain/telemetry/fix-quality.ts";
import { historyWithin } from "../domain/telemetry/history-within.ts";
import { SILENCE_MAX_MS, type Stretch, TRIP_STATES, tripsOf } from "../domain/telemetry/trips.ts";
import { profileOf, windowsOf } from "./history-routes.ts";
import { Problem } from "./http/problem.ts";
import { parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const NS_PER_MS = 1_000_000n;
/** The longest day that a change of clocks makes, and another one before it. */
const RANGE_MAX_MS = 49 * 3_600_000;
/** A fix every ten seconds for two days. */
const FIXES_MAX = 18_000;
const LOCATED_MAX = 2_000;

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Degrees = nullable(Type.Number());
const Place = nullable(Type.Object({ latitude: Type.Number(), longitude: Type.Number() }));

const Trips = Type.Object({
  from: Time,
  to: Time,
  stretches: Type.Array(
    Type.Object({
      state: Type.Enum([...TRIP_STATES]),
      from: Time,
      to: Time,
      distanceM: nullable(
        Type.Number({
          description:
            "moving: along its fixes; unknown: as the crow flies between where it was lost and found again",
        }),
      ),
      maxSpeedKmh: nullable(Type.Number()),
      start: Place,
      end: Place,
    }),
  ),
  fixes: Type.Array(
    Type.Object({
      time: Time,
      latitude: Degrees,
      longitude: Degrees,
      speedKmh: nullable(Type.Number()),
      heading: nullable(Type.Number()),
      ignition: nullable(Type.Boolean()),
      source: Type.Literal("terminal"),
      accuracyM: nullable(Type.Number({ description: "about how far off, from HDOP" })),
      fault: nullable(
        Type.Enum([...FIX_FAULTS], { description: "why the place is not taken as it was said" }),
      ),
    }),
  ),
  located: Type.Array(
    Type.Object({
      time: Time,
      latitude: Type.Number(),
      longitude: Type.Number(),
      method: Type.Enum(["arrival-times", "signal-strength"]),
      majorM: Type.Number({ description: "half axes of the ellipse that it is in" }),
      minorM: Type.Number(),
      bearingDeg: Type.Number({ description: "of the longer axis, clockwise from north" }),
      gateways: Type.Integer({ description: "that heard it" }),
    }),
    {
      description:
        "where the network found it when it did not know itself; no trip is made of these",
    },
  ),
  truncated: Type.Boolean({ description: "there were too many fixes: the newest are given" }),
});

export const tripRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { devices, assignments, billing, located, profiles, telemetry, clock },
) => {
  app.get(
    "/terminals/:address/trips",
    {
      config: { action: "positions:read" },
      schema: {
        operationId: "trips",
        tags: ["terminals"],
        description:
          "When it moved, when it stood, and when nobody knows, without a hole; up to two days, and none of it lies ahead",
        params: Type.Object({ address: Address }),
        querystring: Type.Object({ from: TimeParameter, to: TimeParameter }),
        response: { 200: Trips, 400: Problem, 404: Problem },
      },
    },
    async ({ params: { address }, query, reach }) => {
      const range = rangeOf(query, clock.now());
      const name = await profileOf(devices, address, reach);
      const profile = profiles.byName.get(name);
      const names = profile && fixFieldsOf(profile);
      if (names === undefined) return { ...tripsView([], range, false), located: [] };
      const asked = {
        ...{ profile: name, address, fields: names.asked, limit: FIXES_MAX + 1 },
        fromNs: BigInt(range.fromMs - SILENCE_MAX_MS) * NS_PER_MS,
        toNs: BigInt(range.toMs + SILENCE_MAX_MS) * NS_PER_MS,
      };
      const windows = await windowsOf({ assignments, billing }, address, reach);
      const rows = await historyWithin(telemetry, asked, windows);
      const fixes = rows.slice(-FIXES_MAX).map((row) => fixOf(row, names));
      const found = await located.within(
        {
          ...{ address, limit: LOCATED_MAX },
          fromNs: BigInt(range.fromMs) * NS_PER_MS,
          toNs: BigInt(range.toMs) * NS_PER_MS,
        },
        windows,
      );
      return {
        ...tripsView(judgeFixes(fixes), range, rows.length > FIXES_MAX),
        located: found.map(({ measuredAtNs, ...place }) => ({
          ...place,
          time: iso(Number(measuredAtNs / NS_PER_MS)),
        })),
      };
    },
  );
};

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What lies ahead is not unknown: it has not been yet. */
function rangeOf(query: { readonly from: string; readonly to: string }, nowMs: number): Range {
  const msOf = (field: "from" | "to"): number => Number(parseTime(field, query[field]) / NS_PER_MS);
  const fromMs = msOf("from");
  const toMs = msOf("to");
  if (toMs <= fromMs) throw new InvalidInputError("to", "`to` must be later than `from`");
  if (toMs - fromMs > RANGE_MAX_MS)
    throw new InvalidInputError("to", "ask for two days at the most");
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, nowMs)) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function tripsView(
  judged: readonly JudgedFix[],
  range: Range,
  truncated: boolean,
): Omit<Static<typeof Trips>, "located"> {
  const { fromMs, toMs } = range;
  return {
    from: iso(fromMs),
    to: iso(toMs),
    stretches: tripsOf(judged, range).map(stretchView),
    fixes: judged.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(fixView),
    truncated,
  };
}

const stretchView = ({ fromMs, toMs, ...stretch }: Stretch) => ({
  ...stretch,
  from: iso(fromMs),
  to: iso(toMs),
});

const fixView = (fix: JudgedFix) => ({
  time: iso(fix.atMs),
  latitude: fix.latitude,
  longitude: fix.longitude,
  speedKmh: fix.speedKmh,
  heading: fix.heading,
  ignition: fix.ignition,
  source: "terminal" as const,
  accuracyM: fix.accuracyM,
  fault: fix.fault,
});
