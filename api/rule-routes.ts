import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { InvalidInputError, NotFoundError } from "../base/errors.ts";
import type { RuleProblem } from "../domain/alerting/compiled-rule.ts";
import { RuleSpec, SIGNAL_KINDS } from "../domain/alerting/rule.ts";
import { BACKTEST_LIMITS, RULE_SORTS, type SavedRule } from "../domain/alerting/rules.ts";
import { SeverityView } from "./alarm-views.ts";
import { REFUSALS } from "./asset-routes.ts";
import { actOf, callerOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Problem } from "./http/problem.ts";
import { Paging, parseCursor, parseTime, TimeParameter } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import {
  BacktestView,
  backtestView,
  ProblemsView,
  parseTrialPlace,
  problemsView,
  RuleDetailView,
  RuleId,
  RuleList,
  RuleView,
  ruleDetailView,
  ruleView,
  WhyNotView,
  whyNotView,
} from "./rule-views.ts";
import { Address } from "./views.ts";

const tags = ["alert rules"];
const closed = { additionalProperties: false } as const;
const RuleParams = Type.Object({ id: RuleId });
const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
const DAY_MS = 86_400_000;

const RulesAsked = Type.Object({
  search: Type.Optional(
    Type.String({ maxLength: 100, description: "part of a title or of the id" }),
  ),
  kind: Type.Optional(Type.Enum([...SIGNAL_KINDS])),
  severity: Type.Optional(SeverityView),
  profile: Type.Optional(Type.String({ maxLength: 40 })),
  enabled: Type.Optional(Type.Boolean()),
  origin: Type.Optional(Type.Enum(["profile", "operator"])),
  retired: Type.Optional(
    Type.Boolean({
      description: "true: those that are retired, in place of those in force",
    }),
  ),
  sort: Type.Enum([...RULE_SORTS], {
    default: "title",
    description: "the worst first, or those changed last",
  }),
  ...Paging,
});

