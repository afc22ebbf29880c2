import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { ASSET_KINDS } from "../devices/assets.ts";

/** What a field engineer does, a step at a time. A step's id and time are the phone's own. */

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const Id = Type.String({ pattern: "^[0-9a-zA-Z-]{1,64}$" });
const Latitude = Type.Number({ minimum: -90, maximum: 90 });
const Longitude = Type.Number({ minimum: -180, maximum: 180 });

export const WALK_TEST_VERDICTS = ["pass", "weak", "fail"] as const;
export type WalkTestVerdict = (typeof WALK_TEST_VERDICTS)[number];

export const NewAsset = Type.Object({
  kind: Type.Enum([...ASSET_KINDS]),
  name: Text(200),
  plate: Type.Optional(Text(40)),
  vin: Type.Optional(Text(40)),
});

/** What each kind of step says. */
export const STEP_DATA = {
  claim: Type.Object({ serial: Text(64) }),
  bind: Type.Object({
    customerId: Id,
    asset: Type.Union([Type.Object({ id: Id }), NewAsset]),
  }),
  place: Type.Object({
    latitude: Latitude,
    longitude: Longitude,
    accuracyM: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6 })),
  }),
  attach: Type.Object({}),
  /** It begins now; what is heard from here on counts. */
  "walk-test": Type.Object({}),
  result: Type.Object({
    verdict: Type.Enum([...WALK_TEST_VERDICTS]),
    reason: Type.Optional(Text(500)),
  }),
  photo: Type.Object({ photoId: Id }),
  note: Type.Object({ text: Text(2_000) }),
  signature: Type.Object({ photoId: Id, name: Text(200) }),
  accept: Type.Object({ serviceFrom: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }) }),
  undo: Type.Object({ reason: Text(500) }),
} as const;

export type StepKind = keyof typeof STEP_DATA;
export const STEP_KINDS = Object.keys(STEP_DATA) as readonly StepKind[];

export type Step = {
  [Kind in StepKind]: {
    readonly id: string;
    readonly kind: Kind;
    /** When the engineer did it, ms since the Unix epoch by the phone's clock. */
    readonly atMs: number;
    readonly data: Static<(typeof STEP_DATA)[Kind]>;
  };
}[StepKind];

export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

export type ParsedStep =
  | { readonly ok: true; readonly step: Step }
  | { readonly ok: false; readonly fault: string };

/** Checks what came from a phone or from the database. */
export function parseStep(id: string, kind: string, atMs: number, data: unknown): ParsedStep {
  if (!isStepKind(kind))
    return { ok: false, fault: `kind must be one of ${STEP_KINDS.join(", ")}` };
  const schema = STEP_DATA[kind];
  if (Value.Check(schema, data)) return { ok: true, step: { id, kind, atMs, data } as Step }; // just checked
  const [first] = Value.Errors(schema, data);
  const at = first?.instancePath.replaceAll("/", ".") ?? "";
  return { ok: false, fault: `${kind}${at}: ${first?.message ?? "is wrong"}` };
}

const isStepKind = (kind: string): kind is StepKind => Object.hasOwn(STEP_DATA, kind);

/** The order in which things were done: the phone's time, then the id, whatever came first. */
export const inOrder = (steps: readonly Step[]): readonly Step[] =>
  steps.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : Number(a.id > b.id)));
