import type { Area, GeoPoint, Hours, RuleSpec, Signal, SignalKind } from "./rule-queries.ts";

/** A rule as it is being written: every kind's fields at once, so that a change of kind loses nothing. */
export interface Draft {
  readonly titleEn: string;
  readonly titleZh: string;
  readonly severity: RuleSpec["severity"];
  readonly profiles: readonly string[];
  readonly groups: readonly number[];
  readonly assets: readonly string[];
  readonly customers: readonly string[];
  readonly kind: SignalKind;
  readonly condition: string;
  readonly clear: string;
  readonly field: string;
  readonly change: number | null;
  readonly withinS: number | null;
  readonly direction: "up" | "down" | "either";
  readonly shape: Area["shape"];
  readonly centre: GeoPoint | null;
  readonly radiusM: number | null;
  readonly points: readonly GeoPoint[];
  readonly widthM: number | null;
  readonly alarmWhen: "inside" | "outside" | "crossing";
  readonly plan: readonly Hours[];
  readonly strict: boolean;
  readonly parked: string;
  readonly disarmed: string;
  readonly armAfterS: number | null;
  readonly guardRadiusM: number | null;
  readonly holdS: number | null;
  readonly clearHoldS: number | null;
  readonly hours: readonly Hours[];
  readonly respondS: number | null;
  readonly flapCount: number | null;
  readonly flapWithinS: number | null;
  readonly opensCase: "none" | "panic" | "breakdown";
}

export const WORKDAYS: Hours = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00" };

export const NEW_DRAFT: Draft = {
  ...{ titleEn: "", titleZh: "", severity: "minor", kind: "condition" },
  ...{ profiles: [], groups: [], assets: [], customers: [] },
  ...{ condition: "", clear: "", field: "", change: null, withinS: 600, direction: "either" },
  ...{ shape: "polygon", centre: null, radiusM: 500, points: [], widthM: 200 },
  ...{ alarmWhen: "inside", plan: [WORKDAYS], strict: false },
  ...{ parked: "", disarmed: "", armAfterS: 300, guardRadiusM: 100 },
  ...{ holdS: 0, clearHoldS: null, hours: [], respondS: null },
  ...{ flapCount: null, flapWithinS: null, opensCase: "none" },
};

export const POINTS_MAX = 500;
const POINTS_MIN = { polygon: 3, corridor: 2 } as const;

/** What is not there yet, or is more than a rule may hold: the screen says it at the field. */
export const GAPS = [
  ...(["title", "profiles", "condition", "parked", "disarmed", "field", "change"] as const),
  ...(["within", "centre", "radius", "points", "points-many", "width", "plan"] as const),
  ...(["arm-after", "hold", "flap"] as const),
];
export type Gap = (typeof GAPS)[number];

export interface Written {
  /** Undefined while anything is missing but the title, which decides nothing. */
  readonly spec: RuleSpec | undefined;
  readonly gaps: ReadonlySet<Gap>;
}

/** The rule that a draft says. One title stands in for the other language's. */
export function specOf(draft: Draft): Written {
  const gaps = new Set<Gap>();
  const need = <T>(gap: Gap, value: T | null | undefined): T | undefined => {
    if (value === null || value === undefined || value === "") gaps.add(gap);
    return value ?? undefined;
  };
  const [en, zh] = [draft.titleEn.trim(), draft.titleZh.trim()];
  const title = need("title", en || zh) || "—";
  if (draft.profiles.length === 0) gaps.add("profiles");
  const holdS = need("hold", draft.holdS);
  if ((draft.flapCount === null) !== (draft.flapWithinS === null)) gaps.add("flap");
  const signal = signalOf(draft, need, gaps);
  const isWhole = [...gaps].every((gap) => gap === "title");
  if (!isWhole || signal === undefined || holdS === undefined) return { spec: undefined, gaps };
  return {
    gaps,
    spec: {
      title: { en: en || title, "zh-CN": zh || title },
      severity: draft.severity,
      scope: scopeOf(draft),
      signal,
      holdS,
      ...restOf(draft),
    },
  };
}

const scopeOf = ({ profiles, groups, assets, customers }: Draft): RuleSpec["scope"] => ({
  profiles: [...profiles],
  ...(groups.length === 0 ? {} : { groups: [...groups] }),
  ...(assets.length === 0 ? {} : { assets: [...assets] }),
  ...(customers.length === 0 ? {} : { customers: [...customers] }),
});

