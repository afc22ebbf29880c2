import type { Db, LifeCycle } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { DeviceCursor } from "./devices.ts";
import type { LifeCycleEvent, StockDeed } from "./life-cycle.ts";

/** A terminal as the store-keeper sees it: no readings and no key. */
export interface StockTerminal {
  readonly address: number;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly lifeCycle: LifeCycle;
  /** null: not in quarantine, or none of the caller's business. */
  readonly quarantineReason: string | null;
  /**
   * Packets with a wrong tag that came under its address and that the packet log still has, counted to
   * BAD_TAGS_COUNTED_MAX; null: none of the caller's business.
   */
  readonly badTags: number | null;
  readonly hardwareVersion: number | null;
  readonly firmwareVersion: number | null;
  readonly batch: string | null;
  readonly importId: string | null;
  readonly serviceFrom: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly createdAt: Date;
  readonly version: number;
}

export const BAD_TAGS_COUNTED_MAX = 1_000;

export interface StockFilter {
  /** Part of the name, serial or address, in any case. */
  readonly search?: string | undefined;
  readonly lifeCycle?: LifeCycle | undefined;
  readonly profile?: string | undefined;
  readonly batch?: string | undefined;
  readonly quarantined?: boolean | undefined;
  /** Whether packets with a wrong tag came under its address. */
  readonly badTags?: boolean | undefined;
  readonly importId?: string | undefined;
  readonly groupId?: number | undefined;
}

export const STOCK_SORTS = ["name", "serial", "address", "newest"] as const;
export type StockSort = (typeof STOCK_SORTS)[number];

export interface StockQuery extends StockFilter {
  readonly sort: StockSort;
  readonly cursor?: DeviceCursor | undefined;
  readonly limit: number;
}

export interface StockPage {
  readonly items: readonly StockTerminal[];
  readonly next: DeviceCursor | undefined;
}

export interface StockCounts {
  readonly total: number;
  readonly quarantined: number;
  readonly withBadTags: number;
  readonly byLifeCycle: Readonly<Record<LifeCycle, number>>;
}

export interface StockEdit {
  readonly name?: string | undefined;
  readonly batch?: string | null | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
}

/** What became of many at once: those that could not are named, the others are done. */
export interface DoneToMany {
  readonly done: readonly number[];
  readonly refused: readonly { readonly address: number; readonly reason: string }[];
}

export const DONE_AT_ONCE_MAX = 1_000;

export interface Stock {
  /**
   * One step of its life, in the caller's transaction when `db` is one. Throws a NotFoundError, or a ConflictError
   * that says why not.
   */
  move(db: Db, address: number, event: LifeCycleEvent, act: Act): Promise<void>;
  /** Throws as `move`, and a StaleError when the version is not the one that was seen. */
  do(address: number, deed: StockDeed, act: Act, version?: number): Promise<StockTerminal>;
  doToMany(addresses: readonly number[], deed: StockDeed, act: Act): Promise<DoneToMany>;
  edit(address: number, edit: StockEdit, act: Act, version?: number): Promise<StockTerminal>;
  /** undefined: there is none within reach. */
  find(address: number, reach: Reach): Promise<StockTerminal | undefined>;
  list(query: StockQuery, reach: Reach): Promise<StockPage>;
  /** Over the whole filter but its life cycle, so that each can be offered with its number. */
  counts(filter: StockFilter, reach: Reach): Promise<StockCounts>;
  /** The whole filter in the order of addresses, a bounded number at a time. */
  export(filter: StockFilter): AsyncIterable<readonly StockTerminal[]>;
}
