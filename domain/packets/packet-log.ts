import type { Reach } from "../identity/policy.ts";

/** What a customer may be told of: proved, in good standing and of their terminal when it was measured. */
export const READABLE_VERDICTS: readonly string[] = ["new", "late"];

export interface PacketSummary {
  readonly id: bigint;
  readonly address: number | null;
  readonly terminalName: string | null;
  readonly profile: string | null;
  readonly type: string | null;
  readonly verdict: string;
  readonly belowWindow: boolean;
  readonly report: string | null;
  readonly counter: number | null;
  readonly measuredAtNs: bigint;
  readonly receivedAtNs: bigint;
  readonly storedAt: Date;
  readonly gateways: readonly string[];
  readonly bestRssiDbm: number | null;
  readonly bestSnrDb: number | null;
  readonly bytes: number;
  readonly fields: Readonly<Record<string, number | boolean | string | null>> | null;
  readonly drill: boolean;
}

export interface PacketReception {
  readonly gatewayId: string;
  readonly modemId: string;
  readonly outboxId: string;
  readonly sequence: bigint;
  readonly verdict: string;
  readonly receivedAtNs: bigint;
  readonly rssiDbm: number | null;
  readonly snrDb: number;
  readonly carrierHz: number;
  readonly fragmentsTotal: number;
  readonly fragmentsLost: number;
  readonly clockState: number;
  readonly clockErrorNs: bigint | null;
  readonly backfilled: boolean;
}

export interface PacketUsage {
  readonly id: bigint;
  readonly kind: string;
  readonly bytes: number;
  readonly late: boolean;
}

export interface PacketDetail extends PacketSummary {
  readonly session: number | null;
  readonly confirm: boolean;
  readonly acknowledges: { readonly pageSequence: number; readonly result: number } | null;
  readonly payload: Uint8Array;
  readonly plaintext: Uint8Array | null;
  readonly fault: string | null;
  readonly triggered: readonly string[];
  readonly receptions: readonly PacketReception[];
  readonly usage: PacketUsage | null;
}

export interface PacketFilter {
  /** `copy` finds the packets that have copies. */
  readonly verdict?: string | undefined;
  readonly address?: number | undefined;
  readonly gatewayId?: string | undefined;
  readonly type?: string | undefined;
  /** Bounds of the time of reception: from inclusive, to exclusive. */
  readonly fromNs?: bigint | undefined;
  readonly toNs?: bigint | undefined;
}

export interface PacketQuery extends PacketFilter {
  readonly reach: Reach;
  readonly cursor?: PacketCursor | undefined;
  readonly limit: number;
}

/** The last packet of the page before. */
export interface PacketCursor {
  readonly receivedAtNs: bigint;
  readonly id: bigint;
}

export interface PacketPage {
  readonly items: readonly PacketSummary[];
  readonly next: PacketCursor | undefined;
}

export const PACKETS_PER_PAGE_MAX = 500;

export const formatPacketCursor = ({ receivedAtNs, id }: PacketCursor): string =>
  `${String(receivedAtNs)}.${String(id)}`;

/** Undefined when it was not made by formatPacketCursor. */
export function parsePacketCursor(text: string): PacketCursor | undefined {
  const match = /^(-?\d{1,19})\.(\d{1,18})$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const receivedAtNs = BigInt(match[1]);
  if (BigInt.asIntN(64, receivedAtNs) !== receivedAtNs) return undefined;
  return { receivedAtNs, id: BigInt(match[2]) };
}

/** What was heard and how it was judged, newest first. */
export interface PacketLog {
  search(query: PacketQuery): Promise<PacketPage>;
  /** undefined also for one that is out of reach. */
  find(id: bigint, reach: Reach): Promise<PacketDetail | undefined>;
}
