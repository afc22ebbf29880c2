/** What a gateway says of itself. */
export interface GatewayReport {
  readonly id: string;
  readonly online: boolean;
  readonly since: Date;
  readonly seenAt: Date;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly modems: readonly GatewayModem[];
  readonly counters: Readonly<Record<string, number | string>>;
}

export interface GatewayModem {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly clockState: number;
  readonly clockErrorNs: number | null;
  readonly headersFound: number;
  readonly overruns: number;
  readonly badFrames: number;
  readonly temperatureC: number | null;
  readonly uptimeS: number;
  readonly firmware: string;
}

export interface Gateway extends Omit<GatewayReport, "since" | "seenAt"> {
  readonly name: string;
  readonly since: Date | null;
  readonly seenAt: Date | null;
  readonly packetsLastHour: number;
}

export interface Gateways {
  /** A gateway without a place of its own keeps the one that the operator gave it. */
  record(report: GatewayReport): Promise<void>;
  list(nowMs: number): Promise<readonly Gateway[]>;
}
