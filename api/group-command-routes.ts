import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { formatCommandCursor, parseCommandCursor } from "../domain/commands/commands.ts";
import type { MemberState } from "../domain/groups/roll-call.ts";
import { REFUSALS } from "./asset-routes.ts";
import { CommandId } from "./command-views.ts";
import {
  GroupCommandDetailView,
  GroupCommandList,
  GroupOutlookView,
  groupCommandDetailView,
  groupCommandView,
  groupOutlookView,
  MemberStateView,
  NewGroupCommandBody,
  RollView,
  rollEntryView,
} from "./group-command-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { GroupId } from "./stock-views.ts";

const tags = ["groups"];
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem };
const GroupParams = Type.Object({ id: GroupId });
const CommandParams = Type.Object({ id: CommandId });

export const groupCommandRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groupCommands },
) => {
  app.get(
    "/group-commands",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groupCommands",
        tags,
        description: "What groups were told, the newest first",
        querystring: Type.Object({
          group: Type.Optional(GroupId),
          open: Type.Optional(Type.Boolean({ description: "true: not over yet" })),
          ...Paging,
        }),
        response: { 200: GroupCommandList, ...READ_REFUSALS },
      },
    },
    async ({ query: { group, open, cursor, limit } }) => {
      const after = parseCursor(cursor, parseCommandCursor);
      const found = await groupCommands.list({ groupId: group, open, after, limit: limit + 1 });
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map(groupCommandView),
        nextCursor: last
          ? formatCommandCursor({ createdMs: last.createdAt.getTime(), id: last.id })
          : null,
      };
    },
  );

  app.get(
    "/group-commands/:id",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groupCommand",
        tags,
        description: "One of them with its roll call counted and the evidence of each step",
        params: CommandParams,
        response: { 200: GroupCommandDetailView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { id } }) => {
      const command = await groupCommands.find(id);
      if (!command) throw new NotFoundError("group command", id);
      return groupCommandDetailView(command);
    },
  );
};

export const groupOutlookRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groupCommands, clock },
) => {
  app.get(
    "/groups/:id/outlook",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groupOutlook",
        tags,
        description:
          "What a page to the group would be like now: who holds its key, by which gateways, how long the roll call takes",
        params: GroupParams,
        response: { 200: GroupOutlookView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { id } }) => groupOutlookView(await groupCommands.outlook(id, clock.now())),
  );
};

const ROLL_MAX = 1_000;

export const groupRollRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groupCommands },
) => {
  app.get(
    "/group-commands/:id/roll",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "groupRoll",
        tags,
        description: "The ledger of a roll call: who answered, who did not, since when; by address",
        params: CommandParams,
        querystring: Type.Object({
          state: Type.Optional(MemberStateView),
          cursor: Type.Optional(Type.String({ maxLength: 20 })),
          limit: Type.Integer({ minimum: 1, maximum: ROLL_MAX, default: ROLL_MAX }),
        }),
        response: { 200: RollView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { id }, query: { state, cursor, limit } }) => {
      const states: readonly MemberState[] | undefined = state && [state];
      const after = parseCursor(cursor, parseAddress);
      const found = await groupCommands.roll({ id, states, after, limit: limit + 1 });
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map(rollEntryView),
        nextCursor: last === undefined ? null : String(last.address),
      };
    },
  );
};

const parseAddress = (text: string): number | undefined =>
  /^\d{1,10}$/.test(text) ? Number(text) : undefined;

const DEEDS = [
  ["approve", "commands:approve", "approveGroupCommand", "Approves it as the second person"],
  ["reject", "commands:approve", "rejectGroupCommand", "Does not approve it"],
  [
    "withdraw",
    "groups:command",
    "withdrawGroupCommand",
    "Takes it back: at once while no page is out; after that nothing further is begun and the roll call tells who has done it",
  ],
] as const;

export const groupCommandSendRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { groupCommands, clock },
) => {
  app.post(
    "/groups/:id/commands",
    {
      config: { action: "groups:command" },
      schema: {
        operationId: "createGroupCommand",
        tags,
        description:
          "Tells a group something by one page for each gateway of its zones, with a roll call. What needs a second person stays `drafted` until somebody approves it",
        params: GroupParams,
        body: NewGroupCommandBody,
        response: { 201: GroupCommandDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { name, note = "", place = null, drill = false, catchUp = true } = request.body;
      const { expiryS, arguments: given = {} } = request.body;
      const act = actOf(request, clock.now(), note === "" ? undefined : note);
      const asked = { groupId: request.params.id, name, note, place, isDrill: drill, catchUp };
      const command = await groupCommands.create({ ...asked, expiryS, arguments: given }, act);
      return reply.code(201).send(groupCommandDetailView(command));
    },
  );

  for (const [verb, action, operationId, description] of DEEDS)
    app.post(
      `/group-commands/:id/${verb}`,
      {
        config: { action },
        schema: {
          ...{ operationId, tags, description, params: CommandParams },
          body: Type.Object({ reason: Reason }, { additionalProperties: false }),
          response: { 200: GroupCommandDetailView, ...REFUSALS },
        },
      },
      async (request) => {
        const act = actOf(request, clock.now(), request.body.reason);
        return groupCommandDetailView(await groupCommands.does(request.params.id, verb, act));
      },
    );
};
