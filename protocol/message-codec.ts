import assert from "node:assert/strict";
import Long from "long";

/** "malformed": no protobuf of this message. "too-large", or the first field beyond its limits. */
export type MessageFault = "malformed" | "too-large" | `field ${string}`;
export type DecodedMessage<M> =
  | { readonly ok: true; readonly message: M }
  | { readonly ok: false; readonly fault: MessageFault };

/** What each field may be; the same on both sides. */
export type FieldRules<M> = { readonly [F in keyof M]-?: (value: M[F]) => boolean };

export interface Wire<M> {
  readonly name: string;
  readonly rules: FieldRules<M>;
  readonly write: (message: M) => Uint8Array;
  /** May throw: protobuf's own reader does, for bytes that are none. */
  readonly read: (bytes: Uint8Array) => M;
}

export const MESSAGE_BYTES_MAX = 65_536;

export function encodeMessage<M>(wire: Wire<M>, message: M): Uint8Array {
  const bad = firstBadField(wire.rules, message);
  assert(bad === undefined, `${wire.name}: ${String(bad)} is not what may be sent`);
  return wire.write(message);
}

/** Whoever can reach the broker can send anything, so nothing here may throw or grow. */
export function decodeMessage<M>(wire: Wire<M>, bytes: Uint8Array): DecodedMessage<M> {
  if (bytes.length > MESSAGE_BYTES_MAX) return { ok: false, fault: "too-large" };
  let message: M;
  try {
    message = wire.read(bytes);
  } catch {
    return { ok: false, fault: "malformed" };
  }
  const bad = firstBadField(wire.rules, message);
  return bad === undefined ? { ok: true, message } : { ok: false, fault: `field ${bad}` };
}

function firstBadField<M>(rules: FieldRules<M>, message: M): string | undefined {
  for (const field of Object.keys(rules) as (keyof M & string)[]) {
    if (!rules[field](message[field])) return field;
  }
  return undefined;
}

export const obeys =
  <M>(rules: FieldRules<M>) =>
  (message: M): boolean =>
    firstBadField(rules, message) === undefined;

// Protobuf's 64 bits: a BigInt given to its writer straight would go out as 0 without a word.
export const toLong = (value: bigint): Long => Long.fromBigInt(value, true);
export const fromLong = (value: Long): bigint => value.toUnsigned().toBigInt();

export const anything = (): boolean => true;
export const u64 = (value: bigint): boolean => value >= 0n && value < 1n << 64n;
export const finite = (value: number): boolean => Number.isFinite(value);
export const count = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
export const integerIn =
  (lowest: number, highest: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= lowest && value <= highest;
export const numberIn =
  (lowest: number, highest: number) =>
  (value: number): boolean =>
    value >= lowest && value <= highest;
export const hexDigits =
  (length: number) =>
  (value: string): boolean =>
    value.length === length && /^[0-9a-f]*$/.test(value);
export const textUpTo =
  (length: number) =>
  (value: string): boolean =>
    value.length <= length && value.isWellFormed();
export const optional =
  <V>(rule: (value: V) => boolean) =>
  (value: V | undefined): boolean =>
    value === undefined || rule(value);
export const listUpTo =
  <V>(length: number, rule: (value: V) => boolean) =>
  (list: readonly V[]): boolean =>
    list.length <= length && list.every(rule);
export const recordUpTo =
  <V>(length: number, rule: (value: V) => boolean) =>
  (record: Readonly<Record<string, V>>): boolean => {
    const entries = Object.entries(record);
    return (
      entries.length <= length &&
      entries.every(([name, value]) => /^[A-Za-z][\w.-]{0,63}$/.test(name) && rule(value))
    );
  };
