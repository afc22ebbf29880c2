import type { FastifyBaseLogger } from "fastify";
import type { Callers } from "./http/caller.ts";
import type { Metrics } from "./http/metrics.ts";
import type { TrustedProxies } from "./http/proxies.ts";
import type { ApiReads } from "./reads.ts";

export interface AppDeps extends ApiReads {
  readonly log: FastifyBaseLogger;
  readonly version: string;
  readonly metrics: Metrics;
  readonly callers: Callers;
  /** `host[:port]` under which other machines reach it, beside loopback. */
  readonly publicHost: string | undefined;
  /** Whose word for where a request comes from is taken; without it that is the address at the other end. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** Folder of the built console; undefined serves the API alone. */
  readonly consoleDir: string | undefined;
}
