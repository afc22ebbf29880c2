import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import type { Chosen } from "../domain/devices/groups.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import {
  ChosenBody,
  filterOf,
  GroupEditBody,
  GroupId,
  GroupList,
  GroupView,
  groupView,
  MembersChanged,
  NewGroupBody,
  READ_REFUSALS,
  WRITE_REFUSALS,
} from "./stock-views.ts";

const tags = ["groups"];
const IdParams = Type.Object({ id: GroupId });

export const groupRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { groups }) => {
  app.get(
    "/groups",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groups",
        tags,
        description:
          "Groups of terminals that are paged together; `GET /api/stock?groupId=…` lists members",
        querystring: Type.Object({
          search: Type.Optional(Type.String({ maxLength: 100 })),
          ...Paging,
        }),
        response: { 200: GroupList, ...READ_REFUSALS },
      },
    },
    async ({ query: { search, cursor, limit } }) => {
      const after = parseCursor(cursor, parseGroupCursor);
      const items = await groups.list({ search, after, limit: limit + 1 });
      const last = items.length > limit ? items[limit - 1] : undefined;
      return {
        items: items.slice(0, limit).map(groupView),
        nextCursor: last === undefined ? null : `${last.id}.${encodeURIComponent(last.name)}`,
      };
    },
  );

  app.get(
    "/groups/:id",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "group",
        tags,
        description: "One group and how many are in it",
        params: IdParams,
        response: { 200: GroupView, ...READ_REFUSALS },
      },
    },
    async ({ params }, reply) => {
      const group = await groups.find(params.id);
      if (group === undefined) throw new NotFoundError("group", String(params.id));
      sendVersion(reply, group.version);
      return groupView(group);
    },
  );
};

export const groupWriteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groups, clock },
) => {
  app.post(
    "/groups",
    {
      config: { action: "groups:write" },
      schema: {
        operationId: "createGroup",
        tags,
        description: "A group more, without members yet",
        body: NewGroupBody,
        response: { 201: GroupView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { name, note = "", customerId = null, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      const group = await groups.create({ name, note, customerId }, act);
      sendVersion(reply, group.version);
      return reply.code(201).send(groupView(group));
    },
  );

  app.patch(
    "/groups/:id",
    {
      config: { action: "groups:write" },
      schema: {
        operationId: "editGroup",
        tags,
        description: "Changes a group's name or note",
        params: IdParams,
        body: GroupEditBody,
        response: { 200: GroupView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...edit } = request.body;
      const act = actOf(request, clock.now(), reason);
      const group = await groups.edit(request.params.id, edit, act, versionAsked(request));
      sendVersion(reply, group.version);
      return groupView(group);
    },
  );

  app.delete(
    "/groups/:id",
    {
      config: { action: "groups:write" },
      schema: {
        operationId: "deleteGroup",
        tags,
        description: "The group alone; its terminals stay what they are",
        params: IdParams,
        response: { 204: Type.Null(), ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      await groups.delete(request.params.id, actOf(request, clock.now()), versionAsked(request));
      return reply.code(204).send(null);
    },
  );
};

export const groupMemberRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groups, clock },
) => {
  for (const verb of ["add", "remove"] as const) {
    app.post(
      `/groups/:id/members/${verb}`,
      {
        config: { action: "groups:write" },
        schema: {
          operationId: `${verb}GroupMembers`,
          tags,
          description: "These terminals, or all that the filter finds",
          params: IdParams,
          body: ChosenBody,
          response: { 200: MembersChanged, ...WRITE_REFUSALS },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const act = actOf(request, clock.now(), request.body.reason);
        const changed = await groups[verb](id, chosenOf(request.body), act);
        const group = await groups.find(id);
        if (group === undefined) throw new NotFoundError("group", String(id));
        sendVersion(reply, group.version);
        return { changed, group: groupView(group) };
      },
    );
  }
};

function chosenOf({ addresses, filter }: Static<typeof ChosenBody>): Chosen {
  if (addresses !== undefined && filter === undefined) return { addresses };
  if (filter !== undefined && addresses === undefined) return { filter: filterOf(filter) };
  throw new InvalidInputError("addresses", "Give either addresses or a filter");
}

function parseGroupCursor(text: string) {
  const match = /^(\d{1,10})\.([A-Za-z0-9%_.!~*'()-]*)$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  try {
    const name = decodeURIComponent(match[2]);
    return name.includes("\0") ? undefined : { id: Number(match[1]), name };
  } catch {
    return undefined; // no cursor of ours
  }
}
