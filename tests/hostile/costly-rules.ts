import {
  type GeoPoint,
  type GeoShape,
  type RuleSpec,
  SHAPE_POINTS_MAX,
  type Signal,
} from "../../domain/alerting/rule.ts";

export const LIST = `[${Array.from({ length: 32 }, () => "1.0").join()}]`;
export const sum = (part: string, times: number): string =>
  Array.from({ length: times }, () => part).join(" + ");

/** The costliest that is accepted: as many steps as may be, and as many numbers at which the decision may turn. */
export const COSTLY = `${LIST}.all(x, ${sum("x", 12)} > 0.0 && speed < 45.0)`;
export const TURNING = `speed in [${Array.from({ length: 32 }, (_, at) => `${at + 10}.0`).join()}] || ${Array.from({ length: 18 }, (_, at) => `speed > ${at + 50}.5`).join(" || ")}`;

export const circle = (corners: number): readonly GeoPoint[] =>
  Array.from({ length: corners }, (_, at) => ({
    latitude: Number((31 + Math.sin((at / corners) * 2 * Math.PI) / 10).toFixed(5)),
    longitude: Number((121 + Math.cos((at / corners) * 2 * Math.PI) / 10).toFixed(5)),
  }));
const place = (latitude: number, longitude: number): GeoPoint => ({ latitude, longitude });
/** Nearly all its sides lie beside each other, from corner to corner of one box, so that each pair is looked at. */
const slanted = (...rest: readonly GeoPoint[]): readonly GeoPoint[] => [
  ...Array.from({ length: SHAPE_POINTS_MAX - rest.length }, (_, at) =>
    place(at % 2 === 0 ? 30 : 31, Number((121 + at / 10_000 + (at % 2)).toFixed(5))),
  ),
  ...rest,
];
export const SLANTED = slanted(place(32, 123), place(33, 121), place(32, 119), place(29, 119));
/** The last of its sides cross. */
export const BOW = slanted(place(32, 123), place(34, 119), place(34, 123), place(32, 119));
export const polygon = (points: readonly GeoPoint[]): GeoShape => ({
  shape: "polygon",
  points: [...points],
});

/** A rule that tells each time that it turns. */
export const rule = (signal: Signal, profiles: readonly string[] = ["vehicle"]): RuleSpec => ({
  ...{ title: { en: "x", "zh-CN": "某" }, severity: "minor", signal, holdS: 0 },
  ...{ scope: { profiles: [...profiles] }, flap: { count: 10, withinS: 1 } },
});
export const condition = (text: string) => rule({ kind: "condition", condition: text });
export const fence = (points: readonly GeoPoint[], profiles?: readonly string[]) =>
  rule({ kind: "geofence", area: polygon(points), alarmWhen: "inside" }, profiles);
