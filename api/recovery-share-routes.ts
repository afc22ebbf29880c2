import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { LANGUAGES } from "../domain/notifications/occasion.ts";
import { packFileName } from "../domain/recovery/recoveries.ts";
import { LINK_HOURS } from "../domain/recovery/recovery.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf } from "./http/caller.ts";
import type { ApiReads } from "./reads.ts";
import { RecoveryParams } from "./recovery-routes.ts";
import { LinkView, linkView, PackView, packView } from "./recovery-views.ts";

const tags = ["recovery"];
const Id = Type.String({ minLength: 1, maxLength: 64 });
const LinkParams = Type.Object({ id: Id, link: Id });
const PackParams = Type.Object({ id: Id, pack: Id });

/** Links for whoever looks for a vehicle and does not sign in. */
export const recoveryLinkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { links }, clock },
) => {
  app.post(
    "/recoveries/:id/links",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "shareRecovery",
        tags,
        description:
          "A link to a page that shows this vehicle and nothing else, without signing in; its path is told this once",
        params: RecoveryParams,
        body: Type.Object(
          {
            label: Type.String({ minLength: 1, maxLength: 100, description: "for whom it is" }),
            hours: Type.Integer({
              minimum: LINK_HOURS.min,
              maximum: LINK_HOURS.max,
              default: LINK_HOURS.default,
            }),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ path: Type.String(), link: LinkView }), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now());
      const made = await links.make(request.params.id, request.body, act, request.reach);
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ path: `/shared/${made.token}`, link: linkView(made.link) });
    },
  );

  app.post(
    "/recoveries/:id/links/:link/revoke",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "revokeRecoveryLink",
        tags,
        description: "From now on it leads nowhere",
        params: LinkParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { id, link } = request.params;
      await links.revoke(id, link, actOf(request, clock.now()), request.reach);
      return reply.code(204).send(null);
    },
  );
};

/** What a court is given. */
export const recoveryPackRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { packs }, clock },
) => {
  app.post(
    "/recoveries/:id/packs",
    {
      config: { action: "recovery:write" },
      schema: {
        operationId: "makeEvidencePack",
        tags,
        description:
          "Everything of the case up to now as a PDF, signed with the operator's Ed25519 key",
        params: RecoveryParams,
        body: Type.Object(
          { language: Type.Enum([...LANGUAGES], { default: "en" }) },
          { additionalProperties: false },
        ),
        response: { 201: PackView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { params, body, reach } = request;
      const act = actOf(request, clock.now());
      return reply.code(201).send(packView(await packs.make(params.id, body.language, act, reach)));
    },
  );

  for (const [ending, operationId, type, description] of [
    ["pdf", "evidencePdf", "application/pdf", "The pack as it was signed"],
    [
      "sig",
      "evidenceSignature",
      "application/json",
      "Its detached signature: npm run verify-evidence checks it",
    ],
  ] as const)
    app.get(
      `/recoveries/:id/packs/:pack/${ending}`,
      {
        config: { action: "recovery:read" },
        schema: {
          ...{ operationId, tags, description, produces: [type], params: PackParams },
          response: { 200: Type.Unknown({ description: ending.toUpperCase() }), ...REFUSALS },
        },
      },
      async ({ params: { id, pack }, reach }, reply) => {
        const { pdf, signatureFile } = await packs.read(id, pack, reach);
        const name = `${packFileName(id, pack)}.${ending}`;
        reply.type(type).header("content-disposition", `attachment; filename="${name}"`);
        return ending === "pdf" ? reply.send(pdf) : reply.serializer(String).send(signatureFile);
      },
    );
};

export const evidenceKeyRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { recovery: { packs } },
) => {
  app.get(
    "/evidence-key",
    {
      config: { action: "public" },
      schema: {
        operationId: "evidenceKey",
        tags,
        description:
          "The operator's public key (Ed25519, PEM) that evidence packs are checked with",
        response: {
          200: Type.Object({
            algorithm: Type.Literal("Ed25519"),
            publicKey: Type.String(),
            fingerprint: Type.String({ description: "SHA-256 of the key (SPKI, DER)" }),
          }),
        },
      },
    },
    async () => {
      const { pem, fingerprint } = await packs.publicKey();
      return { algorithm: "Ed25519" as const, publicKey: pem, fingerprint };
    },
  );
};
