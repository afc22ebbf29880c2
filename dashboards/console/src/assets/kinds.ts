import type { AssetKind } from "../api/types.ts";

export const ASSET_KINDS: readonly AssetKind[] = [
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
];

export const isAssetKind = (kind: unknown): kind is AssetKind =>
  ASSET_KINDS.some((known) => known === kind);
