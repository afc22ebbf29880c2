import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { DEVICE_SORTS, formatDeviceCursor, parseDeviceCursor } from "../domain/devices/devices.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { positionView, terminalSummaryView, terminalView } from "./terminal-views.ts";
import { Address, PositionList, Terminal, TerminalList } from "./views.ts";

export const positionRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { devices }) => {
  app.get(
    "/positions",
    {
      config: { action: "positions:read" },
      schema: {
        operationId: "positions",
        tags: ["terminals"],
        description:
          "All terminals within reach on the map; a terminal without any place is left out. Former ones are not here",
        response: { 200: PositionList },
      },
    },
    async ({ reach }) => ({ items: (await devices.positions(reach)).map(positionView) }),
  );
};

export const terminalRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { devices, profiles },
) => {
  app.get(
    "/terminals",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "terminals",
        tags: ["terminals"],
        description:
          "Terminals within reach, by name, with what was last heard of them; searched by name, serial number or address",
        querystring: Type.Object({
          search: Type.Optional(
            Type.String({
              maxLength: 100,
              description: "part of the name, serial or address",
            }),
          ),
          profile: Type.Optional(Type.String({ maxLength: 64 })),
          former: Type.Boolean({
            default: false,
            description:
              "for a customer: terminals that were theirs and are no more, without current values; their past stays readable",
          }),
          sort: Type.Enum([...DEVICE_SORTS], { default: "name" }),
          ...Paging,
        }),
        response: { 200: TerminalList, 400: Problem },
      },
    },
    async ({ query, reach }) => {
      const { items, next, ...counted } = await devices.list({
        reach,
        former: query.former,
        search: query.search,
        profile: query.profile,
        sort: query.sort,
        cursor: parseCursor(query.cursor, parseDeviceCursor),
        limit: query.limit,
      });
      return {
        items: items.map(terminalSummaryView),
        nextCursor: next === undefined ? null : formatDeviceCursor(next),
        ...counted,
      };
    },
  );

  app.get(
    "/terminals/:address",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "terminal",
        tags: ["terminals"],
        description: "One terminal with its latest values",
        params: Type.Object({ address: Address }),
        response: { 200: Terminal, 404: Problem },
      },
    },
    async ({ params, reach }) => {
      const device = await devices.find(params.address, reach);
      if (device === undefined) throw new NotFoundError("terminal", String(params.address));
      return terminalView(device, profiles.byName.get(device.profile));
    },
  );
};
