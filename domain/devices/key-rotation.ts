import { InvalidConfigError } from "../../base/errors.ts";
import type { KeySeal } from "./key-seal.ts";

/** A sealed root key or secret, and what it takes to write it back. */
export interface SealedRow {
  readonly id: string;
  readonly sealed: Uint8Array;
}

/** One table of sealed things, in the order of their ids. */
export interface SealedTable {
  readonly name: string;
  /** `table.column` of what is sealed. */
  readonly column: string;
  count(): Promise<number>;
  /** Locks the next rows behind this id, lets `change` seal them anew and saves what it gives, all in one transaction. */
  next(
    afterId: string | undefined,
    limit: number,
    change: (rows: readonly SealedRow[]) => readonly SealedRow[],
  ): Promise<string | undefined>;
  seal(seal: KeySeal, id: string, plain: Uint8Array): Uint8Array;
  open(seal: KeySeal, id: string, sealed: Uint8Array): Uint8Array;
}

export interface RotationProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

const ROWS_AT_ONCE = 1_000;

/**
 * Seals everything under the new key. Killed at any point and called again with the same two keys it goes on: what the
 * new key opens is done already. Throws an InvalidConfigError at the first row that neither key opens, and has changed
 * no more than rows that were good.
 */
export async function rotateKeys(
  tables: readonly SealedTable[],
  { from, to }: { readonly from: KeySeal; readonly to: KeySeal },
  progress: (progress: RotationProgress) => void,
): Promise<number> {
  let resealed = 0;
  for (const table of tables) {
    const total = await table.count();
    let done = 0;
    let after: string | undefined;
    do {
      after = await table.next(after, ROWS_AT_ONCE, (rows) => {
        done += rows.length;
        const changed = rows.flatMap(({ id, sealed }): SealedRow[] => {
          if (opens(table, to, id, sealed)) return [];
          return [{ id, sealed: table.seal(to, id, table.open(from, id, sealed)) }];
        });
        resealed += changed.length;
        return changed;
      });
      progress({ table: table.name, done, total });
    } while (after !== undefined);
  }
  return resealed;
}

function opens(table: SealedTable, seal: KeySeal, id: string, sealed: Uint8Array): boolean {
  try {
    table.open(seal, id, sealed);
    return true;
  } catch (error) {
    if (error instanceof InvalidConfigError) return false;
    throw error;
  }
}
