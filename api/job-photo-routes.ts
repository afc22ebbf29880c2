import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import { PHOTO_BYTES_MAX, type Photo } from "../domain/provisioning/provisioning.ts";
import { actOf } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { JobId } from "./job-routes.ts";
import type { ApiReads } from "./reads.ts";

const PhotoParams = Type.Object({
  id: JobId,
  photoId: Type.String({ pattern: "^[0-9a-zA-Z-]{8,64}$" }),
});

/** How an image of each kind begins; what it is called does not make it one. */
const BEGINNINGS: readonly (readonly [Photo["mediaType"], readonly number[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
];

/** Photos and signatures, as their bytes. */
export const jobPhotoRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { provisioning, clock },
) => {
  app.addContentTypeParser(
    BEGINNINGS.map(([type]) => type),
    { parseAs: "buffer", bodyLimit: PHOTO_BYTES_MAX },
    (
      _request: FastifyRequest,
      body: string | Uint8Array,
      done: (error: null, body: unknown) => void,
    ) => {
      done(null, body);
    },
  );

  app.put(
    "/jobs/:id/photos/:photoId",
    {
      config: { action: "jobs:write" },
      schema: {
        operationId: "putPhoto",
        tags: ["provisioning"],
        description:
          "A photo or signature as image/jpeg, image/png or image/webp; sent again it is the same",
        params: PhotoParams,
        response: { 204: Type.Null(), 400: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { id, photoId } = request.params;
      const act = actOf(request, clock.now());
      await provisioning.putPhoto(id, photoId, photoOf(request.body), act);
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/jobs/:id/photos/:photoId",
    {
      config: { action: "jobs:read" },
      schema: {
        operationId: "photo",
        tags: ["provisioning"],
        description: "The image's bytes",
        params: PhotoParams,
        response: { 200: Type.Unknown({ description: "the image" }), 404: Problem },
      },
    },
    async ({ params }, reply) => {
      const photo = await provisioning.photo(params.id, params.photoId);
      if (photo === undefined) throw new NotFoundError("photo", params.photoId);
      return reply.type(photo.mediaType).header("content-disposition", "inline").send(photo.bytes);
    },
  );
};

function photoOf(body: unknown): Photo {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const kind = BEGINNINGS.find(([, beginning]) => beginning.every((byte, i) => bytes[i] === byte));
  if (kind === undefined)
    throw new InvalidInputError("body", "The body must be a JPEG, PNG or WebP image");
  return { mediaType: kind[0], bytes };
}
