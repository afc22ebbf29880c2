import assert from "node:assert/strict";
import { crc16 } from "../crc16.ts";
import { BodyReader } from "./body-bytes.ts";
import { LINE_BODIES, type LineBody } from "./line-bodies.ts";
import type { LineFrame, RefusalReason, RefusedFrame } from "./line-frame.ts";
import { slipEncode } from "./slip.ts";

/**
 * One frame of the modem line, big-endian (air interface, section 5):
 *
 *     type 1 · token 2 · body n · crc 2
 */
const HEAD_BYTES = 3;
const CRC_BYTES = 2;
export const LINE_FRAME_BYTES_MAX = 4096;

/** Whose ears these are: a modem hears the host's types only, and the other way round. */
export type LineReceiver = "modem" | "host";

/** All but "value" break the line's rules and are counted there; "value" is a whole frame that asks the impossible. */
export type LineFault = "short" | "long" | "escape" | "checksum" | "type" | "length" | "value";

export type LineEnvelope =
  | { readonly ok: true; readonly type: number; readonly token: number; readonly body: Uint8Array }
  | LineRejection;

export interface LineRejection {
  readonly ok: false;
  readonly fault: LineFault;
  /** What a modem answers; undefined where it keeps silent, and always at the host. */
  readonly refusal?: RefusedFrame;
}

export type DecodedLineFrame = { readonly ok: true; readonly frame: LineFrame } | LineRejection;

const bodyByType = new Map<number, LineBody>(
  Object.values(LINE_BODIES).map((body) => [body.type, body as unknown as LineBody]), // each is asked for its own frames only
);

export function lineFrameType(name: LineFrame["name"]): number {
  return LINE_BODIES[name].type;
}

/** From type to CRC, before SLIP. */
export function encodeLineFrameBytes(frame: LineFrame): Uint8Array {
  const codec = LINE_BODIES[frame.name] as unknown as LineBody; // the name picks the codec of this very frame
  const body = codec.write(frame);
  const bytes = new Uint8Array(HEAD_BYTES + body.length + CRC_BYTES);
  assert(bytes.length <= LINE_FRAME_BYTES_MAX, `a ${frame.name} frame is too long for the line`);
  assert(frame.token >= 0 && frame.token <= 0xffff, `${frame.token} is no token`);

  bytes[0] = codec.type;
  setU16(bytes, 1, frame.token);
  bytes.set(body, HEAD_BYTES);
  const crcAt = bytes.length - CRC_BYTES;
  setU16(bytes, crcAt, crc16(bytes, crcAt));
  return bytes;
}

/** As it goes over the line, a C0 at both ends. */
export function encodeLineFrame(frame: LineFrame): Uint8Array {
  return slipEncode(encodeLineFrameBytes(frame));
}

/** The line's own checks, in the order of trust: size, CRC, type, length. */
export function openLineEnvelope(bytes: Uint8Array, receiver: LineReceiver): LineEnvelope {
  if (bytes.length < HEAD_BYTES + CRC_BYTES) return { ok: false, fault: "short" };
  if (bytes.length > LINE_FRAME_BYTES_MAX) return { ok: false, fault: "long" };

  const crcAt = bytes.length - CRC_BYTES;
  if (u16At(bytes, crcAt) !== crc16(bytes, crcAt)) return { ok: false, fault: "checksum" };

  const type = bytes[0] ?? 0;
  const token = u16At(bytes, 1);
  const codec = bodyByType.get(type);
  if (codec === undefined || type >= 0x80 !== (receiver === "modem")) {
    return reject("type", refuse(receiver, type, token, "unknown-type"));
  }
  const body = bytes.subarray(HEAD_BYTES, crcAt);
  if (!codec.fits(body)) return reject("length", refuse(receiver, type, token, "bad-length"));
  return { ok: true, type, token, body };
}

/** Noise is normal on a serial line, so a bad frame is an answer here and never an exception. */
export function decodeLineFrame(bytes: Uint8Array, receiver: LineReceiver): DecodedLineFrame {
  const envelope = openLineEnvelope(bytes, receiver);
  if (!envelope.ok) return envelope;
  const { type, token, body } = envelope;
  const frame = bodyByType.get(type)?.read(new BodyReader(body), token);
  if (frame === undefined) return reject("value", refuse(receiver, type, token, "bad-value"));
  return { ok: true, frame };
}

/** What a modem answers before it has looked at what it is doing; undefined: go on. */
export function refusalOf(
  decoded: DecodedLineFrame,
  configured: boolean,
): RefusedFrame | undefined {
  if (!decoded.ok) return decoded.refusal;
  const { frame } = decoded;
  if (configured || (frame.name !== "collect" && frame.name !== "page")) return undefined;
  return refuse("modem", lineFrameType(frame.name), frame.token, "not-configured");
}

function refuse(
  receiver: LineReceiver,
  refusedType: number,
  token: number,
  reason: RefusalReason,
): RefusedFrame | undefined {
  return receiver === "modem" ? { name: "refused", token, refusedType, reason } : undefined;
}

function reject(fault: LineFault, refusal: RefusedFrame | undefined): LineRejection {
  return refusal === undefined ? { ok: false, fault } : { ok: false, fault, refusal };
}

const u16At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}
