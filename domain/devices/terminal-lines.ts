import { parseHex } from "../../protocol/hex.ts";
import type { Cells, ImportColumn } from "../imports/import-lines.ts";
import type { CheckedLine } from "../imports/imports.ts";

/** A terminal as the factory's file describes it. */
export interface FactoryTerminal {
  readonly address: number;
  readonly serial: string;
  readonly rootKey: Uint8Array;
  readonly profile: string;
  readonly hardwareVersion: number | null;
  readonly firmwareVersion: number | null;
  readonly batch: string | null;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

const REQUIRED = [
  "address",
  "serial",
  "root_key",
  "profile",
  "hardware_version",
  "firmware_version",
  "batch",
] as const;
const OPTIONAL = ["name", "latitude", "longitude"] as const;
type Name = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export const TERMINAL_COLUMNS: readonly ImportColumn[] = [
  ...REQUIRED.map((name) => ({ name, required: true })),
  ...OPTIONAL.map((name) => ({ name, required: false })),
];

const ADDRESS_MAX = 4_294_967_295;
const VERSION_MAX = 65_535;
const SERIAL = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;
const NAME_CHARACTERS_MAX = 200;
const BATCH_CHARACTERS_MAX = 64;

type Problems = { column: Name; code: string; reason: string }[];

/**
 * One line of the factory's file. The reasons tell what a cell must be and never what it is: in a file whose columns
 * are mixed up any cell may be a root key.
 */
export function checkTerminalLine(
  cells: Cells,
  profiles: ReadonlySet<string>,
): CheckedLine<FactoryTerminal> {
  const problems: Problems = [];
  const { cell, wrong } = readerOf(cells, problems);
  const who = identityOf(cells, profiles, problems);
  const hardwareVersion = versionOf(cells, "hardware_version", problems);
  const firmwareVersion = versionOf(cells, "firmware_version", problems);
  if (cell("batch").length > BATCH_CHARACTERS_MAX)
    wrong("batch", "too-long", `must have at most ${BATCH_CHARACTERS_MAX} characters`);
  if (cell("name").length > NAME_CHARACTERS_MAX)
    wrong("name", "too-long", `must have at most ${NAME_CHARACTERS_MAX} characters`);
  const place = placeOf(cell("latitude"), cell("longitude"), wrong);
  if (problems.length > 0 || who === undefined) return { ok: false, problems };
  const name = cell("name") || who.serial;
  const batch = cell("batch") || null;
  return { ok: true, row: { ...who, ...place, hardwareVersion, firmwareVersion, batch, name } };
}

function readerOf(cells: Cells, problems: Problems) {
  const cell = (name: Name): string => cells[name] ?? "";
  const wrong = (column: Name, code: string, reason: string): void => {
    problems.push({ column, code, reason });
  };
  const filled = (name: Name): string | undefined => {
    if (cell(name) !== "") return cell(name);
    wrong(name, "missing", "is empty");
    return undefined;
  };
  return { cell, wrong, filled };
}

/** Everything that a terminal must have. */
function identityOf(cells: Cells, profiles: ReadonlySet<string>, problems: Problems) {
  const { wrong, filled } = readerOf(cells, problems);
  const address = whole(filled("address"), ADDRESS_MAX);
  if (address === null)
    wrong("address", "address", `must be a whole number from 1 to ${ADDRESS_MAX}`);
  const serial = filled("serial");
  if (serial !== undefined && !SERIAL.test(serial))
    wrong("serial", "serial", "must be 1 to 64 letters, digits and . _ / -");
  const rootKey = rootKeyOf(filled("root_key"), wrong);
  const profile = filled("profile");
  if (profile !== undefined && !profiles.has(profile))
    wrong("profile", "profile", `must be one of ${[...profiles].join(", ")}`);
  if (!address || serial === undefined || !rootKey || profile === undefined) return undefined;
  return { address, serial, rootKey, profile };
}

function rootKeyOf(
  hex: string | undefined,
  wrong: ReturnType<typeof readerOf>["wrong"],
): Uint8Array | undefined {
  if (hex === undefined) return undefined;
  const reason = "must be 32 hexadecimal digits that are not all the same";
  const key = keyOf(hex);
  if (key === undefined) wrong("root_key", "root-key", reason);
  return key;
}

function versionOf(
  cells: Cells,
  name: "hardware_version" | "firmware_version",
  problems: Problems,
): number | null {
  const { cell, wrong } = readerOf(cells, problems);
  if (cell(name) === "") return null;
  const number = whole(cell(name), VERSION_MAX, 0);
  if (number === null) wrong(name, "version", `must be a whole number from 0 to ${VERSION_MAX}`);
  return number ?? null;
}

/** null: it is none. */
function whole(text: string | undefined, max: number, min = 1): number | null | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  return /^\d{1,10}$/.test(text) && number >= min && number <= max ? number : null;
}

/** A key of one byte sixteen times is a placeholder that somebody forgot. */
function keyOf(text: string): Uint8Array | undefined {
  if (!/^[0-9a-fA-F]{32}$/.test(text)) return undefined;
  const key = parseHex(text);
  return key === undefined || key.every((byte) => byte === key[0]) ? undefined : key;
}

function placeOf(
  latitudeText: string,
  longitudeText: string,
  wrong: (column: Name, code: string, reason: string) => void,
): Pick<FactoryTerminal, "latitude" | "longitude"> {
  const degrees = (name: "latitude" | "longitude", text: string, max: number): number | null => {
    if (text === "") return null;
    const number = Number(text);
    if (/^-?\d{1,3}(\.\d{1,12})?$/.test(text) && Math.abs(number) <= max) return number;
    wrong(name, "degrees", `must be degrees from -${max} to ${max}, such as 31.2304`);
    return null;
  };
  if ((latitudeText === "") !== (longitudeText === "")) {
    const empty = latitudeText === "" ? "latitude" : "longitude";
    wrong(empty, "missing", "is empty; latitude and longitude are given together");
  }
  return {
    latitude: degrees("latitude", latitudeText, 90),
    longitude: degrees("longitude", longitudeText, 180),
  };
}
