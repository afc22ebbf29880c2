import { type Static, type TSchema, Type } from "typebox";
import { COUNTED_MAX } from "../domain/db/counted.ts";
import { SAFETY_CLASSES } from "../domain/devices/profile-schema.ts";
import { BAD_TAGS_COUNTED_MAX } from "../domain/devices/stock.ts";

/** What the API shows: times are ISO 8601 in UTC, addresses decimal, angles in degrees (WGS 84). */

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Address = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const Degrees = nullable(Type.Number());
export const Scalar = Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]);
export const Label = Type.Object({ en: Type.String(), "zh-CN": Type.String() });

export const page = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: nullable(
      Type.String({ description: "Give it as `cursor` for the next page; null at the end" }),
    ),
  });

const terminalSummary = {
  address: Address,
  serial: Type.String(),
  name: Type.String(),
  profile: Type.String(),
  lifeCycle: Type.String(),
  latitude: Degrees,
  longitude: Degrees,
  measuredAt: nullable(Time),
  receivedAt: nullable(Time),
  batteryPercent: nullable(Type.Integer({ description: "percent; null when unknown or on mains" })),
};
export const TerminalSummary = Type.Object(terminalSummary);

/** A search or filter is counted to a limit, so that a page never waits for its total. */
export const totals = {
  total: Type.Integer({
    description: `how many match, over all pages; of a search or filter at most ${COUNTED_MAX}`,
  }),
  moreMatch: Type.Boolean({ description: "more match than `total` says" }),
};

export const TerminalList = Type.Object({
  ...page(TerminalSummary).properties,
  ...totals,
});

export const LatestValue = Type.Object({
  name: Type.String(),
  label: Label,
  value: Scalar,
  unit: Type.String(),
  report: Type.String(),
  measuredAt: Time,
});

export const BadTags = nullable(
  Type.Integer({
    minimum: 0,
    maximum: BAD_TAGS_COUNTED_MAX,
    description: `packets with a wrong tag under its address that the packet log has, counted to ${BAD_TAGS_COUNTED_MAX}; null for a customer's people`,
  }),
);

export const Terminal = Type.Object({
  ...terminalSummary,
  hardwareVersion: nullable(Type.Integer()),
  firmwareVersion: nullable(Type.Integer()),
  positionSource: nullable(
    Type.String({
      description: "terminal, network (arrival times), signal (strength) or installed",
    }),
  ),
  positionEllipse: nullable(
    Type.Object(
      {
        majorM: Type.Number(),
        minorM: Type.Number(),
        bearingDeg: Type.Number(),
        gateways: Type.Integer(),
      },
      {
        description:
          "Of a position that the network found: half axes of the ellipse that holds the true place 95 times of 100, and the longer one's direction clockwise from north",
      },
    ),
  ),
  values: Type.Array(LatestValue),
  lastReceptions: Type.Array(
    Type.Object({
      gatewayId: Type.String(),
      rssiDbm: nullable(Type.Number()),
      snrDb: Type.Number(),
      receivedAt: Time,
    }),
  ),
  badTags: BadTags,
  session: nullable(
    Type.Object({
      state: Type.String(),
      since: Time,
      highestCounter: Type.Integer({ description: "-1 before the first packet" }),
    }),
  ),
});

export const Position = Type.Object({
  address: Address,
  name: Type.String(),
  profile: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  measuredAt: nullable(Time),
  heardAt: nullable(Type.String({ format: "date-time", description: "last report or attach" })),
  source: Type.String({ description: "terminal: its own fix; installed: where it was put up" }),
  heading: nullable(Type.Number({ description: "degrees from north, clockwise" })),
  speed: nullable(Type.Number({ description: "km/h" })),
});
export const PositionList = Type.Object({ items: Type.Array(Position) });

export const History = Type.Object({
  fields: Type.Array(Type.String()),
  points: Type.Array(Type.Object({ time: Time, values: Type.Record(Type.String(), Scalar) })),
  truncated: Type.Boolean({
    description: "there are more points than `limit`: the newest are given",
  }),
});

export const Track = Type.Object({
  points: Type.Array(
    Type.Object({
      time: Time,
      latitude: Type.Number(),
      longitude: Type.Number(),
      source: Type.String(),
    }),
  ),
  truncated: Type.Boolean(),
});

const packetSummary = {
  id: Type.String(),
  address: nullable(Address),
  terminalName: nullable(Type.String()),
  profile: nullable(Type.String()),
  type: Type.String(),
  verdict: Type.String(),
  report: nullable(Type.String()),
  counter: nullable(Type.Integer()),
  measuredAt: nullable(Time),
  receivedAt: Time,
  storedAt: Time,
  gateways: Type.Array(Type.String()),
  bestRssiDbm: nullable(Type.Number()),
  bestSnrDb: nullable(Type.Number()),
  bytes: Type.Integer(),
  fields: Type.Record(Type.String(), Scalar),
  drill: Type.Boolean(),
};
export const PacketSummary = Type.Object(packetSummary);
export const PacketList = page(PacketSummary);

