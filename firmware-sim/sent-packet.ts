import type { PacketType } from "../protocol/packet/packet.ts";
import type { FieldValues } from "../protocol/report/report.ts";
import type { Place } from "./channel/propagation.ts";

/** What a terminal put on the air, with what only the simulator knows of it. */
export interface SentPacket extends Place {
  readonly address: number;
  readonly startNs: bigint;
  readonly type: PacketType;
  /** Network nonce; 0 for an attach, whose counter is its nonce. */
  readonly session: number;
  readonly counter: number;
  readonly confirm: boolean;
  readonly isResend: boolean;
  readonly plaintext: Uint8Array;
  readonly bytes: Uint8Array;
  readonly powerDbm: number;
  readonly report?: {
    readonly name: string;
    readonly number: number;
    readonly measuredAtMs: number;
    readonly values: FieldValues;
  };
}
