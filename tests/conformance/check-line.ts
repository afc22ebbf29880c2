import { isDeepStrictEqual } from "node:util";
import { toHex } from "../../protocol/hex.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import {
  encodeLineFrame,
  encodeLineFrameBytes,
  LINE_FRAME_BYTES_MAX,
  type LineReceiver,
  lineFrameType,
  openLineEnvelope,
  refusalOf,
} from "../../protocol/modem/line.ts";
import { REFUSAL_REASONS, type RefusedFrame } from "../../protocol/modem/line-frame.ts";
import { SlipDeframer } from "../../protocol/modem/slip.ts";
import { differences } from "./differences.ts";
import { lineFrame } from "./line-frames.ts";
import { type Fields, flag, hexBytes, integer, object, oneOf, text } from "./vector-fields.ts";

const RECEIVERS: readonly LineReceiver[] = ["modem", "host"];

export function checkLineFrame(given: Fields, out: Fields): string[] {
  const receiver = oneOf(given, "from", RECEIVERS) === "modem" ? "host" : "modem";
  const token = integer(given, "token");
  const frame = lineFrame(text(given, "name"), object(given, "fields"), token);
  const ours = { frame: toHex(encodeLineFrameBytes(frame)), wire: toHex(encodeLineFrame(frame)) };
  const wire = hexBytes(out, "wire");
  return [
    ...differences(given["type"], lineFrameType(frame.name), "in.type"),
    ...differences(out, ours, "out"),
    ...decodeAgain(frame, wire, receiver, "decoded"),
    ...decodeAgain(frame, wire.subarray(1), receiver, "decoded without the first C0"),
  ];
}

export function checkLineBytes(given: Fields, out: Fields): string[] {
  const receiver = oneOf(given, "receiver", RECEIVERS);
  const wire = hexBytes(given, "wire");
  const byteByByte = Array.from(wire, (_, index) => wire.subarray(index, index + 1));
  return [
    ...differences(out, received([wire], receiver), "out"),
    ...differences(out, received(byteByByte, receiver), "out, byte by byte"),
  ];
}

export function checkLineRefused(given: Fields, out: Fields): string[] {
  const receiver = oneOf(given, "receiver", RECEIVERS);
  const isConfigured = flag(given, "configured");
  const refusals = new Deframer(receiver)
    .push(hexBytes(given, "wire"))
    .map((decoded) => refusalOf(decoded, isConfigured))
    .filter((refusal) => refusal !== undefined);
  return differences([out], refusals.map(refusedFields), "answers");
}

function decodeAgain(
  frame: ReturnType<typeof lineFrame>,
  wire: Uint8Array,
  receiver: LineReceiver,
  path: string,
): string[] {
  const decoded = new Deframer(receiver).push(wire);
  return isDeepStrictEqual(decoded, [{ ok: true, frame }]) ? [] : [`${path}: not what was sent`];
}

function received(chunks: readonly Uint8Array[], receiver: LineReceiver) {
  const deframer = new Deframer(receiver);
  const decoded = chunks.flatMap((chunk) => deframer.push(chunk));
  const slip = new SlipDeframer(LINE_FRAME_BYTES_MAX);
  // bodies as they came: a decoded frame no longer has what it ignores
  const good = chunks
    .flatMap((chunk) => slip.push(chunk))
    .flatMap((cut) => {
      const envelope = cut.ok ? openLineEnvelope(cut.bytes, receiver) : cut;
      if (!("body" in envelope)) return [];
      const { type, token, body } = envelope;
      return [{ type, token, body: toHex(body) }];
    });
  const refusals = decoded.flatMap((each) => (each.ok ? [] : (each.refusal ?? [])));
  return {
    good_frames: good,
    counted_bad: deframer.counters.badFrames,
    answers: refusals.map(refusedFields),
  };
}

function refusedFields(frame: RefusedFrame) {
  return {
    name: "REFUSED",
    token: frame.token,
    refused_type: frame.refusedType,
    reason: REFUSAL_REASONS.indexOf(frame.reason) + 1,
    wire: toHex(encodeLineFrame(frame)),
  };
}
