import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type TSchema, Type } from "typebox";
import { formatDeviceCursor, parseDeviceCursor } from "../domain/devices/devices.ts";
import {
  BOARD_CONDITIONS,
  BOARD_DEVICES_MAX,
  BOARD_GROUPS_MAX,
  BOARD_NAMES,
  type BoardCounts,
  type BoardDevice,
} from "../domain/groups/boards.ts";
import { Problem } from "./http/problem.ts";
import { isoTime, isoTimeOrNull, Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { GroupId } from "./stock-views.ts";
import { Address, page, Scalar } from "./views.ts";

const tags = ["groups"];
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem };
const BoardParams = Type.Object({ board: Type.Enum([...BOARD_NAMES]) });
const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Condition = Type.Enum([...BOARD_CONDITIONS]);

const counts = {
  devices: Type.Integer({ description: "in service" }),
  conditions: Type.Array(Type.Object({ condition: Condition, devices: Type.Integer() })),
  energyKwh: nullable(Type.Number({ description: "of the meters as last read" })),
};
const BoardView = Type.Object({
  ...counts,
  ungrouped: Type.Integer({ description: "in no group" }),
  groups: Type.Array(Type.Object({ id: GroupId, name: Type.String(), ...counts })),
  moreGroups: Type.Boolean({ description: `there are more than ${BOARD_GROUPS_MAX}` }),
});

const BoardDeviceView = Type.Object({
  address: Address,
  name: Type.String(),
  latitude: nullable(Type.Number()),
  longitude: nullable(Type.Number()),
  condition: Condition,
  receivedAt: nullable(Time),
  values: Type.Record(Type.String(), Type.Object({ value: Scalar, measuredAt: Time })),
  drill: nullable(Type.Object({ id: Type.String(), startsAt: Time })),
});

/** Lights, sirens and billboards, each kind at a glance. */
export const boardRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { boards, clock }) => {
  app.get(
    "/boards/:board",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "board",
        tags,
        description:
          "Devices of one kind that are in service, counted by what they are in, over all and for each group",
        params: BoardParams,
        response: { 200: BoardView, ...READ_REFUSALS },
      },
    },
    async ({ params }) => {
      const { groups, ungrouped, moreGroups, ...all } = await boards.count(
        params.board,
        clock.now(),
      );
      return {
        ...{ ...countsView(all), ungrouped, moreGroups },
        groups: groups.map(({ id, name, ...group }) => ({ id, name, ...countsView(group) })),
      };
    },
  );

  app.get(
    "/boards/:board/devices",
    {
      config: { action: "groups:read" },
      schema: {
        operationId: "boardDevices",
        tags,
        description: "Devices of one kind that are in service, by name, with their latest values",
        params: BoardParams,
        querystring: Type.Object({
          group: Type.Optional(GroupId),
          condition: Type.Optional(Condition),
          ...Paging,
          limit: Type.Integer({
            ...{ minimum: 1, maximum: BOARD_DEVICES_MAX, default: BOARD_DEVICES_MAX },
          }),
        }),
        response: { 200: page(BoardDeviceView), ...READ_REFUSALS },
      },
    },
    async ({ params: { board }, query: { group, condition, cursor, limit } }) => {
      const place = parseCursor(cursor, parseDeviceCursor);
      const after = place && { name: place.key, address: place.address };
      const query = { board, groupId: group, condition, after, limit: limit + 1 };
      const found = await boards.devices(query, clock.now());
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map(deviceView),
        nextCursor: last ? formatDeviceCursor({ key: last.name, address: last.address }) : null,
      };
    },
  );
};

const countsView = ({ devices, conditions, energyKwh }: BoardCounts) => ({
  ...{ devices, energyKwh },
  conditions: conditions.map((one) => ({ ...one })),
});

const deviceView = ({ receivedAtNs, values, drill, ...device }: BoardDevice) => ({
  ...device,
  receivedAt: isoTimeOrNull(receivedAtNs),
  values: Object.fromEntries(
    Object.entries(values).map(([name, { value, measuredAtNs }]) => [
      name,
      { value, measuredAt: isoTime(BigInt(measuredAtNs)) },
    ]),
  ),
  drill: drill && { id: drill.id, startsAt: drill.startsAt.toISOString() },
});
