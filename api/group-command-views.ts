import { type Static, type TSchema, Type } from "typebox";
import { rangeOf } from "../domain/commands/command-of-profile.ts";
import type { ProfileField } from "../domain/devices/profile.ts";
import { type Calendar, SWITCHES_MAX } from "../domain/groups/calendar.ts";
import type { StoredCalendar } from "../domain/groups/calendars.ts";
import type {
  GroupCommandDetail,
  GroupCommandSummary,
  GroupOutlook,
  RollEntry,
} from "../domain/groups/group-commands.ts";
import { GROUP_STATES } from "../domain/groups/group-state.ts";
import { MEMBER_STATES } from "../domain/groups/roll-call.ts";
import { ArgumentsView, CommandId, PlaceView, SafetyClassView } from "./command-views.ts";
import { Address, Label, page } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false } as const;

export const GroupStateView = Type.Enum([...GROUP_STATES]);
export const MemberStateView = Type.Enum([...MEMBER_STATES]);

export const GroupCommandView = Type.Object({
  id: CommandId,
  groupId: nullable(Type.Integer()),
  groupName: nullable(Type.String()),
  profile: Type.String(),
  name: Type.String(),
  arguments: ArgumentsView,
  isDrill: Type.Boolean(),
  note: Type.String(),
  safetyClass: SafetyClassView,
  secondPerson: Type.Boolean({ description: "somebody else must approve it" }),
  catchUp: Type.Boolean({ description: "silent members get a command of their own" }),
  priority: Type.Integer({ description: "3 goes first" }),
  state: GroupStateView,
  reason: nullable(Type.String({ description: "why it ended so" })),
  createdAt: Time,
  createdById: Type.String(),
  createdByName: Type.String(),
  approvedByName: nullable(Type.String()),
  approveBy: Time,
  expiresAt: nullable(Time),
  endedAt: nullable(Time),
  moment: nullable(Type.String({ format: "date-time", description: "of the group's calendar" })),
  zones: Type.Array(
    Type.Object({
      gatewayId: Type.String(),
      page: Type.Enum(["waiting", "handed", "sent", "unsent", "unknown"]),
    }),
  ),
  slots: nullable(Type.Integer()),
  answersUntil: nullable(
    Type.String({ format: "date-time", description: "the last slot is over" }),
  ),
  airMs: Type.Integer({ description: "on the air for its pages so far" }),
});
export const GroupCommandList = page(GroupCommandView);

export const GroupCommandDetailView = Type.Object({
  ...GroupCommandView.properties,
  roll: Type.Object({
    awaited: Type.Integer(),
    answered: Type.Integer(),
    silent: Type.Integer(),
    catchingUp: Type.Integer(),
    missed: Type.Integer(),
    overtaken: Type.Integer(),
    members: Type.Integer({ description: "the sum of the six before it" }),
    done: Type.Integer(),
    caughtUp: Type.Integer({ description: "of those done, by a command of their own" }),
  }),
  evidence: Type.Array(
    Type.Object({
      at: Time,
      state: GroupStateView,
      what: Type.String(),
      reason: nullable(Type.String()),
      whoName: nullable(Type.String()),
      gatewayId: nullable(Type.String()),
      detail: nullable(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
});

export const NewGroupCommandBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 40 }),
    arguments: Type.Optional(ArgumentsView),
    expiryS: Type.Optional(Type.Integer({ minimum: 5, maximum: 604_800 })),
    place: Type.Optional(PlaceView),
    drill: Type.Optional(Type.Boolean()),
    catchUp: Type.Optional(
      Type.Boolean({ description: "by default silent members get a command of their own" }),
    ),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);

export const RollView = Type.Object({
  items: Type.Array(
    Type.Object({
      address: Address,
      terminalName: Type.String(),
      state: MemberStateView,
      hasKey: Type.Boolean({ description: "held the group's key when it was paged" }),
      result: nullable(Type.String()),
      caughtUp: Type.Boolean(),
      since: Time,
      gatewayId: nullable(Type.String()),
      catchUpId: nullable(Type.String()),
      lastAnsweredAt: nullable(
        Type.String({ format: "date-time", description: "a roll call of this group before" }),
      ),
    }),
  ),
  nextCursor: nullable(Type.String()),
});

export const GroupOutlookView = Type.Object({
  members: Type.Integer(),
  inService: Type.Integer(),
  withKey: Type.Integer(),
  keyOnItsWay: Type.Integer(),
  profile: nullable(Type.String()),
  dangerousAcceptance: nullable(Type.String()),
  zones: Type.Array(Type.Object({ gatewayId: Type.String(), members: Type.Integer() })),
  slots: Type.Integer(),
  rollCallS: Type.Integer(),
  commands: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Label,
      safetyClass: SafetyClassView,
      arguments: Type.Array(
        Type.Object({
          name: Type.String(),
          label: Label,
          kind: Type.Enum(["uint", "int", "bool", "enum"]),
          unit: Type.String(),
          from: Type.Number(),
          to: Type.Number(),
          step: Type.Number(),
          values: Type.Array(Type.Object({ name: Type.String(), label: Label })),
        }),
      ),
      secondPerson: Type.Boolean(),
      needsAcceptance: Type.Boolean(),
      mayBeInCalendar: Type.Boolean(),
      expiryS: Type.Integer(),
      expiryMaxS: Type.Integer(),
      pageMs: Type.Integer({ description: "one page at 1200 bit/s, with the preamble" }),
    }),
  ),
  place: nullable(Type.Object({ latitude: Type.Number(), longitude: Type.Number() })),
});

