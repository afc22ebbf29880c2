/** Everything a gateway counts, by name; what it drops above all. Goes out with the gateway's state. */
export const GATEWAY_COUNTERS = [
  "headers",
  "headersUndecodable",
  "replicasRecognised",
  "replicasDecoded",
  "replicasUndecodable",
  "burstsDroppedFull",
  "burstsDroppedLate",
  "burstsDroppedRefused",
  "capturesTooLate",
  "capturesOverrun",
  "capturesUnexpected",
  "collectsUnended",
  "payloadsUndecodable",
  "payloadsShort",
  "packets",
  "packetsDroppedOutboxFull",
  "packetsDroppedOutboxFault",
  "packetsPublished",
  "packetsBackfilled",
  "packetsStored",
  "storedForeign",
  "messagesBad",
  "modemReconnects",
  "brokerReconnects",
  "pagesReceived",
  "pagesSent",
  "pagesExpired",
  "pagesFailed",
  "pagesDroppedFull",
  "pageResultsDropped",
] as const;
export type GatewayCounter = (typeof GATEWAY_COUNTERS)[number];

export class Counters {
  readonly #values = new Map<GatewayCounter, number>(GATEWAY_COUNTERS.map((name) => [name, 0]));

  add(name: GatewayCounter, by = 1): void {
    this.#values.set(name, this.get(name) + by);
  }

  get(name: GatewayCounter): number {
    return this.#values.get(name) ?? 0;
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#values);
  }
}