export const ruleRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { alertRules }) => {
  app.get(
    "/alert-rules",
    {
      config: { action: "rules:read" },
      schema: {
        operationId: "alertRules",
        tags,
        description: "The rules in force that concern whoever asks, the profiles' own among them",
        querystring: RulesAsked,
        response: { 200: RuleList, ...READ_REFUSALS },
      },
    },
    async ({ query, reach }) => {
      const { items, next, total } = await alertRules.list({ ...query, reach });
      return { items: items.map(ruleView), nextCursor: next ?? null, total };
    },
  );

  app.get(
    "/alert-rules/:id",
    {
      config: { action: "rules:read" },
      schema: {
        operationId: "alertRule",
        tags,
        description: "One rule with its versions; a retired one can only be read",
        params: RuleParams,
        response: { 200: RuleDetailView, ...READ_REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const rule = await alertRules.find(id, reach);
      if (!rule) throw new NotFoundError("rule", id);
      sendVersion(reply, rule.version);
      return ruleDetailView(rule);
    },
  );

  app.get(
    "/alert-rules/:id/why-not",
    {
      config: { action: "rules:read" },
      schema: {
        operationId: "whyNotAlert",
        tags,
        description: "What a rule makes of a terminal now, and why it does not tell",
        params: RuleParams,
        querystring: Type.Object({ terminal: Address }),
        response: { 200: WhyNotView, ...READ_REFUSALS },
      },
    },
    async ({ params: { id }, query: { terminal }, reach }) =>
      whyNotView(await alertRules.whyNot(id, terminal, reach)),
  );
};

export const ruleWriteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { alertRules, clock },
) => {
  app.post(
    "/alert-rules",
    {
      config: { action: "rules:write" },
      schema: {
        operationId: "createAlertRule",
        tags,
        description:
          "A rule more. Somebody of a customer makes it for customers within reach alone",
        body: Type.Object({ spec: RuleSpec, reason: Reason }, closed),
        response: { 201: RuleView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { spec, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      const { customerId } = callerOf(request);
      const rule = savedOf(await alertRules.create(spec, act, request.reach, customerId));
      sendVersion(reply, rule.version);
      return reply.code(201).send(ruleView(rule));
    },
  );

  app.patch(
    "/alert-rules/:id",
    {
      config: { action: "rules:write" },
      schema: {
        operationId: "changeAlertRule",
        tags,
        description: "A new version of a rule, or its switch; `If-Match` takes the version",
        params: RuleParams,
        body: Type.Object(
          {
            spec: Type.Optional(RuleSpec),
            isEnabled: Type.Optional(Type.Boolean()),
            reason: Reason,
          },
          closed,
        ),
        response: { 200: RuleView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const act = actOf(request, clock.now(), reason);
      const asked = { ...change, version: versionAsked(request) };
      const rule = savedOf(await alertRules.change(request.params.id, asked, act, request.reach));
      sendVersion(reply, rule.version);
      return ruleView(rule);
    },
  );
};

export const ruleRetireRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { alertRules, clock },
) => {
  app.delete(
    "/alert-rules/:id",
    {
      config: { action: "rules:write" },
      schema: {
        operationId: "retireAlertRule",
        tags,
        description: "Its open alarms are cleared; what it did stays",
        params: RuleParams,
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.query.reason);
      await alertRules.retire(request.params.id, act, request.reach);
      return reply.code(204).send(null);
    },
  );
};

export const ruleTrialRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { alertRules }) => {
  app.post(
    "/alert-rules/check",
    {
      config: { action: "rules:read" },
      schema: {
        operationId: "checkAlertRule",
        tags,
        description: "What is wrong with a rule, with the place in its text; nothing is saved",
        body: Type.Object({ spec: RuleSpec }, closed),
        response: { 200: ProblemsView, ...REFUSALS },
      },
    },
    async ({ body }) => ({ problems: problemsView(alertRules.check(body.spec)) }),
  );

  app.post(
    "/alert-rules/backtest",
    {
      config: { action: "rules:read" },
      schema: {
        operationId: "backtestAlertRule",
        tags,
        description: `What a rule would have done with the packets of the past, up to ${BACKTEST_LIMITS.days} days; nothing is saved. A call ends after ${BACKTEST_LIMITS.reports} reports or \`limit\` terminals, and \`cursor\` goes on`,
        body: Type.Object(
          {
            spec: RuleSpec,
            from: TimeParameter,
            to: TimeParameter,
            terminal: Type.Optional(Address),
            cursor: Type.Optional(Type.String({ maxLength: 60 })),
            limit: Type.Integer({
              ...{ minimum: 1, maximum: BACKTEST_LIMITS.terminals },
              ...{ default: BACKTEST_LIMITS.terminals, description: "terminals in this call" },
            }),
          },
          closed,
        ),
        response: { 200: BacktestView, ...REFUSALS },
      },
    },
    async ({ body: { spec, from, to, terminal, cursor, limit }, reach }) => {
      const fromMs = Number(parseTime("from", from) / 1_000_000n);
      const toMs = Number(parseTime("to", to) / 1_000_000n);
      if (toMs <= fromMs || toMs - fromMs > BACKTEST_LIMITS.days * DAY_MS)
        throw new InvalidInputError(
          "to",
          `to must be after from, by ${BACKTEST_LIMITS.days} days at most`,
        );
      const after = parseCursor(cursor, parseTrialPlace);
      const tried = await alertRules.backtest(
        { spec, fromMs, toMs, address: terminal, after, terminalsMax: limit },
        reach,
      );
      if (!tried.ok) throw problemOf(tried.problems);
      return backtestView(tried.backtest);
    },
  );
};

function savedOf(saved: SavedRule) {
  if (!saved.ok) throw problemOf(saved.problems);
  return saved.rule;
}

function problemOf(problems: readonly RuleProblem[]): InvalidInputError {
  const [first] = problems;
  const at = first?.start === undefined ? "" : ` (from character ${first.start + 1})`;
  return new InvalidInputError(`spec.${first?.path ?? ""}`, `${first?.message ?? ""}${at}`);
}
