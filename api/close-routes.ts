import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { CloseRun } from "../domain/billing/closes.ts";
import { REFUSALS } from "./asset-routes.ts";
import { CloseRunView, Currency, closed, Id, Money, Month, nullable } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { Paging } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { page } from "./views.ts";

const tags = ["billing"];
const RUNS_MAX = 100;
const State = Type.Enum(["waiting", "drafted", "empty", "parked"]);
const RunParams = Type.Object({ id: Id });

const AccountView = Type.Object({
  customerId: Id,
  customerName: Type.String(),
  state: State,
  reason: nullable(
    Type.String({
      description: "currency, tax-rate, too-high, quantity, fault; discarded: its draft was",
    }),
  ),
  detail: nullable(Type.String()),
  invoiceId: nullable(Id),
  gross: nullable(Money),
  currency: Currency,
});

const runView = (run: CloseRun): Static<typeof CloseRunView> => ({
  ...run,
  totals: [...run.totals],
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
});

export const closeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { closes } },
) => {
  app.get(
    "/billing/closes",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "closes",
        tags,
        description: "Month closes and dry runs, the newest first",
        response: { 200: Type.Object({ items: Type.Array(CloseRunView) }), ...REFUSALS },
      },
    },
    async () => ({ items: (await closes.list(RUNS_MAX)).map(runView) }),
  );

  app.get(
    "/billing/closes/:id",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "close",
        tags,
        description: "How far it is",
        params: RunParams,
        response: { 200: CloseRunView, ...REFUSALS },
      },
    },
    async ({ params: { id } }) => {
      const run = await closes.find(id);
      if (run === undefined) throw new NotFoundError("month close", id);
      return runView(run);
    },
  );

  app.get(
    "/billing/closes/:id/accounts",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "closeAccounts",
        tags,
        description: "What came of each account, and why it is parked",
        params: RunParams,
        querystring: Type.Object({ state: Type.Optional(State), ...Paging }),
        response: { 200: page(AccountView), ...REFUSALS },
      },
    },
    async ({ params: { id }, query: { state, cursor, limit } }) => {
      const items = await closes.accounts(id, { state, after: cursor, limit });
      const nextCursor = items.length === limit ? (items.at(-1)?.customerId ?? null) : null;
      return { items: [...items], nextCursor };
    },
  );
};

export const closeWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { closes }, clock },
) => {
  app.post(
    "/billing/closes",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "startClose",
        tags,
        description:
          "Closes a month for all accounts of a legal entity and answers at once; asked again it answers the close that there is. A dry run keeps nothing but what each account would come to",
        body: Type.Object({ legalEntityId: Id, month: Month, dryRun: Type.Boolean() }, closed),
        response: { 202: CloseRunView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const run = await closes.start(request.body, actOf(request, clock.now()));
      return reply.code(202).header("location", `/api/billing/closes/${run.id}`).send(runView(run));
    },
  );

  app.post(
    "/billing/closes/:id/retry",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "retryClose",
        tags,
        description: "Looks once more at the accounts that are parked",
        params: RunParams,
        response: { 202: CloseRunView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const run = await closes.retry(request.params.id, actOf(request, clock.now()));
      return reply.code(202).send(runView(run));
    },
  );
};