function restOf(draft: Draft): Partial<RuleSpec> {
  const { clearHoldS, hours, respondS, flapCount, flapWithinS, opensCase } = draft;
  return {
    ...(clearHoldS === null ? {} : { clearHoldS }),
    ...(hours.length === 0 ? {} : { hours: [...hours] }),
    ...(respondS === null ? {} : { respondS }),
    ...(flapCount === null || flapWithinS === null
      ? {}
      : { flap: { count: flapCount, withinS: flapWithinS } }),
    ...(opensCase === "none" ? {} : { opensCase }),
  };
}

type Need = <T>(gap: Gap, value: T | null | undefined) => T | undefined;

function signalOf(draft: Draft, need: Need, gaps: Set<Gap>): Signal | undefined {
  const { kind, condition, clear } = draft;
  switch (kind) {
    case "silence":
      return { kind };
    case "condition":
      need("condition", condition.trim());
      return { kind, condition, ...(clear.trim() === "" ? {} : { clear }) };
    case "schedule":
      need("condition", condition.trim());
      if (draft.plan.length === 0) gaps.add("plan");
      return { kind, condition, hours: [...draft.plan], strict: draft.strict };
    case "rate-of-change":
      return rateOf(draft, need);
    case "geofence": {
      const area = areaOf(draft, need, gaps);
      return area && { kind, area, alarmWhen: draft.alarmWhen };
    }
    case "guard":
      return guardOf(draft, need);
  }
}

function rateOf(draft: Draft, need: Need): Signal | undefined {
  const field = need("field", draft.field);
  const change = need("change", draft.change);
  const withinS = need("within", draft.withinS);
  if (field === undefined || change === undefined || withinS === undefined) return undefined;
  return { kind: "rate-of-change", field, change, withinS, direction: draft.direction };
}

function guardOf(draft: Draft, need: Need): Signal | undefined {
  need("parked", draft.parked.trim());
  need("disarmed", draft.disarmed.trim());
  const armAfterS = need("arm-after", draft.armAfterS);
  const radiusM = need("radius", draft.guardRadiusM);
  if (armAfterS === undefined || radiusM === undefined) return undefined;
  return { kind: "guard", parked: draft.parked, disarmed: draft.disarmed, armAfterS, radiusM };
}

function areaOf(draft: Draft, need: Need, gaps: Set<Gap>): Area | undefined {
  if (draft.shape === "circle") {
    const centre = need("centre", draft.centre);
    const radiusM = need("radius", draft.radiusM);
    return centre && radiusM !== undefined ? { shape: "circle", centre, radiusM } : undefined;
  }
  const points = [...draft.points];
  if (points.length < POINTS_MIN[draft.shape]) gaps.add("points");
  if (points.length > POINTS_MAX) gaps.add("points-many");
  if (draft.shape === "polygon") return { shape: "polygon", points };
  const widthM = need("width", draft.widthM);
  return widthM === undefined ? undefined : { shape: "corridor", points, widthM };
}

/** A draft that says the rule again. */
export function draftOf(spec: RuleSpec): Draft {
  const { title, severity, scope, holdS, clearHoldS, hours, respondS, flap, opensCase } = spec;
  return {
    ...NEW_DRAFT,
    titleEn: title.en,
    titleZh: title["zh-CN"],
    severity,
    profiles: scope.profiles,
    groups: scope.groups ?? [],
    assets: scope.assets ?? [],
    customers: scope.customers ?? [],
    holdS,
    clearHoldS: clearHoldS ?? null,
    hours: hours ?? [],
    respondS: respondS ?? null,
    flapCount: flap?.count ?? null,
    flapWithinS: flap?.withinS ?? null,
    opensCase: opensCase ?? "none",
    ...ofSignal(spec.signal),
  };
}

function ofSignal(signal: Signal): Partial<Draft> {
  const { kind } = signal;
  switch (signal.kind) {
    case "silence":
      return { kind };
    case "condition":
      return { kind, condition: signal.condition, clear: signal.clear ?? "" };
    case "schedule":
      return { kind, condition: signal.condition, plan: signal.hours, strict: signal.strict };
    case "rate-of-change": {
      const { field, change, withinS, direction = "either" } = signal;
      return { kind, field, change, withinS, direction };
    }
    case "geofence":
      return { kind, alarmWhen: signal.alarmWhen, ...ofArea(signal.area) };
    case "guard": {
      const { parked, disarmed, armAfterS, radiusM } = signal;
      return { kind, parked, disarmed, armAfterS, guardRadiusM: radiusM };
    }
  }
}

function ofArea(area: Area): Partial<Draft> {
  const { shape } = area;
  if (area.shape === "circle") return { shape, centre: area.centre, radiusM: area.radiusM };
  if (area.shape === "polygon") return { shape, points: area.points };
  return { shape, points: area.points, widthM: area.widthM };
}
