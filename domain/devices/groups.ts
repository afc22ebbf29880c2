import type { GroupState } from "../groups/group-state.ts";
import type { Act } from "../identity/audit.ts";
import type { StockFilter } from "./stock.ts";

/** Terminals that are paged together: a street's lights, a district's sirens. */
export interface DeviceGroup {
  readonly id: number;
  readonly name: string;
  readonly customerId: string | null;
  readonly note: string;
  readonly members: number;
  readonly createdAt: Date;
  /** What the operator has accepted in writing, so that dangerous commands may go to the group; null: nothing. */
  readonly dangerousAcceptance: string | null;
  /** Of the member with the lowest address; null: there is none. */
  readonly profile: string | null;
  /** When its calendar switches next; null: never. */
  readonly nextSwitchAt: Date | null;
  /** What it was told last; null: nothing yet. */
  readonly last: LastTold | null;
  readonly version: number;
}

export interface LastTold {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, number | boolean | string>>;
  readonly state: GroupState;
  readonly createdAt: Date;
}

export interface GroupEdit {
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly dangerousAcceptance?: string | null | undefined;
}

export interface NewGroup {
  readonly name: string;
  readonly note: string;
  readonly customerId: string | null;
}

/** Which terminals are meant: these, or all that a filter finds. */
export type Chosen = { readonly addresses: readonly number[] } | { readonly filter: StockFilter };

export const GROUP_MEMBERS_MAX = 20_000;

export interface GroupQuery {
  readonly search?: string | undefined;
  readonly after?: { readonly name: string; readonly id: number } | undefined;
  readonly limit: number;
}

export interface Groups {
  list(query: GroupQuery): Promise<readonly DeviceGroup[]>;
  find(id: number): Promise<DeviceGroup | undefined>;
  create(group: NewGroup, act: Act): Promise<DeviceGroup>;
  edit(id: number, edit: GroupEdit, act: Act, version?: number): Promise<DeviceGroup>;
  delete(id: number, act: Act, version?: number): Promise<void>;
  /** Answers how many were not members before. Unknown and retired terminals are left out. */
  add(id: number, chosen: Chosen, act: Act): Promise<number>;
  /** Answers how many were members. */
  remove(id: number, chosen: Chosen, act: Act): Promise<number>;
}
