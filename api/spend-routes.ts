import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { ALERTS_MAX, QUOTA_METRICS, QUOTAS_MAX } from "../domain/billing/spend.ts";
import type { StoredSpendRules } from "../domain/billing/spending.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Id, LineView, Money, Month, nullable } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["billing"];
const Params = Type.Object({ id: Id });
const rules = {
  isPrepaid: Type.Boolean({ description: "at nothing left all but emergencies stops" }),
  lowBalance: { ...Money, description: "of a prepaid account: below it somebody is told" },
  alerts: Type.Array(Money, {
    ...{ maxItems: ALERTS_MAX, description: "gross amounts of a month that somebody is told at" },
  }),
  quotas: Type.Array(
    Type.Object(
      {
        metric: Type.Enum([...QUOTA_METRICS]),
        units: Type.Integer({ description: "of a calendar month" }),
        isStop: Type.Boolean({ description: "reports stop for the rest of the month" }),
      },
      closed,
    ),
    { maxItems: QUOTAS_MAX },
  ),
};
const RulesView = Type.Object({
  ...rules,
  version: Type.Integer({ description: "0: there are none" }),
});
const rulesView = (one: StoredSpendRules): Static<typeof RulesView> => ({
  ...one,
  alerts: [...one.alerts],
  quotas: [...one.quotas],
});

const SpendView = Type.Object({
  customerId: Id,
  month: Month,
  currency: Currency,
  gross: { ...Money, description: "what the month has come to so far" },
  units: Type.Object({ reports: Type.Integer(), bytes: Type.Integer(), sms: Type.Integer() }),
  available: { ...Money, description: "paid and not used yet; below zero it is owed" },
  lines: Type.Array(LineView),
  parked: nullable(Type.String({ description: "why the close would park the account" })),
  isWalletEmpty: Type.Boolean(),
  isQuotaUsedUp: Type.Boolean(),
});

export const spendRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { spending }, clock },
) => {
  app.get(
    "/customers/:id/spend",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "spend",
        tags,
        description: "What an account has come to and is not invoiced for, as of now",
        params: Params,
        response: { 200: SpendView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await spending.running(id, reach, clock.now());
      if (found === undefined) throw new NotFoundError("billing account", id);
      return { ...found, lines: [...found.lines] };
    },
  );

  app.get(
    "/customers/:id/spend-rules",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "spendRules",
        tags,
        description: "Alerts, quotas and the prepaid wallet of an account",
        params: Params,
        response: { 200: RulesView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const found = await spending.rules(id, reach);
      if (found === undefined) throw new NotFoundError("billing account", id);
      sendVersion(reply, found.version);
      return rulesView(found);
    },
  );

  app.put(
    "/customers/:id/spend-rules",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "putSpendRules",
        tags,
        description: "Looked at within two seconds of a packet, from the next look on",
        params: Params,
        body: Type.Object(rules, closed),
        response: { 200: RulesView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { customerId: request.params.id, version: versionAsked(request) };
      const after = await spending.putRules(at, request.body, actOf(request, clock.now()));
      sendVersion(reply, after.version);
      return rulesView(after);
    },
  );
};
