import type { Reach } from "../identity/policy.ts";
import type { Day } from "./calendar.ts";
import type { Minor } from "./money.ts";

/** A day of a metered line at the customer's, with what one terminal used on it. */
export interface LineageDay {
  readonly day: Day;
  readonly address: number;
  readonly terminalName: string | null;
  readonly reports: number;
  readonly bytes: number;
  /** It came after its month was closed. */
  readonly isLate: boolean;
}

export interface LineagePacket {
  readonly packetId: string;
  readonly address: number;
  readonly receivedAt: Date;
  readonly bytes: number;
  readonly isLate: boolean;
  /** Who heard it, the first one first; empty once the packet log keeps them no more. */
  readonly receptions: readonly LineageReception[];
}

export interface LineageReception {
  readonly gatewayId: string;
  readonly receivedAt: Date;
  /** null: the modem does not know it. */
  readonly rssiDbm: number | null;
  readonly snrDb: number;
}

/** On which line a packet was charged. */
export interface PacketCost {
  readonly packetId: string;
  readonly lines: readonly {
    readonly invoiceId: string;
    readonly invoiceNumber: string | null;
    readonly position: number;
    readonly item: string;
    readonly currency: string;
    /** Of the whole line, and the units that it is for: an average, for tiers have no price of one unit. */
    readonly net: Minor;
    readonly units: number;
  }[];
}

/** From a line down to the packets, and back. */
export interface Lineage {
  /** The days and terminals behind a metered line, in their order. */
  days(invoiceId: string, position: number, reach: Reach): Promise<readonly LineageDay[]>;
  /** The packets of one terminal on one of those days; their receptions are in the packet log. */
  packets(
    invoiceId: string,
    position: number,
    at: { readonly address: number; readonly day: Day },
    reach: Reach,
  ): Promise<readonly LineagePacket[]>;
  cost(packetId: bigint, reach: Reach): Promise<PacketCost>;
}
