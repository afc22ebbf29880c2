import { toHex } from "../../protocol/hex.ts";
import {
  type DecodedReport,
  decodeReport,
  encodeReport,
  FIELD_KINDS,
  type FieldValue,
  type FieldValues,
  type ReportField,
} from "../../protocol/report/report.ts";
import { differences } from "./differences.ts";
import {
  type Fields,
  hexBytes,
  integer,
  number,
  object,
  objects,
  oneOf,
  ShapeError,
  text,
} from "./vector-fields.ts";

const VALUE_TOLERANCE = 1e-9;

export function checkReport(given: Fields, out: Fields): string[] {
  const fields = fieldsOf(given);
  const ageS = given["age_s"] === null ? null : number(given, "age_s");
  const values = valuesOf(object(given, "values"));
  const plaintext = encodeReport(integer(given, "report_number"), ageS, fields, values);
  const decoded = decodeReport(hexBytes(out, "plaintext"), () => fields);
  const ours = { plaintext: toHex(plaintext), decoded: reportFields(decoded) };
  return differences(out, ours, "out", VALUE_TOLERANCE);
}

export function checkReportDecode(given: Fields, out: Fields): string[] {
  const fields = fieldsOf(given);
  const decoded = decodeReport(hexBytes(given, "plaintext"), () => fields);
  return differences(out, { decoded: reportFields(decoded) }, "out", VALUE_TOLERANCE);
}

export function checkReportUndecodable(given: Fields, out: Fields): string[] {
  const fields = fieldsOf(given);
  const decoded = decodeReport(hexBytes(given, "plaintext"), () => fields);
  return differences(out, { undecodable: !decoded.ok }, "out");
}

function reportFields(decoded: DecodedReport) {
  if (!decoded.ok) return { fault: decoded.fault };
  const { reportNumber, aged, ageS, values } = decoded;
  return { report_number: reportNumber, aged, age_s: ageS, values };
}

function fieldsOf(given: Fields): ReportField[] {
  return objects(given, "fields").map((field) => ({
    name: text(field, "name"),
    bits: integer(field, "bits"),
    kind: oneOf(field, "kind", FIELD_KINDS),
    scale: number(field, "scale"),
    offset: number(field, "offset"),
    unit: text(field, "unit"),
    notAvailable: field["not_available"] === null ? null : integer(field, "not_available"),
  }));
}

function valuesOf(values: Fields): FieldValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, FieldValue] => {
      if (value === null || typeof value === "number" || typeof value === "boolean") {
        return [name, value];
      }
      throw new ShapeError(`values.${name} must be a number, true, false or null`);
    }),
  );
}
