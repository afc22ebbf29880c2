import { type Static, Type } from "typebox";
import { LIFE_CYCLES } from "../domain/db/database.ts";
import type { GatewayAccount } from "../domain/devices/gateway-accounts.ts";
import type { DeviceGroup } from "../domain/devices/groups.ts";
import { STOCK_DEEDS } from "../domain/devices/life-cycle.ts";
import { DONE_AT_ONCE_MAX, type StockFilter, type StockTerminal } from "../domain/devices/stock.ts";
import { GROUP_STATES } from "../domain/groups/group-state.ts";
import { IMPORT_FAILURES, IMPORT_KINDS, type ImportRun } from "../domain/imports/imports.ts";
import { ArgumentsView } from "./command-views.ts";
import { Reason } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import { Address, BadTags, page } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const NullableTime = Type.Union([Time, Type.Null()]);
const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableInteger = Type.Union([Type.Integer(), Type.Null()]);
const Latitude = Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()]);
const Longitude = Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()]);
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: "\\S" });
const Version = Type.Integer({ description: "also the ETag of one" });

/** What every route may answer in place of its own. */
export const READ_REFUSALS = { 400: Problem, 401: Problem, 403: Problem, 404: Problem } as const;
export const WRITE_REFUSALS = { ...READ_REFUSALS, 409: Problem, 412: Problem } as const;

export const AddressParams = Type.Object({ address: Address });

const filters = {
  search: Type.Optional(
    Type.String({
      maxLength: 100,
      description: "part of the name, serial or address",
    }),
  ),
  lifeCycle: Type.Optional(Type.Enum([...LIFE_CYCLES])),
  profile: Type.Optional(Type.String({ maxLength: 64 })),
  batch: Type.Optional(Type.String({ maxLength: 64 })),
  quarantined: Type.Optional(Type.Boolean()),
  badTags: Type.Optional(
    Type.Boolean({ description: "whether packets with a wrong tag came under its address" }),
  ),
  importId: Type.Optional(Type.String({ maxLength: 64 })),
  groupId: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295 })),
};
export const StockFilters = Type.Object(filters);
export const stockFilters = filters;

export const filterOf = (query: Static<typeof StockFilters>): StockFilter => ({
  search: query.search,
  lifeCycle: query.lifeCycle,
  profile: query.profile,
  batch: query.batch,
  quarantined: query.quarantined,
  badTags: query.badTags,
  importId: query.importId,
  groupId: query.groupId,
});

export const StockView = Type.Object({
  address: Address,
  serial: Type.String(),
  name: Type.String(),
  profile: Type.String(),
  lifeCycle: Type.Enum([...LIFE_CYCLES]),
  quarantineReason: NullableText,
  badTags: BadTags,
  hardwareVersion: NullableInteger,
  firmwareVersion: NullableInteger,
  batch: NullableText,
  importId: NullableText,
  serviceFrom: NullableText,
  latitude: Type.Union([Type.Number(), Type.Null()]),
  longitude: Type.Union([Type.Number(), Type.Null()]),
  createdAt: Time,
  version: Version,
});
export const StockList = page(StockView);

const Count = Type.Integer({ minimum: 0 });
export const StockCountsView = Type.Object({
  total: Count,
  quarantined: Count,
  withBadTags: Count,
  byLifeCycle: Type.Object({
    ...{ stocked: Count, assigned: Count, installed: Count, accepted: Count },
    ...{ active: Count, suspended: Count, retired: Count },
  }),
});

export const stockView = (terminal: StockTerminal): Static<typeof StockView> => ({
  ...terminal,
  createdAt: terminal.createdAt.toISOString(),
});

const Deed = Type.Enum([...STOCK_DEEDS]);
const GivenReason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: "\\S",
  description: "why, for the audit log",
});
export const StockDeedBody = Type.Object({ deed: Deed, reason: GivenReason });
export const Addresses = Type.Array(Address, { minItems: 1, maxItems: DONE_AT_ONCE_MAX });
export const StockDeedsBody = Type.Object({
  addresses: Addresses,
  deed: Deed,
  reason: GivenReason,
});
export const DoneToManyView = Type.Object({
  done: Type.Array(Address),
  refused: Type.Array(Type.Object({ address: Address, reason: Type.String() })),
});
export const StockEditBody = Type.Object({
  name: Type.Optional(Name),
  batch: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()])),
  latitude: Type.Optional(Latitude),
  longitude: Type.Optional(Longitude),
  reason: Reason,
});

