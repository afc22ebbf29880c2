import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { GRADES } from "../domain/billing/credit-grade.ts";
import { CUTS, STEPS_MAX } from "../domain/billing/dunning.ts";
import {
  DUNNING_EVENTS,
  type DunnedAccount,
  type DunningDetail,
  type StoredDunningPolicy,
} from "../domain/billing/dunning-desk.ts";
import { SERVICE_CLASSES } from "../domain/billing/plan.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Day, Id, Money, nullable, Time } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address, page } from "./views.ts";

const tags = ["billing"];
const Params = Type.Object({ id: Id });
const CutName = Type.Enum([...CUTS], {
  description: "each goes with all before it; emergencies are never cut",
});
const byGrade = (description: string) =>
  Type.Object(
    { A: Type.Integer(), B: Type.Integer(), C: Type.Integer(), D: Type.Integer() },
    { ...closed, description },
  );
const step = {
  afterDays: Type.Integer({ description: "after the oldest open invoice was due" }),
  fee: { ...Money, description: "net, by a debit note; 0: none" },
  cuts: Type.Object({ security: CutName, convenience: CutName }, closed),
};
const Policy = Type.Object(
  {
    currency: nullable({
      ...Currency,
      description: "of `least` and the fees: accounts in another have neither",
    }),
    steps: Type.Array(Type.Object(step, closed), { minItems: 1, maxItems: STEPS_MAX }),
    least: { ...Money, description: "what is overdue below it is left alone" },
    graceDays: byGrade("days more for each step"),
    depositMonths: byGrade("months of fees that are asked for as a deposit"),
  },
  closed,
);
const PolicyView = Type.Object({
  ...Policy.properties,
  legalEntityId: Id,
  version: Type.Integer({ description: "0: nobody has changed what holds by itself" }),
});
const policyView = (one: StoredDunningPolicy): Static<typeof PolicyView> => ({
  ...one,
  steps: [...one.steps],
});

const StepView = Type.Object({
  ...step,
  step: Type.Integer(),
  on: { ...Day, description: "when it comes if nothing is paid" },
});
const account = {
  customerId: Id,
  customerName: Type.String(),
  currency: Currency,
  grade: nullable(Type.Enum([...GRADES])),
  debt: nullable(Type.Object({ dueOn: Day, amount: Money })),
  step: Type.Integer({ description: "0: none" }),
  steppedOn: nullable(Day),
  heldUntil: nullable(Day),
  heldReason: nullable(Type.String()),
  isReachable: Type.Boolean({ description: "nobody can be told else, and nothing is cut" }),
  next: nullable(StepView),
};
const AccountView = Type.Object(account);
const DetailView = Type.Object({
  ...account,
  credit: Type.Object({
    grade: nullable(Type.Enum([...GRADES], { description: "null: nothing was due yet" })),
    invoiced: { ...Money, description: "in 24 months, due or paid, less what was credited" },
    collected: Money,
    days: Type.Integer({ description: "from the issue to the payment, weighted by amount" }),
    depositMonths: Type.Integer(),
  }),
  outlook: Type.Array(StepView),
  terminals: Type.Array(
    Type.Object({
      address: Address,
      name: Type.String(),
      serviceClass: Type.Enum([...SERVICE_CLASSES]),
      cut: CutName,
      cuts: Type.Array(CutName, { description: "after each step of the policy" }),
    }),
  ),
  events: Type.Array(
    Type.Object({
      at: Time,
      kind: Type.Enum([...DUNNING_EVENTS]),
      step: Type.Integer(),
      overdue: Money,
      feeNoteId: nullable(Id),
      byName: Type.String(),
      reason: nullable(Type.String()),
    }),
  ),
});

const accountView = (one: DunnedAccount): Static<typeof AccountView> => one;
const detailView = (one: DunningDetail): Static<typeof DetailView> => ({
  ...one,
  outlook: [...one.outlook],
  terminals: one.terminals.map((terminal) => ({ ...terminal, cuts: [...terminal.cuts] })),
  events: one.events.map((event) => ({ ...event, at: event.at.toISOString() })),
});

export const dunningPolicyRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { dunning }, clock },
) => {
  app.get(
    "/billing/entities/:id/dunning",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "dunningPolicy",
        tags,
        description: "How a legal entity goes after what is overdue",
        params: Params,
        response: { 200: PolicyView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const found = await dunning.policy(request.params.id);
      sendVersion(reply, found.version);
      return policyView(found);
    },
  );

  app.put(
    "/billing/entities/:id/dunning",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "putDunningPolicy",
        tags,
        description: "Holds from the next round on, for accounts that are on a step already, too",
        params: Params,
        body: Policy,
        response: { 200: PolicyView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { legalEntityId: request.params.id, version: versionAsked(request) };
      const after = await dunning.putPolicy(at, request.body, actOf(request, clock.now()));
      sendVersion(reply, after.version);
      return policyView(after);
    },
  );
};

export const dunningRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { dunning }, clock },
) => {
  app.get(
    "/billing/dunning",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "dunningBoard",
        tags,
        description: "Accounts with anything overdue or still on a step, each with what comes next",
        querystring: Type.Object(Paging),
        response: { 200: page(AccountView), ...REFUSALS },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const items = await dunning.board({ after: cursor, limit, nowMs: clock.now() });
      const last = items.at(-1);
      return {
        items: items.map(accountView),
        nextCursor: items.length < limit || last === undefined ? null : last.customerId,
      };
    },
  );

  app.get(
    "/billing/dunning/:id",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "dunningOf",
        tags,
        description:
          "A customer's credit grade and dunning: what each step would take from which terminal, and when",
        params: Params,
        response: { 200: DetailView, ...REFUSALS },
      },
    },
    async ({ params: { id } }) => {
      const found = await dunning.find(id, clock.now());
      if (found === undefined) throw new NotFoundError("billing account", id);
      return detailView(found);
    },
  );

  app.post(
    "/billing/dunning/:id/hold",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "holdDunning",
        tags,
        description: "Takes no further step before that day; null lets it go on",
        params: Params,
        body: Type.Object(
          { until: nullable(Day), reason: Type.String({ minLength: 1, maxLength: 500 }) },
          closed,
        ),
        response: { 200: DetailView, ...REFUSALS },
      },
    },
    async (request) => {
      const act = actOf(request, clock.now(), request.body.reason);
      return detailView(await dunning.hold(request.params.id, request.body, act));
    },
  );
};
