import { PassThrough, Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { UnavailableError } from "../base/errors.ts";
import type { Audit, AuditEntry, AuditQuery } from "../domain/identity/audit.ts";
import { csvLine } from "./http/csv.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseOptionalTime, TimeParameter } from "./http/query.ts";
import { AuditView, auditView } from "./identity-views.ts";
import type { ApiReads } from "./reads.ts";

const EXPORTED_AT_ONCE = 500;
const EXPORTED_MAX = 1_000_000;
const CHECKS_AT_ONCE_MAX = 2;
const FEW = { max: 20, timeWindow: 60_000 };
const NS_PER_MS = 1_000_000n;

const text = (description: string) => Type.Optional(Type.String({ maxLength: 100, description }));
const Filters = {
  actor: text("id of who did it"),
  action: text("what was done, such as terminal.suspended"),
  subjectKind: text("kind of what it was done to, such as terminal"),
  subject: text("id of what it was done to"),
  from: Type.Optional(TimeParameter),
  to: Type.Optional(TimeParameter),
};
const FilterQuery = Type.Object(Filters);

function queryOf(query: Static<typeof FilterQuery>): Omit<AuditQuery, "limit"> {
  const ms = (field: "from" | "to"): number | undefined => {
    const ns = parseOptionalTime(field, query[field]);
    return ns === undefined ? undefined : Number(ns / NS_PER_MS);
  };
  return {
    actorId: query.actor,
    action: query.action,
    subjectKind: query.subjectKind,
    subjectId: query.subject,
    fromMs: ms("from"),
    toMs: ms("to"),
  };
}

const parseNumber = (cursor: string): bigint | undefined =>
  /^\d{1,18}$/.test(cursor) ? BigInt(cursor) : undefined;

export const auditRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity: { audit } },
) => {
  app.get(
    "/audit",
    {
      config: { action: "audit:read" },
      schema: {
        operationId: "audit",
        tags: ["audit"],
        description: "Who did what to what, newest first",
        querystring: Type.Object({ ...Filters, ...Paging }),
        response: {
          200: Type.Object({
            items: Type.Array(AuditView),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          400: Problem,
          401: Problem,
          403: Problem,
        },
      },
    },
    async ({ query }) => {
      const { limit, cursor } = query;
      const before = parseCursor(cursor, parseNumber);
      const found = await audit.list({ ...queryOf(query), before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map(auditView),
        nextCursor: last === undefined ? null : String(last.number),
      };
    },
  );

  app.get(
    "/audit/export",
    {
      config: { action: "audit:read", rateLimit: FEW },
      exposeHeadRoute: false,
      schema: {
        operationId: "exportAudit",
        tags: ["audit"],
        description: `The same as CSV, ${EXPORTED_MAX} entries at most`,
        querystring: FilterQuery,
        produces: ["text/csv"],
        response: {
          200: Type.Any({ description: "RFC 4180" }),
          ...{ 400: Problem, 401: Problem, 403: Problem },
        },
      },
    },
    async ({ query }, reply) => {
      const filter = queryOf(query); // before the first byte: a wrong time is a 400
      return reply
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="hopline-audit.csv"')
        .send(Readable.from(exported(audit, filter)));
    },
  );
};

const COLUMNS = [
  "number",
  "at",
  "actor_kind",
  "actor_id",
  "actor",
  "action",
  "subject_kind",
  "subject_id",
  "customer_id",
  "reason",
  "before",
  "after",
  "request_id",
  "ip",
  "hash",
];

async function* exported(audit: Audit, filter: Omit<AuditQuery, "limit">): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(COLUMNS)}`; // a spreadsheet takes it for UTF-8 by this
  let before: bigint | undefined;
  for (let count = 0; count < EXPORTED_MAX; count += EXPORTED_AT_ONCE) {
    const entries = await audit.list({ ...filter, before, limit: EXPORTED_AT_ONCE });
    if (entries.length > 0) yield entries.map(lineOf).join("");
    if (entries.length < EXPORTED_AT_ONCE) return;
    before = entries.at(-1)?.number;
  }
}

function lineOf(entry: AuditEntry): string {
  const { number, at, actor, action, subject, customerId, ...rest } = auditView(entry);
  const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  return csvLine([
    ...[number, at, actor.kind, actor.id, actor.name, action, subject.kind, subject.id],
    ...[customerId, rest.reason, json(rest.before), json(rest.after)],
    ...[rest.requestId, rest.ip, rest.hash],
  ]);
}

export const auditCheckRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { identity: { audit } },
) => {
  let running = 0;
  app.post(
    "/audit/check",
    {
      config: { action: "audit:read", rateLimit: FEW },
      schema: {
        operationId: "checkAudit",
        tags: ["audit"],
        description:
          "Reads the whole chain and compares every hash. Answers lines of JSON (application/x-ndjson): `{ done, total }` as it goes, and last `{ ok: true, entries }`, `{ ok: false, number, fault }` with fault missing, changed, chain-broken or end-cut, or `{ failed: true }`.",
        produces: ["application/x-ndjson"],
        response: {
          200: Type.Any({ description: "one JSON object a line" }),
          ...{ 401: Problem, 403: Problem, 503: Problem },
        },
      },
    },
    async (request, reply) => {
      if (running >= CHECKS_AT_ONCE_MAX)
        throw new UnavailableError("The chain is being checked already; wait for that");
      running += 1;
      const lines = new PassThrough();
      const say = (line: object): void => {
        if (!lines.destroyed) lines.write(`${JSON.stringify(line)}\n`);
      };
      const check = async (): Promise<void> => {
        const [newest] = await audit.list({ limit: 1 });
        const total = String(newest?.number ?? 0n);
        say({ done: "0", total });
        const result = await audit.check((done) => {
          say({ done: String(done), total });
        });
        if (result.ok) say({ ok: true, entries: String(result.entries) });
        else say({ ok: false, number: String(result.number), fault: result.fault });
      };
      void check()
        .catch((error: unknown) => {
          request.log.error({ err: error }, "the audit chain could not be read");
          say({ failed: true });
        })
        .finally(() => {
          running -= 1;
          lines.end();
        });
      return reply.header("content-type", "application/x-ndjson").send(lines);
    },
  );
};
