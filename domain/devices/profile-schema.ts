import { type Static, Type } from "typebox";
import { FIELD_KINDS, REPORT_NUMBER_MAX } from "../../protocol/report/report.ts";

const closed = { additionalProperties: false } as const;

// what a pattern wants, in words: the message of a profile's error says these
export const PATTERNS: Readonly<Record<string, string>> = {
  "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "lower-case words joined by hyphens",
  "^[a-z][A-Za-z0-9]*$": "one word in camel case",
  "\\S": "some text",
  "^([01][0-9]|2[0-3]):[0-5][0-9]$": "a time as 22:30",
};
const [KEBAB = "", CAMEL = "", TEXT = "", CLOCK = ""] = Object.keys(PATTERNS);

const Name = Type.String({ pattern: KEBAB, maxLength: 40 });
const FieldName = Type.String({ pattern: CAMEL, maxLength: 40 });
const Expression = Type.String({ pattern: TEXT, maxLength: 500 });
const Text = Type.String({ pattern: TEXT, maxLength: 80 });
const Label = Type.Object({ en: Text, "zh-CN": Text }, closed);
const Seconds = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });

const Field = Type.Object(
  {
    name: FieldName,
    label: Label,
    bits: Type.Integer({ minimum: 1, maximum: 32 }),
    kind: Type.Enum([...FIELD_KINDS]),
    scale: Type.Optional(Type.Number()),
    offset: Type.Optional(Type.Number()),
    unit: Type.Optional(Type.String({ maxLength: 16 })),
    notAvailable: Type.Optional(Type.Integer()),
    values: Type.Optional(
      Type.Array(Type.Object({ name: Name, label: Label }, closed), { minItems: 1 }),
    ),
  },
  closed,
);

const Report = Type.Object(
  {
    number: Type.Integer({ minimum: 0, maximum: REPORT_NUMBER_MAX }),
    name: Name,
    label: Label,
    emergency: Type.Optional(Type.Boolean()),
    fields: Type.Array(Field, { minItems: 1 }),
  },
  closed,
);

export const SEVERITIES = ["critical", "major", "minor", "warning"] as const;

/** Something worth a name that a report says: a field that takes this value. */
const Event = Type.Object(
  {
    name: Name,
    label: Label,
    report: Name,
    field: FieldName,
    equals: Type.Union([Type.Boolean(), Name]),
    severity: Type.Enum([...SEVERITIES]),
  },
  closed,
);

export const DRILL_KINDS = ["siren", "panic", "elevator"] as const;

/** From harmless to what may hurt someone; the last two go to groups only with consent in writing. */
export const SAFETY_CLASSES = [
  "information",
  "convenience",
  "operational",
  "dangerous",
  "life-safety",
] as const;

const Precondition = Type.Object(
  { condition: Expression, valuesAtMostOldS: Seconds(1, 86_400), label: Label },
  closed,
);

const Command = Type.Object(
  {
    number: Type.Integer({ minimum: 2, maximum: 255 }), // 0 and 1 carry group keys
    name: Name,
    label: Label,
    safetyClass: Type.Enum([...SAFETY_CLASSES]),
    expiryS: Seconds(5, 604_800),
    secondPerson: Type.Optional(Type.Boolean()),
    preconditions: Type.Optional(Type.Array(Precondition)),
    replaces: Type.Optional(Type.Array(Name)), // earlier commands that it makes pointless: the latest wins
    arguments: Type.Array(Field),
  },
  closed,
);

/** A lasting choice of the terminal, changed by one argument of a command; the latest wins. */
const Setting = Type.Object(
  {
    name: FieldName,
    label: Label,
    command: Name,
    argument: FieldName,
    default: Type.Union([Type.Number(), Type.Boolean(), Name]),
  },
  closed,
);

const TimeOfDay = Type.String({ pattern: CLOCK });
/** Days from 1 Monday to 7 Sunday; over midnight when `to` is not later than `from`. */
const Hours = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
    from: TimeOfDay,
    to: TimeOfDay,
  },
  closed,
);

const ruleHead = {
  key: Name,
  label: Label,
  severity: Type.Enum([...SEVERITIES]),
  holdS: Seconds(0, 604_800),
};
const AlertRule = Type.Object(
  {
    ...ruleHead,
    kind: Type.Enum(["condition", "silence", "rate-of-change", "guard"]),
    condition: Type.Optional(Expression), // CEL over the report's fields; `previous.x` is the value before
    clear: Type.Optional(Expression), // hysteresis: without it the alarm ends where it began
    field: Type.Optional(FieldName), // rate-of-change: this much, up or down, within this time
    change: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    withinS: Type.Optional(Seconds(1, 604_800)),
    direction: Type.Optional(Type.Enum(["up", "down", "either"])),
    parked: Type.Optional(Expression), // guard: arms where this was so for a time,
    disarmed: Type.Optional(Expression), // until this is so,
    armAfterS: Type.Optional(Seconds(0, 604_800)),
    radiusM: Type.Optional(Type.Number({ minimum: 20, maximum: 10_000 })), // and tells when it is farther from there
    clearHoldS: Type.Optional(Seconds(0, 604_800)),
    hours: Type.Optional(Type.Array(Hours, { minItems: 1, maxItems: 14 })),
    respondS: Type.Optional(Seconds(1, 604_800)), // response clock: overdue unless acknowledged by then
    opensCase: Type.Optional(Type.Enum(["panic", "breakdown"])),
  },
  closed,
);

/** What a drill asks a terminal of this type to rehearse: the command goes out with the drill flag, and nothing is done. */
const Drill = Type.Object(
  {
    kind: Type.Enum([...DRILL_KINDS]),
    command: Name,
    arguments: Type.Optional(
      Type.Record(FieldName, Type.Union([Type.Number(), Type.Boolean(), Name])),
    ),
  },
  closed,
);

/** A display that shows the text of a command with this number: UTF-8, of so many bytes at most. */
const Display = Type.Object(
  {
    number: Type.Integer({ minimum: 2, maximum: 255 }),
    bytes: Type.Integer({ minimum: 16, maximum: 45 }), // what a page has room for
  },
  closed,
);

const Panel = Type.Object(
  {
    title: Label,
    kind: Type.Enum(["line", "gauge", "state", "map"]),
    fields: Type.Array(FieldName, { minItems: 1 }),
  },
  closed,
);

/** A file of profiles/: all there is to say about one type of device. */
export const ProfileFile = Type.Object(
  {
    number: Type.Integer({ minimum: 1, maximum: 65_535 }),
    name: Name,
    label: Label,
    icon: Name,
    reports: Type.Array(Report, { minItems: 1 }),
    events: Type.Array(Event),
    commands: Type.Array(Command),
    settings: Type.Array(Setting),
    alertRules: Type.Array(AlertRule),
    panels: Type.Array(Panel),
    drill: Type.Optional(Drill),
    display: Type.Optional(Display),
    positionFields: Type.Optional(
      Type.Object({ latitude: FieldName, longitude: FieldName }, closed),
    ),
  },
  closed,
);

export type ProfileFile = Static<typeof ProfileFile>;
export type FieldFile = Static<typeof Field>;
export type LabelFile = Static<typeof Label>;
