import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { UnavailableError } from "../base/errors.ts";
import { type PayPage, payPage } from "./pay-page.ts";
import { NOTICES } from "./payment-order-routes.ts";
import { languageOf, takesFormsWithoutFields } from "./plain-page.ts";
import type { ApiReads } from "./reads.ts";

const params = Type.Object({ id: Type.String({ maxLength: 100 }) });
const Page = Type.String({ description: "a page for a person" });
const LOOKS = { max: 60, timeWindow: 60_000 };

/**
 * Where a payer pays at the provider of the demonstration, who tells our webhook over HTTP as any other does. There is
 * nothing here where another provider takes the money, or none.
 */
export const payRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { paying: { orders, demo }, clock },
) => {
  takesFormsWithoutFields(app);
  const schema = { tags: ["billing"], params, response: { 200: Page, 404: Page } };
  const find = (id: string) =>
    demo === undefined ? Promise.resolve(undefined) : orders.find(id, "all");

  app.get(
    "/pay/:id",
    {
      config: { action: "public", rateLimit: LOOKS },
      schema: {
        ...schema,
        operationId: "lookAtPayment",
        description: "What the demonstration's provider asks of a payer",
      },
    },
    async ({ params: { id }, headers }, reply) =>
      show(reply, {
        order: await find(id),
        language: languageOf(headers["accept-language"]),
      }),
  );

  app.post(
    "/pay/:id",
    {
      config: { action: "public", rateLimit: LOOKS },
      schema: {
        ...schema,
        operationId: "payAtDemonstration",
        description: "The payer's word; again it changes nothing",
        querystring: Type.Object({ kind: Type.Enum(["paid", "failed"]) }),
      },
    },
    async ({ params: { id }, query: { kind }, headers }, reply) => {
      const order = await find(id);
      if (order !== undefined && demo !== undefined) {
        const { headers: signed, body } = demo.notify(order, kind, clock.now());
        const { statusCode } = await app.inject({
          ...{ method: "POST", url: NOTICES, payload: body },
          headers: { ...signed, "content-type": "application/json" },
        });
        if (statusCode !== 204)
          throw new UnavailableError(`the webhook answered ${statusCode}: try it again`);
      }
      return show(reply, {
        order: await find(id),
        language: languageOf(headers["accept-language"]),
      });
    },
  );
};

const show = (reply: FastifyReply, page: PayPage): FastifyReply =>
  reply
    .code(page.order === undefined ? 404 : 200)
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .serializer(String)
    .send(payPage(page));
