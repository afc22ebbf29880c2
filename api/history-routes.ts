import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { InvalidInputError, NotAllowedError, NotFoundError } from "../base/errors.ts";
import type { Devices } from "../domain/devices/devices.ts";
import type { Profiles } from "../domain/devices/profile-load.ts";
import { type Reach, readableWindows, type Window } from "../domain/identity/policy.ts";
import { historyWithin } from "../domain/telemetry/history-within.ts";
import { AGGREGATES, HISTORY_ROWS_MAX, type HistoryQuery } from "../domain/telemetry/telemetry.ts";
import { Problem } from "./http/problem.ts";
import { isoTime, parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address, History, Track } from "./views.ts";

const NS_PER_MS = 1_000_000n;
const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };
const Range = {
  from: Type.Optional(TimeParameter),
  to: Type.Optional(TimeParameter),
  limit: Type.Integer({ minimum: 1, maximum: HISTORY_ROWS_MAX - 1, default: 2_000 }),
};

export const historyRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { devices, assignments, billing, profiles, telemetry, clock },
) => {
  app.get(
    "/terminals/:address/history",
    {
      config: { action: "positions:read" },
      schema: {
        operationId: "history",
        tags: ["terminals"],
        description: "Readings of a terminal over time, each or aggregated by window",
        params: Type.Object({ address: Address }),
        querystring: Type.Object({
          fields: Type.String({
            maxLength: 1_000,
            description: "names of fields with commas between, 16 at most",
          }),
          ...Range,
          window: Type.Optional(
            Type.String({
              pattern: "^[1-9][0-9]{0,5}[smhd]$",
              description:
                "such as 60s, 15m, 1h or 1d; windows begin at multiples of it since 1970",
            }),
          ),
          aggregate: Type.Enum([...AGGREGATES], { default: "mean" }),
        }),
        response: { 200: History, 400: Problem, 404: Problem },
      },
    },
    async ({ params, query, reach }) => {
      const fields = query.fields.split(",").map((name) => name.trim());
      const profile = await profileOf(devices, params.address, reach);
      const known = fieldNames(profiles, profile);
      const odd = fields.find((name) => !known.has(name));
      if (odd !== undefined)
        throw new InvalidInputError(
          "fields",
          `${profile} has no field ${odd}; it has ${[...known].join(", ")}`,
        );
      const asked = {
        profile,
        address: params.address,
        fields,
        ...range(query, clock.now()),
        window:
          query.window === undefined
            ? undefined
            : { ms: windowMs(query.window), aggregate: query.aggregate },
        limit: query.limit + 1,
      };
      const windows = await windowsOf({ assignments, billing }, params.address, reach);
      const rows = await historyWithin(telemetry, asked, windows);
      return {
        fields,
        points: rows
          .slice(-query.limit)
          .map(({ timeNs, values }) => ({ time: isoTime(timeNs), values: { ...values } })),
        truncated: rows.length > query.limit,
      };
    },
  );
};

const windowMs = (text: string): number =>
  Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 1_000);

export const trackRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { devices, assignments, billing, profiles, telemetry, clock },
) => {
  app.get(
    "/terminals/:address/track",
    {
      config: { action: "positions:read" },
      schema: {
        operationId: "track",
        tags: ["terminals"],
        description:
          "Where a terminal was, by its own fixes; nothing for one that is fixed to a place",
        params: Type.Object({ address: Address }),
        querystring: Type.Object(Range),
        response: { 200: Track, 404: Problem },
      },
    },
    async ({ params, query, reach }) => {
      const profile = await profileOf(devices, params.address, reach);
      const names = profiles.byName.get(profile)?.positionFields;
      if (names === undefined) return { points: [], truncated: false };
      const asked = {
        profile,
        address: params.address,
        fields: [names.latitude, names.longitude],
        ...range(query, clock.now()),
        limit: query.limit + 1,
      };
      const windows = await windowsOf({ assignments, billing }, params.address, reach);
      const rows = await historyWithin(telemetry, asked, windows);
      const points = rows.slice(-query.limit).flatMap(({ timeNs, values }) => {
        const latitude = values[names.latitude];
        const longitude = values[names.longitude];
        if (typeof latitude !== "number" || typeof longitude !== "number") return [];
        return [{ time: isoTime(timeNs), latitude, longitude, source: "terminal" }];
      });
      return { points, truncated: rows.length > query.limit };
    },
  );
};

/**
 * When it was within reach; what was measured at any other time stays hidden. Throws a NotAllowedError where dunning has
 * cut the history of one within reach who holds the terminal: a former holder keeps its own.
 */
export async function windowsOf(
  { assignments, billing }: Pick<ApiReads, "assignments" | "billing">,
  address: number,
  reach: Reach,
): Promise<"always" | readonly Window[]> {
  if (reach === "all") return "always";
  if (await billing.dunning.isHistoryCut(address, reach))
    throw new NotAllowedError("the history is not shown until the overdue invoices are paid");
  return readableWindows(reach, (await assignments.held([address])).get(address) ?? []);
}

export async function profileOf(devices: Devices, address: number, reach: Reach): Promise<string> {
  const device = await devices.find(address, reach);
  if (device === undefined) throw new NotFoundError("terminal", String(address));
  return device.profile;
}

const fieldNames = (profiles: Profiles, profile: string): ReadonlySet<string> =>
  new Set(
    profiles.byName.get(profile)?.reports.flatMap(({ fields }) => fields.map(({ name }) => name)),
  );

/** The last day when nothing is said. */
function range(
  query: { from?: string; to?: string },
  nowMs: number,
): Pick<HistoryQuery, "fromNs" | "toNs"> {
  const toNs =
    query.to === undefined ? BigInt(nowMs + 60_000) * NS_PER_MS : parseTime("to", query.to);
  const fromNs =
    query.from === undefined ? toNs - BigInt(DAY_MS) * NS_PER_MS : parseTime("from", query.from);
  return { fromNs, toNs };
}
