import { freePageSequence, sequenceAfter } from "../domain/packets/page-sequence.ts";
import { partitionOfAddress } from "../domain/packets/partition.ts";
import type { PageToSend, WorkingSession } from "../domain/packets/uplink-changes.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import { attachKey } from "../protocol/packet/keys.ts";
import { encodeAttachAccept, individualRic, sealPage } from "../protocol/packet/page.ts";
import { pageToPocsag } from "../protocol/packet/page-symbols.ts";
import type { WorkingTerminal } from "./batch.ts";

/** Copies from other gateways come within this time; then the best of them is asked to page. */
export const MERGE_WINDOW_MS = 300;
const ACKNOWLEDGEMENT_EXPIRES_MS = 30_000;
export const ATTACH_ANSWER_EXPIRES_MS = 120_000;

export interface AttachAnswer {
  readonly page: Uint8Array;
  readonly request: PageToSend;
}

/** Made once per attach nonce: the random network nonce in it must never be made twice. */
export function attachAnswer(
  terminal: WorkingTerminal,
  rootKey: Uint8Array,
  answer: {
    readonly attachNonce: number;
    readonly networkNonce: number;
    readonly pageSequence: number;
    readonly packetId: bigint;
    readonly nowMs: number;
  },
): AttachAnswer {
  const { attachNonce, networkNonce, pageSequence, packetId, nowMs } = answer;
  const page = sealPage({
    ...TO_ONE,
    type: "attach-accept",
    id: terminal.address,
    counter: attachNonce,
    session: 0,
    pageSequence,
    key: attachKey(rootKey, terminal.address),
    plaintext: encodeAttachAccept({ networkNonce, reportIntervalS: 0, flags: 0 }),
  });
  const request: PageToSend = {
    id: `${terminal.address}-0-${attachNonce}`,
    partition: partitionOfAddress(terminal.address),
    address: terminal.address,
    kind: "attach-accept",
    packetId,
    session: 0,
    downCounter: attachNonce,
    pageSequence,
    words: transmission(page, terminal.address),
    dueAtMs: nowMs + MERGE_WINDOW_MS,
    expiresAtMs: nowMs + ATTACH_ANSWER_EXPIRES_MS,
  };
  return { page, request };
}

/** Uses up the session's next downlink counter and page sequence, which are saved with the packet. */
export function acknowledgement(
  terminal: WorkingTerminal,
  session: WorkingSession,
  packet: { readonly counter: number; readonly id: bigint; readonly drill: boolean },
  nowMs: number,
): PageToSend {
  const downCounter = session.nextDownCounter;
  const pageSequence = takePageSequence(terminal, session);
  session.nextDownCounter = downCounter + 1;
  session.isChanged = true;
  const plaintext = new Uint8Array(4);
  new DataView(plaintext.buffer).setUint32(0, packet.counter);
  const page = sealPage({
    ...TO_ONE,
    type: "acknowledgement",
    drill: packet.drill,
    id: terminal.address,
    counter: downCounter,
    session: session.networkNonce,
    pageSequence,
    key: session.downKey,
    plaintext,
  });
  return {
    id: `${terminal.address}-${session.networkNonce}-${downCounter}`,
    partition: partitionOfAddress(terminal.address),
    address: terminal.address,
    kind: "acknowledgement",
    packetId: packet.id,
    session: session.networkNonce,
    downCounter,
    pageSequence,
    words: transmission(page, terminal.address),
    dueAtMs: nowMs + MERGE_WINDOW_MS,
    expiresAtMs: nowMs + ACKNOWLEDGEMENT_EXPIRES_MS,
  };
}

/** None that is still out may be used again; with all of them out the oldest has long been given up. */
export function takePageSequence(
  terminal: Pick<WorkingTerminal, "pageSequencesOut">,
  session: Pick<WorkingSession, "nextPageSequence">,
): number {
  const sequence = freePageSequence(session.nextPageSequence, terminal.pageSequencesOut);
  session.nextPageSequence = sequenceAfter(sequence);
  terminal.pageSequencesOut.push(sequence);
  return sequence;
}

const TO_ONE = { to: "individual", ackWanted: false, rollCall: false, drill: false } as const;

const transmission = (page: Uint8Array, address: number): Uint32Array =>
  encodeTransmission([pageToPocsag(page, individualRic(address))]);
