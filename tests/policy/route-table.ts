import type { InjectOptions } from "fastify";
import type { Kysely } from "kysely";
import type { Database } from "../../domain/db/database.ts";

/**
 * What everybody gets of every route, written by hand and never derived from the policy: a mistake in the policy shows
 * here. One letter for each, in this order:
 *
 *     A administrator   O operator   B billing   C care   E engineer   R read-only (of the operator)
 *     W owner   M member (both of customer c1)   K key without scopes   S stranger
 *
 * `o` is done (2xx), `f` forbidden (403), `n` not there (404), `u` not signed in (401); where a request is let through and
 * then refused for what it says, `i` is invalid (400) and `c` conflicts with what is there (409).
 */
export const WHO = [
  "administrator",
  "operator",
  "billing",
  "care",
  "engineer",
  "read-only",
  "owner",
  "member",
  "key",
  "stranger",
] as const;
export type Who = (typeof WHO)[number];

export interface Row {
  /** As the OpenAPI document writes it: `GET /api/terminals/{address}`. */
  readonly route: string;
  /** One route may have several: what is asked of it besides, such as a thing of another customer. */
  readonly of?: string;
  readonly gets: string;
  /** A valid request; the path with its parameters filled in. */
  readonly url: string;
  readonly payload?: object | string;
  readonly headers?: InjectOptions["headers"];
}

/** The rows of one part of the API, and what must be in the database for them. */
export interface Part {
  readonly rows: readonly Row[];
  readonly seed?: (db: Kysely<Database>) => Promise<void>;
}
