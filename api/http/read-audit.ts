import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";
import type { Read, ReadingAudit } from "../../domain/identity/reading-audit.ts";
import { actOf, type RouteAction } from "./caller.ts";

/** What tells where terminals are or were. */
const TELLING: ReadonlySet<RouteAction> = new Set<RouteAction>([
  "positions:read",
  "packets:read",
  "live:read",
]);
const ONE_TERMINAL = "/api/terminals/:address";

/** Reading positions is noted, and reading which keys there are, whatever the answer will be. */
export function noteReadings(app: FastifyInstance, readings: ReadingAudit, clock: Clock): void {
  app.addHook("preHandler", async (request) => {
    const read = readBy(request);
    if (read === undefined || request.caller === undefined) return;
    await readings.note(request.caller, read, actOf(request, clock.now()));
  });
}

function readBy({ routeOptions, params, query }: FastifyRequest): Read | undefined {
  const { action } = routeOptions.config;
  if (action === undefined) return undefined;
  if (action === "keys:read") return { keys: "all" };
  const isOne = routeOptions.url === ONE_TERMINAL && action === "terminals:read";
  if (!TELLING.has(action) && !isOne) return undefined;
  const terminal = numberIn(params, "address") ?? numberIn(query, "terminal");
  return terminal === undefined ? { many: action } : { terminal };
}

function numberIn(values: unknown, name: string): number | undefined {
  if (typeof values !== "object" || values === null || !(name in values)) return undefined;
  const value: unknown = Object.entries(values).find(([key]) => key === name)?.[1];
  return typeof value === "number" ? value : undefined; // the schema made it one
}