const Kind = Type.Enum([...IMPORT_KINDS]);
export const ImportView = Type.Object({
  id: Type.String(),
  kind: Kind,
  fileName: Type.String(),
  byName: Type.String(),
  dryRun: Type.Boolean({ description: "nothing is added, whatever the result" }),
  skipBad: Type.Boolean({ description: "good lines come in although others are bad" }),
  state: Type.Enum(["running", "done", "failed", "undone"]),
  phase: Type.Enum(["reading", "comparing", "saving", "ended"]),
  linesTotal: Type.Union([Type.Integer(), Type.Null()]),
  linesDone: Type.Integer(),
  added: Type.Integer(),
  bad: Type.Integer({ description: "lines with a problem; one may have several" }),
  failure: Type.Union([Type.String({ description: "for programs" }), Type.Null()]),
  failureText: NullableText,
  startedAt: Time,
  endedAt: NullableTime,
  undoneAt: NullableTime,
});
export const ImportList = page(ImportView);
export const ImportProblemView = Type.Object({
  line: Type.Integer({ description: "counted from 1, the names of the columns among them" }),
  column: Type.String({ description: "empty: the whole line" }),
  code: Type.String({ description: "for programs" }),
  reason: Type.String(),
});
export const ImportProblemList = page(ImportProblemView);

export const importView = (run: ImportRun): Static<typeof ImportView> => ({
  id: run.id,
  kind: run.kind,
  fileName: run.fileName,
  byName: run.byName,
  dryRun: run.dryRun,
  skipBad: run.skipBad,
  state: run.state,
  phase: run.phase,
  linesTotal: run.linesTotal,
  linesDone: run.linesDone,
  added: run.added,
  bad: run.bad,
  failure: run.failure,
  failureText: run.failure === null ? null : IMPORT_FAILURES[run.failure],
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
  undoneAt: run.undoneAt?.toISOString() ?? null,
});

const Note = Type.String({ maxLength: 2_000 });
export const GroupId = Type.Integer({ minimum: 1, maximum: 4_294_967_295 });
export const GroupView = Type.Object({
  id: GroupId,
  name: Type.String(),
  customerId: NullableText,
  note: Type.String(),
  members: Type.Integer(),
  createdAt: Time,
  dangerousAcceptance: NullableText,
  profile: Type.Union([Type.String({ description: "of its members" }), Type.Null()]),
  nextSwitchAt: NullableTime,
  last: Type.Union([
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      arguments: ArgumentsView,
      state: Type.Enum([...GROUP_STATES]),
      createdAt: Time,
    }),
    Type.Null(),
  ]),
  version: Version,
});
export const GroupList = page(GroupView);
export const NewGroupBody = Type.Object({
  name: Name,
  note: Type.Optional(Note),
  customerId: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
  reason: Reason,
});
export const GroupEditBody = Type.Object({
  name: Type.Optional(Name),
  note: Type.Optional(Note),
  dangerousAcceptance: Type.Optional(
    Type.Union([Type.String({ minLength: 20, maxLength: 2_000 }), Type.Null()], {
      description:
        "who accepted, and where that is written, that one extracted key could forge dangerous commands to this group; null takes it back",
    }),
  ),
  reason: Reason,
});
export const ChosenBody = Type.Object({
  addresses: Type.Optional(Addresses),
  filter: Type.Optional(StockFilters),
  reason: Reason,
});
export const MembersChanged = Type.Object({ changed: Type.Integer(), group: GroupView });
export const ReasonBody = Type.Object({ reason: Reason });

export const groupView = (group: DeviceGroup): Static<typeof GroupView> => ({
  ...group,
  createdAt: group.createdAt.toISOString(),
  nextSwitchAt: group.nextSwitchAt?.toISOString() ?? null,
  last: group.last && {
    ...group.last,
    arguments: { ...group.last.arguments },
    createdAt: group.last.createdAt.toISOString(),
  },
});

export const GatewayAccountView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  latitude: Type.Union([Type.Number(), Type.Null()]),
  longitude: Type.Union([Type.Number(), Type.Null()]),
  secretMadeAt: NullableTime,
  retiredAt: NullableTime,
  version: Version,
});
export const GatewayEditBody = Type.Object({
  name: Type.Optional(Name),
  latitude: Type.Optional(Latitude),
  longitude: Type.Optional(Longitude),
  reason: Reason,
});
export const GatewaySecretView = Type.Object({
  gateway: GatewayAccountView,
  username: Type.String(),
  secret: Type.String({ description: "shown in this answer and never again" }),
  brokerUrl: Type.String({ description: "where the gateway finds the broker, for MQTT_URL" }),
});

export const gatewayAccountView = (account: GatewayAccount): Static<typeof GatewayAccountView> => ({
  ...account,
  secretMadeAt: account.secretMadeAt?.toISOString() ?? null,
  retiredAt: account.retiredAt?.toISOString() ?? null,
});