export const Packet = Type.Object({
  ...packetSummary,
  payloadHex: Type.String(),
  plaintextHex: nullable(Type.String()),
  session: nullable(Type.String({ description: "network nonce, 8 hexadecimal digits" })),
  confirm: Type.Boolean({ description: "the terminal asked for an acknowledgement" }),
  belowWindow: Type.Boolean({ description: "too old to trigger anything" }),
  acknowledges: nullable(Type.Object({ pageSequence: Type.Integer(), result: Type.Integer() })),
  fault: nullable(Type.String()),
  receptions: Type.Array(
    Type.Object({
      gatewayId: Type.String(),
      modemId: Type.String(),
      verdict: Type.String(),
      receivedAt: Time,
      rssiDbm: nullable(Type.Number()),
      snrDb: Type.Number(),
      carrierHz: Type.Number(),
      fragmentsTotal: Type.Integer(),
      fragmentsLost: Type.Integer(),
      clockState: Type.Integer(),
      clockErrorNs: nullable(Type.Integer()),
      backfilled: Type.Boolean(),
    }),
  ),
  usage: nullable(
    Type.Object({ kind: Type.String(), bytes: Type.Integer(), late: Type.Boolean() }),
  ),
  triggered: Type.Array(Type.String()),
});

export const GatewayView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  latitude: Degrees,
  longitude: Degrees,
  online: Type.Boolean(),
  since: nullable(Time),
  seenAt: nullable(Time),
  modems: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      connected: Type.Boolean(),
      clockState: Type.Integer({ description: "0 free, 1 holdover, 2 locked" }),
      clockErrorNs: nullable(Type.Integer()),
      headersFound: Type.Integer(),
      overruns: Type.Integer(),
      badFrames: Type.Integer(),
      temperatureC: nullable(Type.Integer()),
      uptimeS: Type.Integer(),
      firmware: Type.String(),
    }),
  ),
  counters: Type.Record(Type.String(), Type.Number()),
  packetsLastHour: Type.Integer(),
});
export const GatewayList = Type.Object({ items: Type.Array(GatewayView) });

const FieldView = Type.Object({
  name: Type.String(),
  label: Label,
  unit: Type.String(),
  kind: Type.String(),
  values: Type.Optional(Type.Array(Type.String())),
  valueLabels: Type.Optional(
    Type.Array(Label, { description: "an enum's names for people, in the order of values" }),
  ),
});

export const ProfileView = Type.Object({
  number: Type.Integer(),
  name: Type.String(),
  label: Label,
  icon: Type.String(),
  reports: Type.Array(
    Type.Object({
      number: Type.Integer(),
      name: Type.String(),
      label: Label,
      fields: Type.Array(FieldView),
    }),
  ),
  commands: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Label,
      safetyClass: Type.Enum([...SAFETY_CLASSES]),
      secondPerson: Type.Boolean({ description: "somebody else must approve it" }),
      arguments: Type.Array(
        Type.Object({
          ...FieldView.properties,
          minimum: Type.Optional(Type.Number()),
          maximum: Type.Optional(Type.Number()),
          step: Type.Optional(Type.Number()),
        }),
      ),
    }),
    { description: "what a terminal of this type may be told" },
  ),
  events: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Label,
      report: Type.String(),
      field: Type.String(),
      equals: Type.Union([Type.Boolean(), Type.String()]),
      severity: Type.String(),
    }),
    { description: "what has a name of its own: a report whose field says so" },
  ),
  panels: Type.Array(
    Type.Object({ title: Label, fields: Type.Array(Type.String()), kind: Type.String() }),
  ),
});

export const ConsoleConfig = Type.Object({
  version: Type.String(),
  demo: Type.Boolean(),
  simulated: Type.Boolean({ description: "whether terminals are simulated here" }),
  map: Type.Object({
    styleUrl: nullable(Type.String()),
    streetsUrl: nullable(Type.String()),
    bounds: Type.Array(Type.Number(), {
      minItems: 4,
      maxItems: 4,
      description: "west, south, east, north",
    }),
  }),
});

export const Health = Type.Object({
  status: Type.Union([Type.Literal("ok"), Type.Literal("degraded")]),
  parts: Type.Record(
    Type.String(),
    Type.Object(
      { status: Type.Union([Type.Literal("ok"), Type.Literal("degraded")]), doing: Type.String() },
      { additionalProperties: true },
    ),
  ),
});

export type PacketSummaryView = Static<typeof PacketSummary>;
export type ProfileViewType = Static<typeof ProfileView>;
export type PacketView = Static<typeof Packet>;
export type TerminalSummaryView = Static<typeof TerminalSummary>;
export type TerminalView = Static<typeof Terminal>;
export type GatewayViewType = Static<typeof GatewayView>;
export type PositionView = Static<typeof Position>;
export type HealthView = Static<typeof Health>;
export type HealthPart = HealthView["parts"][string];
