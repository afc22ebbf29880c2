import { InvalidInputError } from "../../base/errors.ts";
import type { Act } from "../identity/audit.ts";
import type { Ladder } from "./ladder.ts";

export const SHIFT_MS_MAX = 31 * 24 * 3_600_000;
const NOTE_CHARACTERS_MAX = 200;

/** Somebody of the operator's is called between these times. */
export interface Shift {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly note: string;
}

export interface ShiftInput {
  readonly userId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly note: string;
}

export interface StoredLadder {
  readonly name: string;
  readonly ladder: Ladder;
  /** 0: there is none of one's own, and the standard one holds. */
  readonly version: number;
}

/** Who is called when nobody answers. */
export interface OnCall {
  shifts(fromMs: number, toMs: number): Promise<readonly Shift[]>;
  /** Who can be put on a shift, or on a ladder: the operator's people, or that customer's. */
  people(
    customerId: string | null,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>;
  addShift(input: ShiftInput, act: Act): Promise<Shift>;
  removeShift(id: string, act: Act): Promise<void>;
  /** null: the operator's, for all customers without one. */
  ladder(customerId: string | null): Promise<StoredLadder>;
  setLadder(
    customerId: string | null,
    input: { readonly name: string; readonly ladder: Ladder; readonly version: number | undefined },
    act: Act,
  ): Promise<StoredLadder>;
}

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanShift(input: ShiftInput): ShiftInput {
  const { startsAtMs, endsAtMs, note } = input;
  if (endsAtMs <= startsAtMs) throw new InvalidInputError("endsAt", "a shift ends after it begins");
  if (endsAtMs - startsAtMs > SHIFT_MS_MAX)
    throw new InvalidInputError("endsAt", "a shift lasts at most 31 days");
  if (note.length > NOTE_CHARACTERS_MAX)
    throw new InvalidInputError("note", `note has at most ${NOTE_CHARACTERS_MAX} characters`);
  return input;
}
