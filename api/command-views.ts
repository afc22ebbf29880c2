import { type Static, type TSchema, Type } from "typebox";
import { COMMAND_STATES } from "../domain/commands/command-state.ts";
import type {
  CommandDetail,
  CommandEvidence,
  CommandOutlook,
  CommandSummary,
  PageQueue,
} from "../domain/commands/commands.ts";
import type { Judgement } from "../domain/commands/envelope.ts";
import type { DeliveryForecast } from "../domain/commands/forecast.ts";
import { SAFETY_CLASSES } from "../domain/devices/profile-schema.ts";
import { Address, Label, page, Scalar } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const CommandId = Type.String({ minLength: 36, maxLength: 36, pattern: "^[0-9a-f-]{36}$" });
export const CommandStateView = Type.Enum([...COMMAND_STATES]);
export const SafetyClassView = Type.Enum([...SAFETY_CLASSES]);
const closed = { additionalProperties: false } as const;

/** By the names of the profile's arguments; an enum by its value's name. */
export const ArgumentsView = Type.Record(
  Type.String({ maxLength: 40, pattern: "^[A-Za-z0-9]+$" }),
  Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 40 })]),
);

export const PlaceView = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    radiusM: Type.Number({ minimum: 10, maximum: 100_000 }),
    maxAgeS: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: "how old the terminal's position may be",
    }),
  },
  closed,
);

export const CommandView = Type.Object({
  id: CommandId,
  address: Address,
  terminalName: nullable(Type.String()),
  customerId: nullable(Type.String()),
  customerName: nullable(Type.String()),
  profile: Type.String(),
  name: Type.String(),
  arguments: ArgumentsView,
  isDrill: Type.Boolean(),
  note: Type.String(),
  safetyClass: SafetyClassView,
  secondPerson: Type.Boolean({ description: "somebody else must approve it" }),
  priority: Type.Integer({ description: "3 goes first" }),
  state: CommandStateView,
  reason: nullable(Type.String({ description: "why it ended so" })),
  attempts: Type.Integer(),
  expiryS: Type.Integer({ description: "counted from the approval" }),
  createdAt: Time,
  createdById: Type.String(),
  createdByName: Type.String(),
  approvedByName: nullable(Type.String()),
  approveBy: Time,
  expiresAt: nullable(Time),
  endedAt: nullable(Time),
});
export const CommandList = page(CommandView);

const EvidenceView = Type.Object({
  at: Time,
  state: CommandStateView,
  what: Type.String({ description: "what brought the step about" }),
  reason: nullable(Type.String()),
  whoKind: nullable(Type.String()),
  whoName: nullable(Type.String()),
  gatewayId: nullable(Type.String()),
  detail: nullable(Type.Record(Type.String(), Type.Unknown())),
});

export const CommandDetailView = Type.Object({
  ...CommandView.properties,
  place: nullable(PlaceView),
  evidence: Type.Array(EvidenceView),
});

export const NewCommandBody = Type.Object(
  {
    terminal: Address,
    name: Type.String({ minLength: 1, maxLength: 40 }),
    arguments: Type.Optional(ArgumentsView),
    expiryS: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 604_800,
        description: "seconds from approval; by default the profile's own",
      }),
    ),
    place: Type.Optional(PlaceView),
    drill: Type.Optional(Type.Boolean()),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);

const JudgementView = Type.Object({
  ok: Type.Boolean(),
  refusal: nullable(Type.String()),
  field: nullable(Type.String()),
  label: nullable(Label),
  holdsUntil: nullable(Time),
});

const ForecastView = Type.Object({
  gatewayId: nullable(Type.String()),
  pagesWaiting: Type.Integer(),
  heardAt: nullable(Time),
  sent: Type.Integer(),
  answered: Type.Integer(),
  medianS: nullable(Type.Number()),
  everyS: nullable(Type.Number({ description: "the middle gap between its last packets" })),
  likelihood: Type.Enum(["likely", "uncertain", "unlikely", "no-gateway"]),
  withinS: nullable(
    Type.Number({
      description:
        "likely: until it has answered, four times of five, once it may go out; uncertain: what its slowest answers took",
    }),
  ),
});

