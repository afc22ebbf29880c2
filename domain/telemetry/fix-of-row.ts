import type { Profile } from "../devices/profile.ts";
import type { Fix } from "./fix-quality.ts";
import type { HistoryRow, TelemetryValue } from "./telemetry.ts";

const NS_PER_MS = 1_000_000n;

/** Which fields of a device type say where it is and how it moves. */
export interface FixFields {
  readonly latitude: string;
  readonly longitude: string;
  /** These and the others that a fix is made of. */
  readonly asked: readonly string[];
}

const BESIDES = ["speed", "heading", "ignition", "hdop", "fix"] as const;

/** Undefined for a type that does not say where it is. */
export function fixFieldsOf({
  positionFields,
  reports,
}: Pick<Profile, "positionFields" | "reports">): FixFields | undefined {
  if (positionFields === undefined) return undefined;
  const known = new Set(reports.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const { latitude, longitude } = positionFields;
  return {
    ...{ latitude, longitude },
    asked: [latitude, longitude, ...BESIDES.filter((name) => known.has(name))],
  };
}

const numberOf = (value: TelemetryValue | null | undefined): number | null =>
  typeof value === "number" ? value : null;

export function fixOf({ timeNs, values }: HistoryRow, names: FixFields): Fix {
  const { ignition, fix } = values;
  return {
    atMs: Number(timeNs / NS_PER_MS),
    latitude: numberOf(values[names.latitude]),
    longitude: numberOf(values[names.longitude]),
    speedKmh: numberOf(values["speed"]),
    heading: numberOf(values["heading"]),
    ignition: typeof ignition === "boolean" ? ignition : null,
    hdop: numberOf(values["hdop"]),
    hasFix: typeof fix === "string" ? fix !== "none" : null,
  };
}
