import { BOARDS, type Board } from "../groups/groups-search.ts";

export const CONDITIONS = [
  ...(["sounding", "fault", "silent", "disarmed", "armed"] as const),
  ...(["dim", "lit", "dark", "unknown"] as const),
];
export type Condition = (typeof CONDITIONS)[number];

/** What stands in the address of the boards. */
export interface BoardsSearch {
  /** Without it: lights. */
  readonly board?: Board | undefined;
  /** The street or district whose devices are shown, and that is told something. */
  readonly group?: number | undefined;
  readonly condition?: Condition | undefined;
}

export function validBoardsSearch(raw: Readonly<Record<string, unknown>>): BoardsSearch {
  const board = BOARDS.find((one) => one === raw["board"]);
  const condition = CONDITIONS.find((one) => one === raw["condition"]);
  const group = Number(raw["group"] ?? NaN);
  return {
    ...(board === undefined || board === BOARDS[0] ? {} : { board }),
    ...(Number.isSafeInteger(group) && group >= 0 ? { group } : {}),
    ...(condition === undefined ? {} : { condition }),
  };
}