export const OutlookView = Type.Object({
  commands: Type.Array(
    Type.Object({
      name: Type.String(),
      judgement: JudgementView,
      checks: Type.Array(
        Type.Object({
          what: Type.Enum(["service", "precondition", "place"]),
          label: nullable(Label),
          judgement: JudgementView,
          maxAgeS: nullable(Type.Integer({ description: "how old the readings may be" })),
          readings: Type.Array(
            Type.Object({ field: Type.String(), value: Scalar, measuredAt: Time }),
          ),
        }),
      ),
      secondPerson: Type.Boolean(),
      expiryS: Type.Integer(),
      expiryMaxS: Type.Integer(),
      forecast: ForecastView,
    }),
  ),
});

export const PageQueuesView = Type.Object({
  items: Type.Array(
    Type.Object({
      gatewayId: Type.String(),
      name: Type.String(),
      isOnline: Type.Boolean(),
      pagesWaiting: Type.Integer(),
      urgentWaiting: Type.Integer(),
      oldestAt: nullable(Time),
      pagesSent: Type.Integer({ description: "within the last hour" }),
      pagesUnsent: Type.Integer(),
      airMs: Type.Integer({ description: "on the air within the last hour" }),
      budgetMs: nullable(Type.Integer({ description: "of any hour; null: no limit is known" })),
      emptyInS: nullable(Type.Integer({ description: "until all that waits is through" })),
      next: Type.Array(
        Type.Object({
          address: nullable(Address),
          terminalName: nullable(Type.String()),
          commandId: nullable(CommandId),
          name: nullable(Type.String()),
          profile: nullable(Type.String()),
          priority: Type.Integer(),
          dueAt: Time,
          expiresAt: Time,
        }),
      ),
    }),
  ),
});

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const commandView = (command: CommandSummary): Static<typeof CommandView> => ({
  ...command,
  arguments: { ...command.arguments },
  createdAt: command.createdAt.toISOString(),
  approveBy: command.approveBy.toISOString(),
  expiresAt: time(command.expiresAt),
  endedAt: time(command.endedAt),
});

const evidenceView = (evidence: CommandEvidence): Static<typeof EvidenceView> => {
  const { at, state, what, reason, whoKind, whoName, gatewayId, detail } = evidence;
  return {
    ...{ state, what, reason, whoKind, whoName, gatewayId },
    at: at.toISOString(),
    detail: detail && { ...detail },
  };
};

export const commandDetailView = (command: CommandDetail): Static<typeof CommandDetailView> => ({
  ...commandView(command),
  place: command.place,
  evidence: command.evidence.map(evidenceView),
});

export const outlookView = ({ commands }: CommandOutlook): Static<typeof OutlookView> => ({
  commands: commands.map(({ judgement, checks, forecast, ...command }) => ({
    ...command,
    forecast: forecastView(forecast),
    judgement: judgementView(judgement),
    checks: checks.map((check) => ({
      ...check,
      judgement: judgementView(check.judgement),
      readings: check.readings.map(({ field, value, measuredAtMs }) => ({
        ...{ field, value, measuredAt: new Date(measuredAtMs).toISOString() },
      })),
    })),
  })),
});

const forecastView = ({ heardAtMs, ...forecast }: DeliveryForecast) => ({
  ...forecast,
  heardAt: heardAtMs === null ? null : new Date(heardAtMs).toISOString(),
});

const judgementView = (judgement: Judgement): Static<typeof JudgementView> =>
  judgement.ok
    ? {
        ...{ ok: true, refusal: null, field: null, label: null },
        holdsUntil: Number.isFinite(judgement.holdsUntilMs)
          ? new Date(judgement.holdsUntilMs).toISOString()
          : null,
      }
    : { ...judgement, holdsUntil: null };

export const pageQueuesView = (queues: readonly PageQueue[]): Static<typeof PageQueuesView> => ({
  items: queues.map((queue) => ({
    ...queue,
    oldestAt: time(queue.oldestAt),
    next: queue.next.map(({ command, ...page }) => ({
      ...{ address: page.address, terminalName: page.terminalName, priority: page.priority },
      ...{ commandId: command?.id ?? null, name: command?.name ?? null },
      ...{ profile: command?.profile ?? null, dueAt: page.dueAt.toISOString() },
      expiresAt: page.expiresAt.toISOString(),
    })),
  })),
});
