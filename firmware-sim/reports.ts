import type { Profile, ProfileReport } from "../domain/devices/profile.ts";
import {
  encodeReport,
  type FieldValue,
  type FieldValues,
  type ReportField,
  unpackFields,
} from "../protocol/report/report.ts";
import type { SimReport, SimValue, SimValues } from "./behaviours/behaviour.ts";

export interface EncodedReport {
  readonly plaintext: Uint8Array;
  readonly reportNumber: number;
  readonly values: FieldValues;
}

/** Younger ones count as measured when they are sent. */
const AGED_FROM_S = 10;

export function encodeSimReport(profile: Profile, report: SimReport, ageS: number): EncodedReport {
  const layout = profile.reports.find(({ name }) => name === report.name);
  if (!layout) throw new RangeError(`profile ${profile.name} has no report ${report.name}`);
  const values = valuesOf(profile, layout, report.values);
  const age = ageS < AGED_FROM_S ? null : ageS;
  const plaintext = encodeReport(layout.number, age, layout.fields, values);
  return { plaintext, reportNumber: layout.number, values };
}

function valuesOf(profile: Profile, layout: ProfileReport, values: SimValues): FieldValues {
  return Object.fromEntries(
    layout.fields.map((field) => {
      const value = values[field.name];
      if (value === undefined && field.notAvailable !== null) return [field.name, null];
      if (value === undefined) {
        throw new RangeError(`${profile.name}.${layout.name}.${field.name} has no value`);
      }
      return [field.name, rawEnum(field, value)];
    }),
  );
}

function rawEnum(field: ReportField, value: SimValue): FieldValue {
  if (typeof value !== "string") return value;
  const index = field.values?.indexOf(value) ?? -1;
  if (index < 0) throw new RangeError(`${field.name} is never ${value}`);
  return index;
}

/** Undefined for a command that the profile does not have; its arguments may still not fit. */
export function readCommand(
  profile: Profile,
  number: number,
  bytes: Uint8Array,
): { readonly name: string; readonly values: FieldValues | undefined } | undefined {
  if (number === profile.display?.number) return { name: "show-text", values: {} };
  const command = profile.commands.find((candidate) => candidate.number === number);
  if (!command) return undefined;
  const unpacked = unpackFields(command.arguments, bytes);
  return { name: command.name, values: unpacked.ok ? unpacked.values : undefined };
}
