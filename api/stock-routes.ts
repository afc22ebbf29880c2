import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { formatDeviceCursor, parseDeviceCursor } from "../domain/devices/devices.ts";
import { STOCK_SORTS, type Stock, type StockFilter } from "../domain/devices/stock.ts";
import { actOf } from "./http/caller.ts";
import { csvLine } from "./http/csv.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import {
  AddressParams,
  DoneToManyView,
  filterOf,
  READ_REFUSALS,
  StockCountsView,
  StockDeedBody,
  StockDeedsBody,
  StockEditBody,
  StockFilters,
  StockList,
  StockView,
  stockFilters,
  stockView,
  WRITE_REFUSALS,
} from "./stock-views.ts";

const tags = ["stock"];

export const stockRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { stock }) => {
  app.get(
    "/stock",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "stock",
        tags,
        description: "Terminals by life cycle, profile, batch, import and group, without keys",
        querystring: Type.Object({
          ...stockFilters,
          sort: Type.Enum([...STOCK_SORTS], { default: "name" }),
          ...Paging,
        }),
        response: { 200: StockList, ...READ_REFUSALS },
      },
    },
    async ({ query, reach }) => {
      const cursor = parseCursor(query.cursor, parseDeviceCursor);
      const { sort, limit } = query;
      const { items, next } = await stock.list({ ...filterOf(query), sort, cursor, limit }, reach);
      return {
        items: items.map(stockView),
        nextCursor: next === undefined ? null : formatDeviceCursor(next),
      };
    },
  );

  app.get(
    "/stock/counts",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "stockCounts",
        tags,
        description: "How many terminals match, by life cycle; `lifeCycle` itself narrows nothing",
        querystring: StockFilters,
        response: { 200: StockCountsView, ...READ_REFUSALS },
      },
    },
    async ({ query, reach }) => stock.counts(filterOf(query), reach),
  );

  app.get(
    "/stock/:address",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "stockTerminal",
        tags,
        description: "One terminal as the stock knows it",
        params: AddressParams,
        response: { 200: StockView, ...READ_REFUSALS },
      },
    },
    async ({ params, reach }, reply) => {
      const terminal = await stock.find(params.address, reach);
      if (terminal === undefined) throw new NotFoundError("terminal", String(params.address));
      sendVersion(reply, terminal.version);
      return stockView(terminal);
    },
  );
};

export const stockExportRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { stock }) => {
  app.get(
    "/stock/export",
    {
      config: { action: "terminals:import" },
      schema: {
        operationId: "stockExport",
        tags,
        description: "All terminals that match as CSV, without keys",
        querystring: StockFilters,
        produces: ["text/csv"],
        response: { 200: Type.Any({ description: "CSV, UTF-8" }), ...READ_REFUSALS },
      },
    },
    async ({ query }, reply) => {
      reply.header("content-type", "text/csv; charset=utf-8");
      reply.header("content-disposition", 'attachment; filename="terminals.csv"');
      return reply
        .serializer((body: unknown) => body as string)
        .send(Readable.from(exported(stock, filterOf(query))));
    },
  );
};

const EXPORTED = [
  "address",
  "serial",
  "profile",
  "hardware_version",
  "firmware_version",
  "batch",
  "name",
  "latitude",
  "longitude",
  "life_cycle",
  "quarantine_reason",
  "service_from",
];

async function* exported(stock: Stock, filter: StockFilter): AsyncGenerator<string> {
  yield `\ufeff${csvLine(EXPORTED)}`; // the mark tells a spreadsheet that it is UTF-8
  for await (const some of stock.export(filter)) {
    yield some
      .map((one) =>
        csvLine([
          ...[one.address, one.serial, one.profile, one.hardwareVersion, one.firmwareVersion],
          ...[one.batch, one.name, one.latitude, one.longitude, one.lifeCycle],
          ...[one.quarantineReason, one.serviceFrom],
        ]),
      )
      .join("");
  }
}

export const stockWriteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { stock, clock },
) => {
  app.post(
    "/stock/:address/deeds",
    {
      config: { action: "terminals:write" },
      schema: {
        operationId: "doToTerminal",
        tags,
        description:
          "Suspends, resumes, sets aside (quarantine), releases or retires one terminal; a 409 says why not",
        params: AddressParams,
        body: StockDeedBody,
        response: { 200: StockView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { deed, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      const after = await stock.do(request.params.address, deed, act, versionAsked(request));
      sendVersion(reply, after.version);
      return stockView(after);
    },
  );

  app.post(
    "/stock/deeds",
    {
      config: { action: "terminals:write" },
      schema: {
        operationId: "doToTerminals",
        tags,
        description: "The same to many; those that could not are named, the others are done",
        body: StockDeedsBody,
        response: { 200: DoneToManyView, ...WRITE_REFUSALS },
      },
    },
    async (request) => {
      const { addresses, deed, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      const { done, refused } = await stock.doToMany([...new Set(addresses)], deed, act);
      return { done: [...done], refused: refused.map((one) => ({ ...one })) };
    },
  );

  app.patch(
    "/stock/:address",
    {
      config: { action: "terminals:write" },
      schema: {
        operationId: "editTerminal",
        tags,
        description: "Name, batch and place; what is left out stays",
        params: AddressParams,
        body: StockEditBody,
        response: { 200: StockView, ...WRITE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...edit } = request.body;
      const act = actOf(request, clock.now(), reason);
      const after = await stock.edit(request.params.address, edit, act, versionAsked(request));
      sendVersion(reply, after.version);
      return stockView(after);
    },
  );
};
