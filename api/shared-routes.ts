import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { streetsOf } from "../domain/recovery/streets.ts";
import { languageOf } from "./plain-page.ts";
import type { ApiReads } from "./reads.ts";
import { goneSharedPage, sharedPage } from "./shared-page.ts";

const Page = Type.String({ description: "a page for a person" });
/** An open page looks six times a minute; several may do so behind one address. */
const LOOKS = { max: 120, timeWindow: 60_000 };

/** Where the link leads that whoever looks for a stolen vehicle was given: read only, and without signing in. */
export const sharedRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { links }, map, clock },
) => {
  const streets = streetsOf(map.streets);
  app.get(
    "/shared/:token",
    {
      config: { action: "public", rateLimit: LOOKS },
      exposeHeadRoute: false, // looking is counted
      schema: {
        operationId: "sharedRecovery",
        tags: ["recovery"],
        description:
          "A stolen vehicle and where it has been since; each look is counted and in the audit log. 404 when the link is expired, revoked or unknown",
        params: Type.Object({ token: Type.String({ maxLength: 100 }) }),
        response: { 200: Page, 404: Page },
      },
    },
    async (request, reply) => {
      const { params, ip, headers } = request;
      const nowMs = clock.now();
      const language = languageOf(headers["accept-language"]);
      const shared = await links.look(params.token, { ip, atMs: nowMs });
      return reply
        .code(shared === undefined ? 404 : 200)
        .header("content-type", "text/html; charset=utf-8")
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer") // the address is the proof
        .serializer(String)
        .send(
          shared === undefined
            ? goneSharedPage(language)
            : sharedPage({ shared, streets, language, nowMs }),
        );
    },
  );
};
