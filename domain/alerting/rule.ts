import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;

export const ALARM_SEVERITIES = ["critical", "major", "minor", "warning"] as const;
export type Severity = (typeof ALARM_SEVERITIES)[number];

const WEEK_S = 604_800;
const Seconds = (minimum = 0) => Type.Integer({ minimum, maximum: WEEK_S });
const Text = Type.String({ minLength: 1, maxLength: 80, pattern: "\\S" });
const FieldName = Type.String({ pattern: "^[a-z][A-Za-z0-9]*$", maxLength: 40 });
const Expression = Type.String({ minLength: 1, maxLength: 500 });
const TimeOfDay = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });

/** More would hold the process: the crossing check looks at every pair. */
export const SHAPE_POINTS_MAX = 500;
/** More than a request can bring: a shape that has too many is refused in words of its own, by shapeProblem. */
const POINTS_READ_MAX = 5_000;
const Point = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
  },
  closed,
);
const Points = (minItems: number) => Type.Array(Point, { minItems, maxItems: POINTS_READ_MAX });

const Circle = Type.Object(
  {
    shape: Type.Literal("circle"),
    centre: Point,
    radiusM: Type.Number({ minimum: 10, maximum: 500_000 }),
  },
  closed,
);
const Polygon = Type.Object({ shape: Type.Literal("polygon"), points: Points(3) }, closed);
/** Within half its width of a line: a route. */
const Corridor = Type.Object(
  {
    shape: Type.Literal("corridor"),
    points: Points(2),
    widthM: Type.Number({ minimum: 20, maximum: 100_000 }),
  },
  closed,
);
export const GeoShape = Type.Union([Circle, Polygon, Corridor]);
export type GeoShape = Static<typeof GeoShape>;
export type GeoPoint = Static<typeof Point>;

/** Every day of `days` (1 Monday to 7 Sunday) from one time to the other, over midnight when `to` is not later. */
const Hours = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
    from: TimeOfDay,
    to: TimeOfDay,
  },
  closed,
);
export type HoursWindow = Static<typeof Hours>;
const HoursList = Type.Array(Hours, { minItems: 1, maxItems: 14 });

const ConditionSignal = Type.Object(
  {
    kind: Type.Literal("condition"),
    condition: Expression,
    /** Hysteresis: the alarm ends where this is so; without it, where the condition is not. */
    clear: Type.Optional(Expression),
  },
  closed,
);
const GeofenceSignal = Type.Object(
  {
    kind: Type.Literal("geofence"),
    area: GeoShape,
    /** Where it must not be: `inside` tells of entering and staying, `outside` of leaving, `crossing` of passing through as well. */
    alarmWhen: Type.Union([
      Type.Literal("inside"),
      Type.Literal("outside"),
      Type.Literal("crossing"),
    ]),
  },
  closed,
);
const SilenceSignal = Type.Object({ kind: Type.Literal("silence") }, closed);
const RateSignal = Type.Object(
  {
    kind: Type.Literal("rate-of-change"),
    field: FieldName,
    change: Type.Number({ exclusiveMinimum: 0 }),
    withinS: Seconds(1),
    direction: Type.Optional(
      Type.Union([Type.Literal("up"), Type.Literal("down"), Type.Literal("either")]),
    ),
  },
  closed,
);
/** A condition that must hold within the hours (or outside of them, when `expected` is false there). */
const ScheduleSignal = Type.Object(
  {
    kind: Type.Literal("schedule"),
    condition: Expression,
    hours: HoursList,
    /** Outside of the hours the condition must not hold. */
    strict: Type.Boolean(),
  },
  closed,
);
/** Arms where the thing is parked and tells when it leaves that place without being disarmed. */
const GuardSignal = Type.Object(
  {
    kind: Type.Literal("guard"),
    parked: Expression,
    disarmed: Expression,
    armAfterS: Seconds(),
    radiusM: Type.Number({ minimum: 20, maximum: 10_000 }),
  },
  closed,
);
export const Signal = Type.Union([
  ConditionSignal,
  GeofenceSignal,
  SilenceSignal,
  RateSignal,
  ScheduleSignal,
  GuardSignal,
]);
export type Signal = Static<typeof Signal>;
export type SignalKind = Signal["kind"];
export const SIGNAL_KINDS = [
  ...(["condition", "silence", "rate-of-change"] as const),
  ...(["geofence", "schedule", "guard"] as const),
] satisfies readonly SignalKind[];

/** All conditions that are given must fit; a list fits when one of it does. */
const Scope = Type.Object(
  {
    profiles: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 20 }),
    groups: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 100 })),
    assets: Type.Optional(
      Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 1_000 }),
    ),
    customers: Type.Optional(
      Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 1_000 }),
    ),
  },
  closed,
);

/** All that a rule says; a change of it is a new version. */
export const RuleSpec = Type.Object(
  {
    title: Type.Object({ en: Text, "zh-CN": Text }, closed),
    severity: Type.Enum([...ALARM_SEVERITIES]),
    scope: Scope,
    signal: Signal,
    /** So long it must be so before the alarm is raised. */
    holdS: Seconds(),
    /** So long it must be over before the alarm is cleared. */
    clearHoldS: Type.Optional(Seconds()),
    /** In the time zone of the device's customer. Outside of them nothing is raised. */
    hours: Type.Optional(HoursList),
    /** Response clock: the alarm is overdue when nobody has acknowledged it by then. */
    respondS: Type.Optional(Seconds(1)),
    /** Raised so often within that time it stays raised until it was calm for as long. */
    flap: Type.Optional(
      Type.Object(
        { count: Type.Integer({ minimum: 2, maximum: 10 }), withinS: Seconds(1) },
        closed,
      ),
    ),
    /** An alarm opens a case of this kind. */
    opensCase: Type.Optional(Type.Union([Type.Literal("panic"), Type.Literal("breakdown")])),
  },
  closed,
);
export type RuleSpec = Static<typeof RuleSpec>;

export interface Rule {
  readonly id: string;
  readonly version: number;
  readonly spec: RuleSpec;
}

/** What a scope and hours are judged by: who and where the device is now. */
export interface DeviceContext {
  readonly profile: string;
  readonly customerId: string | null;
  readonly assetId: string | null;
  readonly groups: readonly number[];
  readonly timeZone: string;
}

export function isInScope({ scope }: RuleSpec, device: DeviceContext): boolean {
  const { customerId, assetId } = device;
  return (
    scope.profiles.includes(device.profile) &&
    (scope.groups === undefined || scope.groups.some((group) => device.groups.includes(group))) &&
    (scope.assets === undefined || (assetId !== null && scope.assets.includes(assetId))) &&
    (scope.customers === undefined || (customerId !== null && scope.customers.includes(customerId)))
  );
}

export const DEFAULT_FLAP = { count: 4, withinS: 900 } as const;
