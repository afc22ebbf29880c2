import { InvalidInputError } from "../../base/errors.ts";
import type { Act } from "../identity/audit.ts";
import { cleanLine, cleanText } from "./customer-rules.ts";

/** Where a customer's things are. */
export interface Site {
  readonly id: string;
  readonly customerId: string;
  readonly name: string;
  readonly address: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly version: number;
}

export interface SiteInput {
  readonly name: string;
  readonly address: string;
  /** Both or neither. */
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
}

/** A dwelling's place says who lives there. */
export const SITE_PERSONAL: ReadonlySet<string> = new Set([
  "name",
  "address",
  "latitude",
  "longitude",
]);

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanSite(input: SiteInput) {
  const { latitude = null, longitude = null } = input;
  if ((latitude === null) !== (longitude === null))
    throw new InvalidInputError(
      latitude === null ? "latitude" : "longitude",
      "a place needs both latitude and longitude",
    );
  return {
    name: cleanLine("name", input.name),
    address: cleanText("address", input.address),
    latitude,
    longitude,
  };
}

/** A site of another customer is none of this one's: each call names both. */
export interface Sites {
  list(customerId: string): Promise<readonly Site[]>;
  find(customerId: string, id: string): Promise<Site | undefined>;
  add(customerId: string, input: SiteInput, act: Act): Promise<Site>;
  change(
    at: { readonly customerId: string; readonly id: string; readonly version: number | undefined },
    change: Partial<SiteInput>,
    act: Act,
  ): Promise<Site>;
  remove(
    at: { readonly customerId: string; readonly id: string; readonly version: number | undefined },
    act: Act,
  ): Promise<void>;
}
