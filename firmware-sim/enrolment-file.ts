import { writeFileSync } from "node:fs";
import path from "node:path";
import { toHex } from "../protocol/hex.ts";
import type { SimTerminal } from "./fleet.ts";

/** What the factory knows of a terminal and the network needs to serve it; null: nobody has put it up yet. */
export type Enrolment = Omit<SimTerminal, "seat" | "latitude" | "longitude"> & {
  readonly latitude: number | null;
  readonly longitude: number | null;
};

const COLUMNS = [
  "address",
  "serial",
  "rootKey",
  "profile",
  "name",
  "hardwareVersion",
  "firmwareVersion",
  "latitude",
  "longitude",
] as const;

/** As the import of a factory's file names them. */
const CSV_COLUMNS = {
  address: "address",
  serial: "serial",
  rootKey: "root_key",
  profile: "profile",
  name: "name",
  hardwareVersion: "hardware_version",
  firmwareVersion: "firmware_version",
  latitude: "latitude",
  longitude: "longitude",
} as const;
const CSV_BATCH = "simulated";

const OWNER_ONLY = 0o600; // root keys are in it

/** JSON for `--enrol`, or CSV as a factory's file, by the ending; keys as hex. */
export function writeEnrolments(file: string, fleet: readonly Enrolment[]): void {
  const isCsv = path.extname(file).toLowerCase() === ".csv";
  writeFileSync(file, isCsv ? enrolmentCsv(fleet) : enrolmentJson(fleet), { mode: OWNER_ONLY });
}

const plain = ({ rootKey, ...terminal }: Enrolment) => ({ ...terminal, rootKey: toHex(rootKey) });

export const enrolmentJson = (fleet: readonly Enrolment[]): string =>
  `${JSON.stringify(
    fleet.map((terminal) => {
      const row = plain(terminal);
      return Object.fromEntries(COLUMNS.map((column) => [column, row[column]]));
    }),
    null,
    1,
  )}\n`;

export function enrolmentCsv(fleet: readonly Enrolment[]): string {
  const lines = fleet.map((terminal) => {
    const row = plain(terminal);
    return [...COLUMNS.map((column) => quote(String(row[column] ?? ""))), CSV_BATCH].join(",");
  });
  const head = [...COLUMNS.map((column) => CSV_COLUMNS[column]), "batch"].join(",");
  return [head, ...lines, ""].join("\r\n");
}

const quote = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
