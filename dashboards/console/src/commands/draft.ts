import type { Terminal } from "../api/types.ts";

/** Whom a command is for. */
export type CommandTarget = Pick<
  Terminal,
  "address" | "name" | "profile" | "latitude" | "longitude"
>;

/** Arguments by name, as far as they are chosen. */
export type Given = Readonly<Record<string, number | boolean | string>>;

/** What somebody is about to send. */
export interface Draft {
  /** Of the command; undefined before one is chosen. */
  readonly name: string | undefined;
  readonly given: Given;
  /** Undefined: as the device type has it. */
  readonly expiryS: number | undefined;
  readonly isBoundToPlace: boolean;
  readonly isDrill: boolean;
  readonly note: string;
}

export const NEW_DRAFT: Draft = {
  ...{ name: undefined, given: {}, expiryS: undefined },
  ...{ isBoundToPlace: false, isDrill: false, note: "" },
};

export const PLACE_RADIUS_M = 500;
const PLACE_MAX_AGE_S = 300;

/** As the API takes it. */
export function bodyOf({ address, latitude, longitude }: CommandTarget, draft: Draft) {
  const { name = "", given, expiryS, isBoundToPlace, isDrill } = draft;
  const isPlaced = isBoundToPlace && latitude !== null && longitude !== null;
  const note = draft.note.trim();
  return {
    ...{ terminal: address, name, arguments: { ...given } },
    ...(expiryS === undefined ? {} : { expiryS }),
    ...(isPlaced
      ? { place: { latitude, longitude, radiusM: PLACE_RADIUS_M, maxAgeS: PLACE_MAX_AGE_S } }
      : {}),
    ...(isDrill ? { drill: true } : {}),
    ...(note === "" ? {} : { note }),
  };
}

const EXPIRIES_S = [30, 60, 120, 300, 600, 900, 1_800, 3_600, 6 * 3_600, 86_400, 7 * 86_400];

/** Lengths to choose from, the usual one among them, none longer than the class allows. */
export const expiriesOf = (usualS: number, maxS: number): readonly number[] =>
  [...new Set([...EXPIRIES_S, usualS])].filter((s) => s <= maxS).toSorted((a, b) => a - b);
