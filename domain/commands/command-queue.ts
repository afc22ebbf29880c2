import type { PageResultStatus } from "../../protocol/messages.ts";
import type { PageResult } from "../../protocol/packet/packet.ts";

/** What a page of one command is sealed from. */
export interface PageToSeal {
  readonly address: number;
  readonly sealedRootKey: Uint8Array;
  readonly attachNonce: number;
  readonly networkNonce: number;
  readonly downCounter: number;
  readonly pageSequence: number;
  readonly plaintext: Uint8Array;
  /** Of a command that brings it: the key is put into the plaintext only as it is sealed. */
  readonly groupKey: { readonly id: number; readonly sealed: Uint8Array } | undefined;
  readonly isDrill: boolean;
}

/** Words of a transmission of its own; its counter is used up before anybody else sees them. */
export type SealCommandPage = (page: PageToSeal) => Uint32Array;

export interface CommandAnswer {
  readonly address: number;
  readonly pageSequence: number;
  readonly result: PageResult;
  /** When a gateway received it. */
  readonly atMs: number;
  readonly gatewayId: string;
  readonly packetId: bigint;
}

export interface AdmittedPage {
  readonly pageId: string;
  /** The gateway and its modem do not send it later, ms since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** Where a test may stop the process: each is a moment after which no command may be lost, nor anything be done twice. */
export const COMMAND_STEPS = [
  "command-sealed",
  "command-begun",
  "page-handed",
  "page-committed",
  "page-published",
  "page-asked",
  "page-result-stored",
  "page-result-committed",
] as const;
export type CommandStepPoint = (typeof COMMAND_STEPS)[number];

/** The network's side of commands. Each call is one transaction: a crash between two repeats work and doubles nothing. */
export interface CommandQueue {
  /** Steps what is due, and seals the pages of what may begin, the urgent ones first; answers how many it looked at. */
  work(nowMs: number, partitions: ReadonlySet<number>, seal: SealCommandPage): Promise<number>;
  /** The last judgement before a gateway has the pages: only those that are answered may be in the transmission. */
  handOver(
    pageIds: readonly string[],
    requestId: string,
    nowMs: number,
  ): Promise<readonly AdmittedPage[]>;
  /** What a gateway says of a transmission. One that holds no command's page changes nothing. */
  paged(
    requestId: string,
    result: {
      readonly status: PageResultStatus;
      readonly startedAtNs: bigint;
      /** How long the transmission takes. */
      readonly airMs: number;
    },
    nowMs: number,
  ): Promise<void>;
}
