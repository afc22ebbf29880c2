import type { Counted } from "../db/counted.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";

/** What a terminal is fixed to. */
export const ASSET_KINDS = [
  "vehicle",
  "bus",
  "lamp-pole",
  "elevator",
  "well",
  "billboard",
  "siren",
  "dwelling",
  "payment-point",
  "other",
] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** What may be said of an asset and changed later. */
export interface AssetFacts {
  readonly kind: AssetKind;
  readonly name: string;
  readonly plate: string | null;
  readonly vin: string | null;
  readonly siteId: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly note: string;
}

/** It belongs to a customer and outlives its terminals. */
export interface Asset extends Omit<AssetFacts, "kind"> {
  readonly id: string;
  readonly kind: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
  readonly version: number;
  /** Those on it now. */
  readonly terminals: readonly AssetTerminal[];
}

export interface AssetTerminal {
  readonly address: number;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
}

export type NewAsset = Pick<AssetFacts, "kind" | "name"> &
  Partial<Omit<AssetFacts, "kind" | "name">> & { readonly customerId: string };

export interface AssetQuery {
  readonly reach: Reach;
  /** Part of the name, plate or VIN, or of a serial on it. */
  readonly search?: string | undefined;
  readonly customerId?: string | undefined;
  readonly kind?: string | undefined;
  readonly siteId?: string | undefined;
  /** Whether a terminal is on it now. */
  readonly equipped?: boolean | undefined;
  readonly retired: boolean;
  readonly cursor?: AssetCursor | undefined;
  readonly limit: number;
}

/** The last asset of the page before. */
export interface AssetCursor {
  readonly name: string;
  readonly id: string;
}

export interface AssetPage extends Counted {
  readonly items: readonly Asset[];
  readonly next: AssetCursor | undefined;
}

/** What is to be changed, by somebody of this reach, from which version. */
export interface AssetAsked {
  readonly id: string;
  readonly reach: Reach;
  readonly version: number | undefined;
}

export interface Assets {
  list(query: AssetQuery): Promise<AssetPage>;
  find(id: string, reach: Reach): Promise<Asset | undefined>;
  create(db: Db, asset: NewAsset, act: Act): Promise<Asset>;
  /** Throws a NotFoundError out of reach, a StaleError when somebody else was first. */
  change(db: Db, asked: AssetAsked, change: Partial<AssetFacts>, act: Act): Promise<Asset>;
  /** It keeps its past; throws a ConflictError while a terminal is on it. */
  retire(db: Db, asked: AssetAsked, act: Act): Promise<Asset>;
}

export const formatAssetCursor = ({ name, id }: AssetCursor): string =>
  `${encodeURIComponent(id)}.${encodeURIComponent(name)}`;

export function parseAssetCursor(text: string): AssetCursor | undefined {
  const match = /^([\w%-]{1,100})\.([A-Za-z0-9%_.!~*'()-]*)$/.exec(text);
  if (!match?.[1] || match[2] === undefined) return undefined;
  try {
    const [id, name] = [decodeURIComponent(match[1]), decodeURIComponent(match[2])];
    return id.includes("\0") || name.includes("\0") ? undefined : { id, name };
  } catch {
    return undefined;
  }
}
