import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { formatCommandCursor, parseCommandCursor } from "../domain/commands/commands.ts";
import { REFUSALS } from "./asset-routes.ts";
import {
  CommandDetailView,
  CommandId,
  CommandList,
  CommandStateView,
  commandDetailView,
  commandView,
  NewCommandBody,
  OutlookView,
  outlookView,
  PageQueuesView,
  pageQueuesView,
  SafetyClassView,
} from "./command-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address } from "./views.ts";

const tags = ["commands"];
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem };
const CommandParams = Type.Object({ id: CommandId });

export const commandListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { commands }) => {
  app.get(
    "/commands",
    {
      config: { action: "commands:read" },
      schema: {
        operationId: "commands",
        tags,
        description: "Commands to terminals, the newest first",
        querystring: Type.Object({
          terminal: Type.Optional(Address),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          state: Type.Optional(CommandStateView),
          open: Type.Optional(Type.Boolean({ description: "true: not over yet" })),
          safetyClass: Type.Optional(SafetyClassView),
          name: Type.Optional(Type.String({ maxLength: 40 })),
          who: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 80,
              description: "part of the name of whoever asked or approved",
            }),
          ),
          ...Paging,
        }),
        response: { 200: CommandList, ...READ_REFUSALS },
      },
    },
    async ({ query, reach }) => {
      const { terminal, customer, cursor, ...rest } = query;
      const { items, next } = await commands.list({
        ...rest,
        reach,
        address: terminal,
        customerId: customer,
        after: parseCursor(cursor, parseCommandCursor),
      });
      return {
        items: items.map(commandView),
        nextCursor: next ? formatCommandCursor(next) : null,
      };
    },
  );
};

export const commandRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { commands, clock },
) => {
  app.get(
    "/commands/:id",
    {
      config: { action: "commands:read" },
      schema: {
        operationId: "command",
        tags,
        description: "One command with the evidence of each step: who, by which gateway, when",
        params: CommandParams,
        response: { 200: CommandDetailView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { id }, reach }) => {
      const command = await commands.find(id, reach);
      if (!command) throw new NotFoundError("command", id);
      return commandDetailView(command);
    },
  );

  app.get(
    "/page-queues",
    {
      config: { action: "gateways:read" },
      schema: {
        operationId: "pageQueues",
        tags,
        description: "What waits to be paged at each gateway",
        response: { 200: PageQueuesView, ...READ_REFUSALS },
      },
    },
    async () => pageQueuesView(await commands.queues(clock.now())),
  );
};

export const commandOutlookRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { commands, clock },
) => {
  app.get(
    "/terminals/:address/command-outlook",
    {
      config: { action: "commands:read" },
      schema: {
        operationId: "commandOutlook",
        tags,
        description:
          "What each command of a terminal would be told by its safety envelope now, and how soon a page would come",
        params: Type.Object({ address: Address }),
        response: { 200: OutlookView, ...READ_REFUSALS, 404: Problem },
      },
    },
    async ({ params: { address }, reach }) =>
      outlookView(await commands.outlook(address, clock.now(), reach)),
  );
};

const DEEDS = [
  [
    "approve",
    "commands:approve",
    "approveCommand",
    "Approves it as the second person; then it is judged and queued",
  ],
  ["reject", "commands:approve", "rejectCommand", "Does not approve it"],
  [
    "withdraw",
    "commands:send",
    "withdrawCommand",
    "Takes it back: at once while no page is out, after that nothing further is begun",
  ],
] as const;

export const commandSendRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { commands, clock },
) => {
  app.post(
    "/commands",
    {
      config: { action: "commands:send" },
      schema: {
        operationId: "createCommand",
        tags,
        description:
          "Sends a command to a terminal. What needs a second person stays `drafted` until somebody approves it; what its safety envelope forbids is `refused`, with the reason",
        body: NewCommandBody,
        response: { 201: CommandDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { terminal, name, note = "", place = null, drill = false, expiryS } = request.body;
      const asked = { address: terminal, name, note, place, isDrill: drill, expiryS };
      const { arguments: given = {} } = request.body;
      const act = actOf(request, clock.now(), note === "" ? undefined : note);
      const command = await commands.create({ ...asked, arguments: given }, act, request.reach);
      return reply.code(201).send(commandDetailView(command));
    },
  );

  for (const [verb, action, operationId, description] of DEEDS)
    app.post(
      `/commands/:id/${verb}`,
      {
        config: { action },
        schema: {
          ...{ operationId, tags, description, params: CommandParams },
          body: Type.Object({ reason: Reason }, { additionalProperties: false }),
          response: { 200: CommandDetailView, ...REFUSALS },
        },
      },
      async (request) => {
        const act = actOf(request, clock.now(), request.body.reason);
        return commandDetailView(await commands.does(request.params.id, verb, act, request.reach));
      },
    );
};