const TimeOfDay = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
const SwitchView = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: "1 Monday to 7 Sunday",
    }),
    at: Type.Union([
      Type.Object({ kind: Type.Literal("time"), time: TimeOfDay }, closed),
      Type.Object(
        {
          kind: Type.Enum(["sunrise", "sunset"]),
          offsetMin: Type.Integer({ minimum: -180, maximum: 180 }),
          notBefore: nullable(TimeOfDay),
          notAfter: nullable(TimeOfDay),
        },
        closed,
      ),
    ]),
    name: Type.String({ minLength: 1, maxLength: 40 }),
    arguments: ArgumentsView,
  },
  closed,
);
export const CalendarBody = Type.Object(
  {
    isActive: Type.Boolean(),
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    switches: Type.Array(SwitchView, { maxItems: SWITCHES_MAX }),
  },
  closed,
);

export const CalendarView = Type.Object({
  calendar: CalendarBody,
  nextAt: nullable(Time),
  problem: nullable(Type.String({ description: "why its last moment was not carried out" })),
  changedAt: Time,
  changedByName: Type.String(),
  approvedByName: nullable(Type.String({ description: "the second person" })),
  draft: nullable(
    Type.Object(
      {
        calendar: CalendarBody,
        askedAt: Time,
        askedById: Type.String(),
        askedByName: Type.String(),
      },
      { description: "waits for a second person; until then what is in force goes on" },
    ),
  ),
  version: Type.Integer(),
});

export const CalendarDaysBody = Type.Object(
  {
    calendar: CalendarBody,
    from: Type.String({ format: "date" }),
    days: Type.Integer({ minimum: 1, maximum: 366 }),
  },
  closed,
);
export const CalendarDaysView = Type.Object({
  days: Type.Array(
    Type.Object({
      day: Type.String({ format: "date" }),
      sunrise: nullable(Time),
      sunset: nullable(Time),
      moments: Type.Array(
        Type.Object({
          at: Time,
          minute: Type.Integer({
            description: "of the day by its clocks; beyond it where negative or 1440 and more",
          }),
          switch: Type.Integer({ description: "its place in the calendar" }),
        }),
      ),
      sunriseMinute: nullable(Type.Integer()),
      sunsetMinute: nullable(Type.Integer()),
    }),
  ),
});

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const groupCommandView = (
  command: GroupCommandSummary,
): Static<typeof GroupCommandView> => ({
  ...command,
  arguments: { ...command.arguments },
  zones: command.zones.map((zone) => ({ ...zone })),
  createdAt: command.createdAt.toISOString(),
  approveBy: command.approveBy.toISOString(),
  expiresAt: time(command.expiresAt),
  endedAt: time(command.endedAt),
  moment: time(command.moment),
  answersUntil: time(command.answersUntil),
});

export const groupCommandDetailView = (
  command: GroupCommandDetail,
): Static<typeof GroupCommandDetailView> => ({
  ...groupCommandView(command),
  roll: command.roll,
  evidence: command.evidence.map(({ at, state, what, reason, whoName, gatewayId, detail }) => ({
    ...{ at: at.toISOString(), state, what, reason, whoName, gatewayId },
    detail: detail && { ...detail },
  })),
});

export const rollEntryView = (entry: RollEntry) => ({
  ...entry,
  since: entry.since.toISOString(),
  lastAnsweredAt: time(entry.lastAnsweredAt),
});

export const groupOutlookView = (outlook: GroupOutlook): Static<typeof GroupOutlookView> => ({
  ...outlook,
  zones: outlook.zones.map((zone) => ({ ...zone })),
  commands: outlook.commands.map(({ command, ...bound }) => ({
    ...{ name: command.name, label: command.label, safetyClass: command.safetyClass },
    ...{ expiryS: command.expiryS, arguments: command.arguments.map(argumentView) },
    ...bound,
  })),
});

function argumentView(argument: ProfileField) {
  const { name, label, kind, unit, scale, values = [], valueLabels = [] } = argument;
  const [from, to] = rangeOf(argument);
  return {
    ...{ name, label, kind, unit, from, to, step: Math.abs(scale) },
    values: values.map((value, at) => ({ name: value, label: valueLabels[at] ?? label })),
  };
}

export const calendarView = (stored: StoredCalendar): Static<typeof CalendarView> => ({
  calendar: plainCalendar(stored.calendar),
  nextAt: time(stored.nextAt),
  ...{ problem: stored.problem, changedByName: stored.changedByName, version: stored.version },
  changedAt: stored.changedAt.toISOString(),
  approvedByName: stored.approvedByName,
  draft: stored.draft && {
    calendar: plainCalendar(stored.draft.calendar),
    askedAt: stored.draft.askedAt.toISOString(),
    ...{ askedById: stored.draft.askedBy.id, askedByName: stored.draft.askedByName },
  },
});

const plainCalendar = (calendar: Calendar): Static<typeof CalendarBody> => ({
  ...calendar,
  switches: calendar.switches.map(({ days, at, name, arguments: given }) => ({
    ...{ days: [...days], at: { ...at }, name },
    arguments: { ...given },
  })),
});
