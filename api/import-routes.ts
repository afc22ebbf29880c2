import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import { mayDo } from "../domain/identity/policy.ts";
import {
  IMPORT_KINDS,
  type ImportKind,
  type ImportRun,
  type Imports,
} from "../domain/imports/imports.ts";
import { actOf, callerOf } from "./http/caller.ts";
import { csvLine } from "./http/csv.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import {
  ImportList,
  ImportProblemList,
  ImportView,
  importView,
  READ_REFUSALS,
  ReasonBody,
  WRITE_REFUSALS,
} from "./stock-views.ts";

const tags = ["imports"];
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const PROBLEMS_AT_ONCE = 1_000;
const IdParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

const OPERATIONS: Readonly<Record<ImportKind, string>> = {
  terminals: "importTerminals",
  customers: "importCustomers",
  payments: "importPayments",
};

const kindsOf = (request: FastifyRequest): readonly ImportKind[] =>
  IMPORT_KINDS.filter((kind) => mayDo(callerOf(request), `${kind}:import`));

/** One that the caller may not make does not exist for it either. */
async function findImport(
  imports: Imports,
  request: FastifyRequest,
  id: string,
): Promise<ImportRun> {
  const run = await imports.find(id);
  if (run === undefined || !kindsOf(request).includes(run.kind))
    throw new NotFoundError("import", id);
  return run;
}

/** The upload is read as it comes; the route's own limit, because nothing else counts a stream. */
export const importUploadRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { imports, clock },
) => {
  app.addContentTypeParser("text/csv", (_request, payload, done) => {
    done(null, payload);
  });
  for (const kind of IMPORT_KINDS) {
    app.post(
      `/imports/${kind}`,
      {
        config: { action: `${kind}:import` },
        schema: {
          operationId: OPERATIONS[kind],
          tags,
          description: `Takes a CSV file of ${kind} in (UTF-8, at most 64 MiB) and answers at once; \`GET /api/imports/{id}\` says how far it is. All lines come in or none, unless \`skip_bad\``,
          consumes: ["text/csv"],
          querystring: Type.Object({
            file_name: Type.String({ maxLength: 200, default: "upload.csv" }),
            dry_run: Type.Boolean({ default: false }),
            skip_bad: Type.Boolean({ default: false }),
          }),
          body: Type.Unsafe<unknown>({
            description: "the file's lines, columns named by the first",
          }),
          response: { 202: ImportView, ...WRITE_REFUSALS, 413: Problem, 415: Problem },
        },
      },
      async (request, reply) => {
        const { file_name: fileName, dry_run: dryRun, skip_bad: skipBad } = request.query;
        const order = { kind, fileName, dryRun, skipBad };
        const act = actOf(request, clock.now());
        const run = await imports.start(order, limited(request.body), act);
        return reply.code(202).header("location", `/api/imports/${run.id}`).send(importView(run));
      },
    );
  }
};

async function* limited(body: unknown): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable))
    throw new InvalidInputError("body", "Send the file itself, with content-type: text/csv");
  let bytes = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > FILE_BYTES_MAX)
      throw Object.assign(new Error("The file has more than 64 MiB: split it"), {
        statusCode: 413,
      });
    yield chunk;
  }
}

export const importRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { imports, clock },
) => {
  app.get(
    "/imports",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "imports",
        tags,
        description: "Imports of the kinds that the caller may make, newest first",
        querystring: Type.Object({
          kind: Type.Optional(Type.Enum([...IMPORT_KINDS])),
          ...Paging,
        }),
        response: { 200: ImportList, ...READ_REFUSALS },
      },
    },
    async (request) => {
      const { kind, cursor, limit } = request.query;
      const kinds = kindsOf(request).filter((one) => kind === undefined || one === kind);
      const before = parseCursor(cursor, parseImportCursor);
      const items = await imports.list({ kinds, before, limit: limit + 1 });
      const last = items.length > limit ? items[limit - 1] : undefined;
      return {
        items: items.slice(0, limit).map(importView),
        nextCursor: last === undefined ? null : `${last.startedAt.getTime()}.${last.id}`,
      };
    },
  );

  app.get(
    "/imports/:id",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "importRun",
        tags,
        description: "How far it is, or what became of it",
        params: IdParams,
        response: { 200: ImportView, ...READ_REFUSALS },
      },
    },
    async (request) => importView(await findImport(imports, request, request.params.id)),
  );

  app.post(
    "/imports/:id/undo",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "undoImport",
        tags,
        description:
          "Takes out exactly what it added; a 409 names what is in use by now, and then nothing is taken out",
        params: IdParams,
        body: ReasonBody,
        response: { 200: ImportView, ...WRITE_REFUSALS },
      },
    },
    async (request) => {
      const { id } = await findImport(imports, request, request.params.id);
      const act = actOf(request, clock.now(), request.body.reason);
      return importView(await imports.undo(id, act));
    },
  );
};

export const importProblemRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { imports },
) => {
  app.get(
    "/imports/:id/problems",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "importProblems",
        tags,
        description: "What is wrong with which line, in the order of lines",
        params: IdParams,
        querystring: Type.Object(Paging),
        response: { 200: ImportProblemList, ...READ_REFUSALS },
      },
    },
    async (request) => {
      const { id } = await findImport(imports, request, request.params.id);
      const { cursor, limit } = request.query;
      const after = parseCursor(cursor, parseProblemCursor);
      const items = await imports.problems(id, after, limit + 1);
      const last = items.length > limit ? items[limit - 1] : undefined;
      return {
        items: items.slice(0, limit).map((problem) => ({ ...problem })),
        nextCursor: last === undefined ? null : `${last.line}.${encodeURIComponent(last.column)}`,
      };
    },
  );

  app.get(
    "/imports/:id/problems/export",
    {
      config: { action: "signed-in" },
      schema: {
        operationId: "importProblemsExport",
        tags,
        description: "The same as CSV",
        params: IdParams,
        produces: ["text/csv"],
        response: { 200: Type.Any({ description: "CSV, UTF-8" }), ...READ_REFUSALS },
      },
    },
    async (request, reply) => {
      const { id } = await findImport(imports, request, request.params.id);
      reply.header("content-type", "text/csv; charset=utf-8");
      reply.header("content-disposition", `attachment; filename="problems-${id}.csv"`);
      return reply
        .serializer((body: unknown) => body as string)
        .send(Readable.from(problemLines(imports, id)));
    },
  );
};

async function* problemLines(imports: Imports, id: string): AsyncGenerator<string> {
  yield `\ufeff${csvLine(["line", "column", "code", "reason"])}`;
  let after: { readonly line: number; readonly column: string } | undefined;
  do {
    const some = await imports.problems(id, after, PROBLEMS_AT_ONCE);
    yield some
      .map(({ line, column, code, reason }) => csvLine([line, column, code, reason]))
      .join("");
    after = some.length === PROBLEMS_AT_ONCE ? some.at(-1) : undefined;
  } while (after !== undefined);
}

function parseImportCursor(text: string) {
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text);
  return match?.[2] === undefined ? undefined : { startedMs: Number(match[1]), id: match[2] };
}

function parseProblemCursor(text: string) {
  const match = /^(\d{1,9})\.([A-Za-z0-9%_.!~*'()-]*)$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  try {
    const column = decodeURIComponent(match[2]);
    return column.includes("\0") ? undefined : { line: Number(match[1]), column };
  } catch {
    return undefined; // no cursor of ours
  }
}
