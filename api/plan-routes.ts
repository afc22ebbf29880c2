import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { requireDay } from "../domain/billing/calendar.ts";
import { METRICS, type PlanSpec } from "../domain/billing/plan.ts";
import type { StoredPlan } from "../domain/billing/plans.ts";
import { PREVIEW_MONTHS_MAX, previewPlan, priceCurve } from "../domain/billing/preview.ts";
import { REFUSALS } from "./asset-routes.ts";
import {
  AddOns,
  closed,
  Day,
  Id,
  LineView,
  Money,
  Month,
  PlanSpecView,
  PlanView,
} from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["billing"];
const PlanList = Type.Object({ items: Type.Array(PlanView) });
const PLANS_AT_ONCE = 200;
const UNITS_MAX = 1e9;

const planView = (plan: StoredPlan): Static<typeof PlanView> => ({
  ...plan,
  spec: specView(plan.spec),
  madeAt: plan.madeAt.toISOString(),
});
/** The same thing, its lists free to be changed by whoever has the copy. */
const specView = (spec: PlanSpec): Static<typeof PlanSpecView> =>
  structuredClone(spec) as Static<typeof PlanSpecView>; // alike but for readonly

const Units = Type.Optional(Type.Integer({ minimum: 0, maximum: UNITS_MAX }));

const PreviewBody = Type.Object(
  {
    spec: PlanSpecView,
    startsOn: Day,
    months: Type.Integer({ minimum: 1, maximum: PREVIEW_MONTHS_MAX, default: 3 }),
    usage: Type.Object(
      { reports: Units, bytes: Units, commands: Units, "group-pages": Units, sms: Units },
      closed,
    ),
    addOns: AddOns,
    curve: Type.Optional(
      Type.Object(
        {
          metric: Type.Enum([...METRICS]),
          most: Type.Integer({ minimum: 1, maximum: UNITS_MAX }),
        },
        closed,
      ),
    ),
  },
  closed,
);
const PreviewView = Type.Object({
  curve: Type.Array(Type.Object({ units: Type.Integer(), net: Money }), {
    description: "what a whole month's use costs from none to `most` units, fees left out",
  }),
  months: Type.Array(Type.Object({ month: Month, net: Money, lines: Type.Array(LineView) })),
});

export const planRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { plans } },
) => {
  app.get(
    "/billing/plans",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "plans",
        tags,
        description:
          "The newest version of every plan, or with `code` all versions of one. What it answers can be saved again elsewhere: `items[].spec` is what the import takes",
        querystring: Type.Object({ code: Type.Optional(Type.String({ maxLength: 40 })) }),
        response: { 200: PlanList, ...REFUSALS },
      },
    },
    async ({ query }) => ({ items: (await plans.list(query.code)).map(planView) }),
  );

  app.get(
    "/billing/plans/:id",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "plan",
        tags,
        description: "One version of a plan",
        params: Type.Object({ id: Id }),
        response: { 200: PlanView, ...REFUSALS },
      },
    },
    async ({ params: { id } }) => {
      const plan = await plans.find(id);
      if (plan === undefined) throw new NotFoundError("plan", id);
      return planView(plan);
    },
  );
};

export const planWriteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { plans }, clock },
) => {
  app.post(
    "/billing/plans",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "savePlans",
        tags,
        description:
          "Saves plans, each as the next version of its code; all or none. Subscriptions keep the version they were sold with",
        body: Type.Object(
          { plans: Type.Array(PlanSpecView, { minItems: 1, maxItems: PLANS_AT_ONCE }) },
          closed,
        ),
        response: { 200: PlanList, ...REFUSALS },
      },
    },
    async (request) => ({
      items: (await plans.save(request.body.plans, actOf(request, clock.now()))).map(planView),
    }),
  );

  app.post(
    "/billing/plans/preview",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "previewPlan",
        tags,
        description:
          "What one subscription to a plan would be invoiced, month by month, before tax; nothing is saved",
        body: PreviewBody,
        response: { 200: PreviewView, ...REFUSALS },
      },
    },
    async ({ body: { spec, startsOn: day, curve, ...input } }) => {
      const startsOn = requireDay("startsOn", day);
      const months = previewPlan(spec, { ...input, startsOn });
      return {
        months: months.map(({ month, net, lines }) => ({ month, net, lines: [...lines] })),
        curve: curve === undefined ? [] : [...priceCurve(spec, { ...curve, startsOn })],
      };
    },
  );
};
