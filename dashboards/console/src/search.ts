import { ASSET_STATES, type AssetFilter, type AssetState } from "./api/asset-queries.ts";
import type { PacketFilter } from "./api/queries.ts";
import type { StockLifeCycle, StockSort, TerminalSort } from "./api/types.ts";
import { isAssetKind } from "./assets/kinds.ts";
import {
  CHANNELS,
  type LogFilter,
  SEVERITIES,
  STATES,
} from "./notifications/notification-queries.ts";
import { isPacketType } from "./packets/packet-types.ts";
import { isVerdict } from "./parts/verdict.tsx";

/** What stands in the address behind `?`: each page's choices, so that a link shows the same. */
export interface MapSearch {
  readonly terminal?: number;
  readonly gateway?: string;
}

export interface TerminalsSearch {
  readonly search?: string;
  readonly profile?: string;
  readonly former?: true | undefined;
  readonly sort?: TerminalSort;
}

export const TERMINAL_SORTS: readonly TerminalSort[] = [
  "name",
  "serial",
  "address",
  "measured",
  "received",
];
const isSort = (sort: unknown): sort is TerminalSort =>
  TERMINAL_SORTS.some((known) => known === sort);

export type AssetsSearch = AssetFilter;

export interface PacketsSearch extends PacketFilter {
  readonly mode?: "past";
  readonly packet?: string;
}

export interface AuditSearch {
  readonly actor?: string;
  readonly action?: string;
  readonly subjectKind?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
}

type Raw = Readonly<Record<string, unknown>>;

/** A link may say anything: only texts and numbers under the names that the page knows are taken. */
function texts<Name extends string>(raw: Raw, names: readonly Name[]): { [K in Name]?: string } {
  const taken: { [K in Name]?: string } = {};
  for (const name of names) {
    const value = raw[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number")
      taken[name] = String(value);
  }
  return taken;
}

export const validMapSearch = (raw: Raw): MapSearch => ({
  ...(typeof raw["terminal"] === "number" ? { terminal: raw["terminal"] } : {}),
  ...texts(raw, ["gateway"]),
});

export const validTerminalsSearch = (raw: Raw): TerminalsSearch => ({
  ...texts(raw, ["search", "profile"]),
  ...(raw["former"] === true ? { former: true } : {}),
  ...(isSort(raw["sort"]) ? { sort: raw["sort"] } : {}),
});

export const validAssetsSearch = (raw: Raw): AssetsSearch => ({
  ...texts(raw, ["search", "customer"]),
  ...(isAssetKind(raw["kind"]) ? { kind: raw["kind"] } : {}),
  ...(isAssetState(raw["state"]) ? { state: raw["state"] } : {}),
});

const isAssetState = (state: unknown): state is AssetState =>
  ASSET_STATES.some((known) => known === state);

export const validPacketsSearch = (raw: Raw): PacketsSearch => ({
  ...texts(raw, ["terminal", "gateway", "from", "to", "packet"]),
  ...(isVerdict(raw["verdict"]) ? { verdict: raw["verdict"] } : {}),
  ...(isPacketType(raw["type"]) ? { type: raw["type"] } : {}),
  ...(raw["mode"] === "past" ? { mode: "past" } : {}),
});

export const validAuditSearch = (raw: Raw): AuditSearch =>
  texts(raw, ["actor", "action", "subjectKind", "subject", "from", "to"]);

export const validNotificationsSearch = (raw: Raw): LogFilter => {
  const { alarm } = texts(raw, ["alarm"]);
  return {
    state: STATES.find((state) => state === raw["state"]),
    channel: CHANNELS.find((channel) => channel === raw["channel"]),
    severity: SEVERITIES.find((severity) => severity === raw["severity"]),
    ...(alarm === undefined ? {} : { alarm }),
  };
};

export interface StockSearch {
  readonly search?: string;
  readonly lifeCycle?: StockLifeCycle;
  readonly profile?: string;
  readonly batch?: string;
  readonly quarantined?: boolean;
  readonly badTags?: boolean;
  readonly importId?: string;
  readonly groupId?: number;
  readonly sort?: StockSort;
}

export const LIFE_CYCLES: readonly StockLifeCycle[] = [
  ...(["stocked", "assigned", "installed", "accepted"] as const),
  ...(["active", "suspended", "retired"] as const),
];
const STOCK_SORTS: readonly StockSort[] = ["name", "serial", "address", "newest"];
const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((known) => known === value);

export function validStockSearch(raw: Raw): StockSearch {
  const lifeCycle = oneOf(LIFE_CYCLES, raw["lifeCycle"]);
  const sort = oneOf(STOCK_SORTS, raw["sort"]);
  const group = Number(raw["groupId"]);
  return {
    ...texts(raw, ["search", "profile", "batch", "importId"]),
    ...(lifeCycle === undefined ? {} : { lifeCycle }),
    ...(sort === undefined ? {} : { sort }),
    ...(typeof raw["quarantined"] === "boolean" ? { quarantined: raw["quarantined"] } : {}),
    ...(typeof raw["badTags"] === "boolean" ? { badTags: raw["badTags"] } : {}),
    ...(Number.isInteger(group) && group > 0 ? { groupId: group } : {}),
  };
}

export interface SignInSearch {
  /** Where somebody wanted to be: a page of this server, never an address elsewhere. */
  readonly next?: string;
}

export function validSignInSearch(raw: Raw): SignInSearch {
  const { next } = texts(raw, ["next"]);
  return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {};
}
