export const BOARDS = ["streetlight", "siren", "billboard"] as const;
export type Board = (typeof BOARDS)[number];

export interface GroupsSearch {
  /** Groups of this type of device alone. */
  readonly board?: Board;
}

export function validGroupsSearch(raw: Readonly<Record<string, unknown>>): GroupsSearch {
  const board = BOARDS.find((one) => one === raw["board"]);
  return board === undefined ? {} : { board };
}
