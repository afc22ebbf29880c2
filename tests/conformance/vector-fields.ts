import { parseHex } from "../../protocol/hex.ts";

/** The file is not in the shape that ../vectors describes: the message says where. */
export class ShapeError extends Error {}

/** An object of a vector file, before anyone has looked at its fields. */
export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(`${what} must be an object`);
  }
  return value as Fields; // proven to be an object; each field is looked at when it is read
}

export function object(from: Fields, name: string): Fields {
  return asFields(from[name], name);
}

export function objectOrNull(from: Fields, name: string): Fields | null {
  return from[name] === null ? null : object(from, name);
}

export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  if (!Array.isArray(value)) throw new ShapeError(`${name} must be a list`);
  return value;
}

export function objects(from: Fields, name: string): readonly Fields[] {
  return list(from, name).map((each, index) => asFields(each, `${name}[${index}]`));
}

export function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new ShapeError(`${name} must be text`);
  return value;
}

export function flag(from: Fields, name: string): boolean {
  const value = from[name];
  if (typeof value !== "boolean") throw new ShapeError(`${name} must be true or false`);
  return value;
}

export function number(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value !== "number") throw new ShapeError(`${name} must be a number`);
  return value;
}

export function integer(from: Fields, name: string): number {
  const value = number(from, name);
  if (!Number.isSafeInteger(value)) throw new ShapeError(`${name} must be a whole number`);
  return value;
}

/** One of a codec's unions whose position is the wire value. */
export function chosen<T>(from: Fields, name: string, values: readonly T[]): T {
  const value = values[integer(from, name)];
  if (value === undefined) throw new ShapeError(`${name} must be 0..${values.length - 1}`);
  return value;
}

export function oneOf<T>(from: Fields, name: string, values: readonly T[]): T {
  const value = values.find((each) => each === from[name]);
  if (value === undefined) throw new ShapeError(`${name} must be one of ${values.join(", ")}`);
  return value;
}

export function hexBytes(from: Fields, name: string): Uint8Array {
  const bytes = parseHex(text(from, name));
  if (!bytes) throw new ShapeError(`${name} must be bytes in hex`);
  return bytes;
}

export function hexWord(from: Fields, name: string): number {
  return wordOf(text(from, name), name);
}

export function hexWords(from: Fields, name: string): Uint32Array {
  return Uint32Array.from(list(from, name), (each) => wordOf(each, name));
}

/** 64-bit times are decimal strings. */
export function nanoseconds(from: Fields, name: string): bigint {
  const value = text(from, name);
  if (!/^\d{1,20}$/.test(value)) throw new ShapeError(`${name} must be decimal digits`);
  return BigInt(value);
}

function wordOf(value: unknown, name: string): number {
  if (typeof value !== "string" || !/^[0-9a-f]{8}$/i.test(value)) {
    throw new ShapeError(`${name} must be 8 hex digits each`);
  }
  return Number.parseInt(value, 16);
}

export const wordHex = (word: number): string => word.toString(16).padStart(8, "0");
