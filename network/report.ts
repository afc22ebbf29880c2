import type { StateValue } from "../domain/db/database.ts";
import type { ProfileAlertRule, ProfileCommand } from "../domain/devices/profile.ts";
import type { LastPosition } from "../domain/packets/uplink-changes.ts";
import type { TelemetryPoint } from "../domain/telemetry/telemetry.ts";
import { decodeReport, type ReportFault, type ReportField } from "../protocol/report/report.ts";

/** What this process needs of a profile. */
export interface ReportProfile {
  readonly name: string;
  readonly number: number;
  readonly reports: readonly ProfileReport[];
  readonly positionFields?: { readonly latitude: string; readonly longitude: string } | undefined;
  /** Alert rules that are installed for it. */
  readonly alertRules?: readonly ProfileAlertRule[] | undefined;
  readonly commands?: readonly ProfileCommand[] | undefined;
}

export interface ProfileReport {
  readonly number: number;
  readonly name: string;
  readonly fields: readonly ReportField[];
}

/** Enums are their labels; null is what the terminal itself does not know. */
export type Reading = number | boolean | string | null;

export interface Report {
  readonly number: number;
  readonly name: string;
  readonly ageS: number;
  readonly layout: readonly ReportField[];
  readonly readings: Readonly<Record<string, Reading>>;
}

export type ReadReport =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly fault: ReportFault | "unknown-profile" };

export function readReport(plaintext: Uint8Array, profile: ReportProfile | undefined): ReadReport {
  if (!profile) return { ok: false, fault: "unknown-profile" };
  const layoutOf = (number: number) => profile.reports.find((report) => report.number === number);
  const decoded = decodeReport(plaintext, (number) => layoutOf(number)?.fields);
  if (!decoded.ok) return decoded;
  const layout = layoutOf(decoded.reportNumber);
  if (!layout) return { ok: false, fault: "unknown-report" };
  const readings = layout.fields.map((field) => [
    field.name,
    readingOf(field, decoded.values[field.name] ?? null),
  ]);
  return {
    ok: true,
    report: {
      number: layout.number,
      name: layout.name,
      ageS: decoded.ageS ?? 0,
      layout: layout.fields,
      readings: Object.fromEntries(readings) as Report["readings"], // built from pairs of the right kind
    },
  };
}

function readingOf(field: ReportField, value: number | boolean | null): Reading {
  if (field.kind !== "enum" || typeof value !== "number") return value;
  return field.values?.[value] ?? `${value}`; // firmware newer than the profile
}

const MS_NS = 1_000_000n;

/**
 * When it was measured, fixed once: a point's identity in the telemetry store. The counter gives the nanoseconds
 * below the millisecond, so that no two reports of a terminal share a time.
 */
export function measuredTimeNs(receivedAtNs: bigint, ageS: number, counter: number): bigint {
  const measured = receivedAtNs - BigInt(ageS) * 1_000_000_000n;
  return measured - (measured % MS_NS) + (BigInt(counter) % MS_NS);
}

export function fixOf(
  { readings }: Report,
  profile: ReportProfile | undefined,
  measuredAtNs: bigint,
): LastPosition | undefined {
  if (!profile?.positionFields) return undefined;
  const latitude = readings[profile.positionFields.latitude];
  const longitude = readings[profile.positionFields.longitude];
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  return { latitude, longitude, measuredAtNs };
}

/** Undefined when the terminal knew none of its readings. */
export function pointOf(
  { name, readings }: Report,
  measurement: string,
  address: number,
  timeNs: bigint,
): TelemetryPoint | undefined {
  const known = Object.entries(readings).filter(([, reading]) => reading !== null);
  if (known.length === 0) return undefined;
  return {
    measurement,
    tags: { terminal: String(address), report: name },
    timeNs,
    fields: Object.fromEntries(known) as TelemetryPoint["fields"], // null was left out
  };
}

export function stateValues(report: Report, measuredAtNs: bigint): Record<string, StateValue> {
  const at = String(measuredAtNs);
  return Object.fromEntries(
    Object.entries(report.readings).map(([name, value]) => [
      name,
      { value, measuredAtNs: at, report: report.name },
    ]),
  );
}
