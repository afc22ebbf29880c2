import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { type AcknowledgePage, acknowledgePage } from "./acknowledge-page.ts";
import { languageOf, takesFormsWithoutFields } from "./plain-page.ts";
import type { ApiReads } from "./reads.ts";

const params = Type.Object({ token: Type.String({ maxLength: 500 }) });
const Page = Type.String({ description: "a page for a person" });
const LOOKS = { max: 60, timeWindow: 60_000 };

/**
 * Where the link in a message leads. Looking changes nothing, since programs that scan mail follow every link; only the
 * button acknowledges. It works without signing in and without script.
 */
export const acknowledgeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { notifications: { links } },
) => {
  takesFormsWithoutFields(app);
  const schema = { tags: ["notifications"], params, response: { 200: Page, 404: Page } };
  app.get(
    "/acknowledge/:token",
    {
      config: { action: "public", rateLimit: LOOKS },
      schema: {
        ...schema,
        operationId: "lookAtAcknowledgement",
        description: "The alarm that a signed link is for, with a button",
      },
    },
    async (request, reply) => {
      const alarm = await links.look(request.params.token);
      const step = alarm === undefined ? "gone" : alarm.acknowledgedAtMs === null ? "ask" : "done";
      return show(reply, { alarm, step, language: languageOf(request.headers["accept-language"]) });
    },
  );
  app.post(
    "/acknowledge/:token",
    {
      config: { action: "public", rateLimit: LOOKS },
      schema: {
        ...schema,
        operationId: "acknowledgeByLink",
        description: "Acknowledges that alarm; again it changes nothing",
      },
    },
    async (request, reply) => {
      const alarm = await links.acknowledge(request.params.token);
      const step = alarm === undefined ? "gone" : "done";
      return show(reply, { alarm, step, language: languageOf(request.headers["accept-language"]) });
    },
  );
};

const show = (reply: FastifyReply, page: AcknowledgePage): FastifyReply =>
  reply
    .code(page.step === "gone" ? 404 : 200)
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer") // the address is the proof
    .serializer(String)
    .send(acknowledgePage(page));
