import type { FieldValue, FieldValues, ReportField } from "../../protocol/report/report.ts";
import type { LabelFile, ProfileFile } from "./profile-schema.ts";

export type Label = Readonly<LabelFile>;

export interface ProfileField extends ReportField {
  readonly label: Label;
  /** An enum's names for people, in the order of `values`. */
  readonly valueLabels?: readonly Label[];
}

export interface ProfileReport {
  readonly number: number;
  readonly name: string;
  readonly label: Label;
  readonly emergency: boolean;
  readonly fields: readonly ProfileField[];
}

type CommandFile = ProfileFile["commands"][number];
export type SafetyClass = CommandFile["safetyClass"];
export type ProfilePrecondition = Readonly<NonNullable<CommandFile["preconditions"]>[number]>;

export interface ProfileCommand {
  readonly number: number;
  readonly name: string;
  readonly label: Label;
  readonly safetyClass: SafetyClass;
  readonly expiryS: number;
  readonly secondPerson: boolean;
  readonly preconditions: readonly ProfilePrecondition[];
  /** Commands, itself perhaps, of which the latest wins. */
  readonly replaces: readonly string[];
  readonly arguments: readonly ProfileField[];
}

export type ProfileEvent = Readonly<ProfileFile["events"][number]>;
export type ProfileSetting = Readonly<ProfileFile["settings"][number]>;
export type ProfileAlertRule = Readonly<ProfileFile["alertRules"][number]>;
export type ProfileDrill = Readonly<NonNullable<ProfileFile["drill"]>>;
export type ProfileDisplay = Readonly<NonNullable<ProfileFile["display"]>>;
export type ProfilePanel = Readonly<ProfileFile["panels"][number]>;

/** All that the house knows of one type of device. */
export interface Profile {
  readonly number: number;
  readonly name: string;
  readonly label: Label;
  readonly icon: string;
  readonly reports: readonly ProfileReport[];
  readonly events: readonly ProfileEvent[];
  readonly commands: readonly ProfileCommand[];
  readonly settings: readonly ProfileSetting[];
  readonly alertRules: readonly ProfileAlertRule[];
  readonly panels: readonly ProfilePanel[];
  readonly drill?: ProfileDrill;
  readonly display?: ProfileDisplay;
  readonly positionFields?: { readonly latitude: string; readonly longitude: string };
}

export interface LabelledValue {
  readonly name: string;
  readonly label: Label;
  readonly value: number | boolean | string | null; // an enum by its name
  readonly valueLabel: Label | null; // an enum for people
  readonly unit: string;
}

export function reportOf(profile: Profile, reportNumber: number): ProfileReport | undefined {
  return profile.reports.find((report) => report.number === reportNumber);
}

export function layoutOf(
  profile: Profile,
  reportNumber: number,
): readonly ProfileField[] | undefined {
  return reportOf(profile, reportNumber)?.fields;
}

/** For people: every field of the report with its label and unit, in the report's order. */
export function describeReport(
  profile: Profile,
  reportNumber: number,
  values: FieldValues,
): readonly LabelledValue[] {
  const fields = layoutOf(profile, reportNumber) ?? [];
  return fields.flatMap((field) => {
    const value = values[field.name];
    if (value === undefined) return [];
    const { name, label, unit } = field;
    return [{ name, label, value: said(field, value), valueLabel: valueLabel(field, value), unit }];
  });
}

/** For the telemetry store: what was measured; a field that the terminal does not know is left out. */
export function telemetryFields(
  profile: Profile,
  reportNumber: number,
  values: FieldValues,
): Readonly<Record<string, number | boolean | string>> {
  const described = describeReport(profile, reportNumber, values);
  const known = described.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]));
  return Object.fromEntries(known) as Record<string, number | boolean | string>;
}

/** A newer firmware may say a value that the profile has no name for yet. */
function said(field: ProfileField, value: FieldValue): LabelledValue["value"] {
  if (field.kind !== "enum" || typeof value !== "number") return value;
  return field.values?.[value] ?? `${value}`;
}

function valueLabel(field: ProfileField, value: FieldValue): Label | null {
  return (typeof value === "number" && field.valueLabels?.[value]) || null;
}
