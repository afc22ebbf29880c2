import type { StateValue } from "../db/database.ts";

/** What a board shows of its devices, and what may be said of one: the first in its list that holds. */
interface BoardKind {
  readonly fields: readonly string[];
  readonly conditions: readonly string[];
}

/** A board for each kind of municipal device that is told things together, by the device type. */
export const BOARDS = {
  streetlight: {
    fields: ["on", "dim", "power", "lampFault", "fault", "energy"],
    conditions: ["silent", "fault", "dim", "lit", "dark", "unknown"],
  },
  siren: {
    fields: [
      ...["armed", "mains", "battery", "selfTest", "sounding", "sounded", "tamper"],
      ...["silent", "driversPassed", "drivers"],
    ],
    conditions: ["sounding", "silent", "fault", "disarmed", "armed", "unknown"],
  },
  billboard: {
    fields: ["lit", "panelFault", "slot", "brightness", "modulesFailed", "energy"],
    conditions: ["silent", "fault", "lit", "dark", "unknown"],
  },
} as const satisfies Readonly<Record<string, BoardKind>>;

export type BoardName = keyof typeof BOARDS;
export const BOARD_NAMES = ["streetlight", "siren", "billboard"] as const satisfies BoardName[];
export type BoardCondition = (typeof BOARDS)[BoardName]["conditions"][number];
export const BOARD_CONDITIONS: readonly BoardCondition[] = [
  ...new Set(BOARD_NAMES.flatMap((name): readonly BoardCondition[] => BOARDS[name].conditions)),
];

/** Who stands still and says nothing for so long is silent, also where no rule watches that. */
export const SILENT_MS = 48 * 3_600_000;

/** Devices in service by their condition. */
export interface BoardCounts {
  readonly devices: number;
  readonly conditions: readonly { readonly condition: BoardCondition; readonly devices: number }[];
  /** Of the meters as last read; null where none has one. */
  readonly energyKwh: number | null;
}

export interface BoardGroup extends BoardCounts {
  readonly id: number;
  readonly name: string;
}

export interface Board extends BoardCounts {
  /** In no group. */
  readonly ungrouped: number;
  /** By name. A device in two groups counts in both. */
  readonly groups: readonly BoardGroup[];
  /** There are more than BOARD_GROUPS_MAX. */
  readonly moreGroups: boolean;
}

export const BOARD_GROUPS_MAX = 500;
export const BOARD_DEVICES_MAX = 2_000;

export interface BoardDevice {
  readonly address: number;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly condition: BoardCondition;
  readonly receivedAtNs: bigint | null;
  /** Of the board's fields those that were ever heard. */
  readonly values: Readonly<Record<string, StateValue>>;
  /** The last one that it was in, over or running; null: none. */
  readonly drill: { readonly id: string; readonly startsAt: Date } | null;
}

export interface BoardQuery {
  readonly board: BoardName;
  readonly groupId?: number | undefined;
  readonly condition?: BoardCondition | undefined;
  readonly after?: { readonly name: string; readonly address: number } | undefined;
  readonly limit: number;
}

/** For whoever may see everything: groups are the operator's. */
export interface Boards {
  count(board: BoardName, nowMs: number): Promise<Board>;
  /** By name. */
  devices(query: BoardQuery, nowMs: number): Promise<readonly BoardDevice[]>;
}
