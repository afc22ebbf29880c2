import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { type Erasure, KEPT_REASONS, type Kept } from "../domain/customers/personal-data.ts";
import { OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import { iso } from "./customer-views.ts";
import { actOf } from "./http/caller.ts";
import { personalDataPage } from "./personal-data-page.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["customers"];
const Cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);

const PersonalDataView = Type.Object({
  customerId: Type.String(),
  takenAt: Type.String({ format: "date-time" }),
  sections: Type.Array(
    Type.Object({
      name: Type.String(),
      columns: Type.Array(Type.String()),
      rows: Type.Array(Type.Array(Cell)),
      truncated: Type.Boolean({ description: "there are more rows than are given" }),
    }),
  ),
});

const Counted = Type.Array(Type.Object({ table: Type.String(), count: Type.Integer() }));
const KeptView = Type.Array(
  Type.Object({
    reason: Type.Enum(Object.keys(KEPT_REASONS)),
    why: Type.String(),
    count: Type.Integer(),
    tables: Type.Array(Type.String()),
  }),
);
const SurveyView = Type.Object({
  erased: Counted,
  kept: KeptView,
  serving: Type.Array(Type.String(), {
    description: "serials of terminals that still serve it: while there is one, nothing is erased",
  }),
});
const ErasureView = Type.Object({
  id: Type.String(),
  byName: Type.String(),
  at: Type.String({ format: "date-time" }),
  erased: Counted,
  kept: KeptView,
});

const keptView = (kept: readonly Kept[]) =>
  kept.map(({ reason, count, tables }) => ({
    reason,
    why: KEPT_REASONS[reason],
    count,
    tables: [...tables],
  }));

const erasureView = (erasure: Erasure): Static<typeof ErasureView> => ({
  id: erasure.id,
  byName: erasure.byName,
  at: iso(erasure.atMs),
  erased: [...erasure.erased],
  kept: keptView(erasure.kept),
});

export const personalDataRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, personalData }, clock },
) => {
  app.get(
    "/customers/:id/personal-data",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "personalData",
        tags,
        description:
          "Everything that is held about a customer, for whoever asks for a copy; that it was read is kept in the audit log",
        params: OneCustomer,
        querystring: Type.Object({
          reason: Type.Optional(Type.String({ maxLength: 500 })),
          format: Type.Enum(["json", "html"], { default: "json" }),
        }),
        response: { 200: PersonalDataView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { id, number } = await requireCustomer(request, customers, request.params.id);
      const { reason, format } = request.query;
      const { sections, ...taken } = await personalData.takeOut(
        id,
        actOf(request, clock.now(), reason),
      );
      const name = `personal-data-${number.replaceAll(/[^\w-]/g, "_")}.${format}`;
      reply.header("content-disposition", `attachment; filename="${name}"`);
      reply.header("cache-control", "no-store");
      if (format === "html") {
        const html = personalDataPage(number, { ...taken, sections });
        return reply
          .type("text/html; charset=utf-8")
          .serializer(String)
          .send(html as never); // sent as it is, past the schema of the JSON
      }
      return {
        customerId: id,
        takenAt: iso(taken.takenAtMs),
        sections: sections.map((section) => ({
          name: section.name,
          columns: [...section.columns],
          rows: section.rows.map((row) => [...row]),
          truncated: section.truncated,
        })),
      };
    },
  );
};

export const erasureRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, personalData }, clock },
) => {
  app.get(
    "/customers/:id/erasure",
    {
      config: { action: "customers:erase" },
      schema: {
        operationId: "erasureSurvey",
        tags,
        description: "What an erasure would overwrite and what it would keep, and why",
        params: OneCustomer,
        response: {
          200: Type.Object({ ...SurveyView.properties, done: Type.Array(ErasureView) }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      const { erased, kept, serving } = await personalData.survey(id);
      const done = await personalData.erasures(id);
      return {
        erased: [...erased],
        kept: keptView(kept),
        serving: [...serving],
        done: done.map(erasureView),
      };
    },
  );

  app.post(
    "/customers/:id/erasure",
    {
      config: { action: "customers:erase" },
      schema: {
        operationId: "eraseCustomer",
        tags,
        description: "Overwrites what is personal, for ever; the answer says what stays and why",
        params: OneCustomer,
        body: Type.Object({
          number: Type.String({ maxLength: 40, description: "the customer's number, to confirm" }),
          reason: Type.String({ minLength: 1, maxLength: 500 }),
        }),
        response: { 201: ErasureView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { number, reason } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      const act = actOf(request, clock.now(), reason);
      return reply.code(201).send(erasureView(await personalData.erase(id, number, act)));
    },
  );
};
