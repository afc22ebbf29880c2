import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import { parseStep } from "../domain/provisioning/steps.ts";
import { actOf, callerOf } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseTime } from "./http/query.ts";
import {
  JobList,
  JobView,
  jobSummaryView,
  jobView,
  PreCheckView,
  preCheckView,
  StepsBody,
  WalkTestView,
  walkTestView,
} from "./job-views.ts";
import type { ApiReads } from "./reads.ts";

export const JobId = Type.String({
  pattern: "^[0-9a-zA-Z-]{8,64}$",
  description: "the phone's own id of the job",
});
const JobParams = Type.Object({ id: JobId });
const NS_PER_MS = 1_000_000n;

/** What a field engineer's phone asks; every call may be repeated. */
export const jobRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { provisioning, clock },
) => {
  app.post(
    "/jobs/:id/steps",
    {
      config: { action: "jobs:write" },
      schema: {
        operationId: "takeSteps",
        tags: ["provisioning"],
        description:
          "Takes what was done, in any order and as often as it comes: a step is known by its own id. The first step opens the job.",
        params: JobParams,
        body: StepsBody,
        response: { 200: JobView, 400: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request) => {
      const steps = request.body.steps.map(({ id, kind, at, data }, i) => {
        const atMs = Number(parseTime(`steps.${i}.at`, at) / NS_PER_MS);
        const parsed = parseStep(id, kind, atMs, data);
        if (!parsed.ok) throw new InvalidInputError(`steps.${i}.data`, parsed.fault);
        return parsed.step;
      });
      const act = actOf(request, clock.now());
      return jobView(await provisioning.take(request.params.id, steps, act));
    },
  );

  app.get(
    "/jobs/:id",
    {
      config: { action: "jobs:read" },
      schema: {
        operationId: "job",
        tags: ["provisioning"],
        description: "A job as its steps tell it, with what an acceptance still needs",
        params: JobParams,
        response: { 200: JobView, 404: Problem },
      },
    },
    async ({ params }) => {
      const job = await provisioning.find(params.id);
      if (job === undefined) throw new NotFoundError("job", params.id);
      return jobView(job);
    },
  );

  app.get(
    "/jobs/:id/walk-test",
    {
      config: { action: "jobs:read" },
      schema: {
        operationId: "walkTest",
        tags: ["provisioning"],
        description: "What the gateways have heard of the job's terminal since its walk test began",
        params: JobParams,
        response: { 200: WalkTestView, 404: Problem },
      },
    },
    async ({ params }) => {
      const test = await provisioning.walkTest(params.id);
      if (test === undefined) throw new NotFoundError("walk test of job", params.id);
      return walkTestView(test);
    },
  );
};

export const jobListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { provisioning }) => {
  app.get(
    "/jobs",
    {
      config: { action: "jobs:read" },
      schema: {
        operationId: "jobs",
        tags: ["provisioning"],
        description: "Jobs, newest first",
        querystring: Type.Object({
          mine: Type.Boolean({ default: false, description: "only those of the caller" }),
          state: Type.Optional(Type.Enum(["open", "accepted", "failed", "undone"])),
          ...Paging,
        }),
        response: { 200: JobList, 400: Problem },
      },
    },
    async (request) => {
      const { mine, state, cursor, limit } = request.query;
      const jobs = await provisioning.list({
        engineerId: mine ? callerOf(request).id : undefined,
        state,
        before: parseCursor(cursor, parseJobCursor),
        limit: limit + 1,
      });
      const last = jobs.length > limit ? jobs[limit - 1] : undefined;
      return {
        items: jobs.slice(0, limit).map(jobSummaryView),
        nextCursor: last === undefined ? null : `${last.openedAtMs}.${last.id}`,
      };
    },
  );

  app.get(
    "/pre-checks/:serial",
    {
      config: { action: "jobs:read" },
      schema: {
        operationId: "preCheck",
        tags: ["provisioning"],
        description: "What is known of a serial before anybody drives out",
        params: Type.Object({ serial: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: PreCheckView, 404: Problem },
      },
    },
    async ({ params }) => {
      const check = await provisioning.preCheck(params.serial);
      if (check === undefined) throw new NotFoundError("terminal", params.serial);
      return preCheckView(check);
    },
  );
};

function parseJobCursor(text: string): { openedAtMs: number; id: string } | undefined {
  const match = /^(\d{1,15})\.([0-9a-zA-Z-]{8,64})$/.exec(text);
  return match?.[1] && match[2] ? { openedAtMs: Number(match[1]), id: match[2] } : undefined;
}
