import { checkLineBytes, checkLineFrame, checkLineRefused } from "./check-line.ts";
import { checkLrFhssFrame } from "./check-lr-fhss.ts";
import { checkLrFhssReceive } from "./check-lr-fhss-receive.ts";
import {
  checkCounterCandidates,
  checkKeys,
  checkPacket,
  checkPacketBadTag,
  checkPacketRefused,
  checkPartition,
} from "./check-packets.ts";
import { checkPage, checkPageErrors, checkRic } from "./check-pages.ts";
import { checkReport, checkReportDecode, checkReportUndecodable } from "./check-reports.ts";
import { checkAttachSequence, checkUplinkSequence } from "./check-sequences.ts";
import {
  checkAttach,
  checkAttachAnswerRefused,
  checkDownlinkSequence,
  checkPageRefused,
  checkRollCall,
} from "./check-terminal.ts";
import { asFields, type Fields, list, object, ShapeError } from "./vector-fields.ts";

/** What differs, a line each; none when the case passes. */
type CheckCase = (given: Fields, out: Fields) => readonly string[];

const KINDS: ReadonlyMap<string, CheckCase> = new Map<string, CheckCase>([
  ["keys", checkKeys],
  ["packet", checkPacket],
  ["packet-refused", checkPacketRefused],
  ["packet-bad-tag", checkPacketBadTag],
  ["counter-candidates", checkCounterCandidates],
  ["uplink-sequence", checkUplinkSequence],
  ["attach-sequence", checkAttachSequence],
  ["attach", checkAttach],
  ["attach-answer-refused", checkAttachAnswerRefused],
  ["page", checkPage],
  ["page-errors", checkPageErrors],
  ["page-refused", checkPageRefused],
  ["downlink-sequence", checkDownlinkSequence],
  ["ric", checkRic],
  ["roll-call", checkRollCall],
  ["report", checkReport],
  ["report-decode", checkReportDecode],
  ["report-undecodable", checkReportUndecodable],
  ["line-frame", checkLineFrame],
  ["line-bytes", checkLineBytes],
  ["line-refused", checkLineRefused],
  ["partition", checkPartition],
]);

export interface VectorsResult {
  readonly passed: number;
  /** A line for each case that failed; also for a file that cannot be read as cases. */
  readonly failures: readonly string[];
}

/** The text of one vector file, in any of the shapes. Never throws: whatever is wrong is a failure. */
export function checkVectors(json: string): VectorsResult {
  let cases: readonly unknown[];
  try {
    cases = list(asFields(JSON.parse(json), "the file"), "cases");
  } catch (error) {
    return { passed: 0, failures: [`not a vector file: ${messageOf(error)}`] };
  }
  if (cases.length === 0) return { passed: 0, failures: ["cases is empty: nothing was checked"] };
  const failures = cases.flatMap((vector, index) => {
    const found = differencesOf(vector);
    return found.length === 0 ? [] : [`${nameOf(vector, index)}: ${found.join("; ")}`];
  });
  return { passed: cases.length - failures.length, failures };
}

const DIFFERENCES_SHOWN = 5;

function differencesOf(vector: unknown): string[] {
  try {
    const found = checkCase(asFields(vector, "a case"));
    const more = found.length - DIFFERENCES_SHOWN;
    const shown = found.slice(0, DIFFERENCES_SHOWN);
    return more > 0 ? [...shown, `and ${more} more`] : shown;
  } catch (error) {
    return [messageOf(error)];
  }
}

function checkCase(vector: Fields): readonly string[] {
  const { kind } = vector;
  if (kind === undefined) {
    if ("hops" in vector) return checkLrFhssReceive(vector);
    if ("in" in vector) return checkLrFhssFrame(vector);
    throw new ShapeError("neither a kind, nor hops, nor in and out: no shape that is known");
  }
  const check = typeof kind === "string" ? KINDS.get(kind) : undefined;
  if (!check) throw new ShapeError(`unknown kind ${JSON.stringify(kind)}`);
  return check(object(vector, "in"), object(vector, "out"));
}

function nameOf(vector: unknown, index: number): string {
  const { id, kind } = typeof vector === "object" ? ({ ...vector } as Fields) : {};
  const name = typeof id === "string" ? id : `case ${index}`;
  return typeof kind === "string" ? `${name} (${kind})` : name;
}

/** An assertion of a codec is a difference like any other; its first line says which. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}
