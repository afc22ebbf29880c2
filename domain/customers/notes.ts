import type { Act } from "../identity/audit.ts";

/** What the operator's people wrote down for each other; never changed, and not shown to the customer's own people. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly byName: string;
  readonly atMs: number;
}

export interface NoteCursor {
  readonly atMs: number;
  readonly id: string;
}

export interface NotePage {
  readonly items: readonly Note[];
  readonly next: NoteCursor | undefined;
}

export const formatNoteCursor = ({ atMs, id }: NoteCursor): string => `${atMs}.${id}`;

export function parseNoteCursor(text: string): NoteCursor | undefined {
  const match = /^(\d{1,15})\.([\w-]{1,100})$/.exec(text);
  return match?.[2] === undefined ? undefined : { atMs: Number(match[1]), id: match[2] };
}

export interface Notes {
  /** The newest first. */
  list(customerId: string, cursor: NoteCursor | undefined, limit: number): Promise<NotePage>;
  add(customerId: string, text: string, act: Act): Promise<Note>;
}
