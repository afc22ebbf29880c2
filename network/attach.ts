import { judgeAttach } from "../domain/packets/attach-verdict.ts";
import type { WorkingSession } from "../domain/packets/uplink-changes.ts";
import { isHeardTogether } from "../domain/packets/verdict.ts";
import type { Uplink } from "../protocol/messages.ts";
import type { Attach, TerminalPacket } from "../protocol/packet/packet.ts";
import type { Batch, WorkingTerminal } from "./batch.ts";
import { addCopy, addReception, refuse } from "./outcomes.ts";
import { attachAnswer, takePageSequence } from "./pages.ts";
import type { ReportProfile } from "./report.ts";

export interface AttachDeps {
  readonly profileOf: (name: string) => ReportProfile | undefined;
  readonly makeNetworkNonce: () => number;
}

export interface ProvedAttach {
  readonly uplink: Uplink;
  readonly packet: TerminalPacket;
  readonly terminal: WorkingTerminal;
  readonly attachNonce: number;
  readonly attach: Attach;
}

/** A session begins: answered once per attach nonce, pending until a packet proves that the answer arrived. */
export function takeAttach(deps: AttachDeps, batch: Batch, proved: ProvedAttach): void {
  const { uplink, packet, terminal, attachNonce, attach } = proved;
  const identity = { address: terminal.address, session: 0, counter: attachNonce };
  const verdict = judgeAttach(attachNonce, terminal.lastAttachNonce);
  if (verdict !== "new") {
    const stored = batch.findPacket(identity);
    const isSame = stored && String(stored.bytes) === String(uplink.phyPayload);
    const refused = stored && !isSame ? "reset-suspected" : "replay";
    // another gateway's copy may have waited in its outbox until a later attach had passed it
    const isCopy = verdict === "copy" || (stored && isHeardTogether(uplink.receivedAtNs, stored));
    if (isSame && isCopy) addCopy(batch, uplink, stored);
    else refuse(batch, uplink, refused, { packet, identity });
    return;
  }

  const id = batch.takeId();
  const networkNonce = unusedNonce(deps.makeNetworkNonce, terminal);
  const session = beginSession(batch, terminal, { attachNonce, networkNonce });
  const { page, request } = attachAnswer(terminal, batch.keys.rootKey(terminal), {
    attachNonce,
    networkNonce,
    pageSequence: takePageSequence(terminal, session),
    packetId: id,
    nowMs: batch.nowMs,
  });
  terminal.lastAttachNonce = attachNonce;
  const { hardwareVersion, firmwareVersion, batteryPercent } = attach;
  batch.changes.attaches.push({
    address: terminal.address,
    attachNonce,
    networkNonce,
    page,
    hardwareVersion,
    firmwareVersion,
    batteryPercent,
  });
  // An attach that waited in an outbox has long been repeated under a higher nonce.
  if (!uplink.backfilled) batch.changes.pages.push(request);
  storeAttach(deps, batch, proved, id);
}

function storeAttach(deps: AttachDeps, batch: Batch, proved: ProvedAttach, id: bigint): void {
  const { uplink, packet, terminal, attachNonce, attach } = proved;
  const late = uplink.backfilled;
  const fits = deps.profileOf(terminal.profile)?.number === attach.profileNumber;
  batch.addPacket({
    id,
    identity: { address: terminal.address, session: 0, counter: attachNonce },
    address: terminal.address,
    verdict: late ? "late" : "new",
    accepted: true,
    belowWindow: false,
    type: packet.type,
    drill: packet.drill,
    confirm: packet.confirm,
    acknowledges: undefined,
    reportNumber: undefined,
    report: undefined,
    measuredAtNs: uplink.receivedAtNs,
    receivedAtNs: uplink.receivedAtNs,
    gatewayId: uplink.gatewayId,
    payload: uplink.phyPayload,
    plaintext: undefined,
    fields: { ...attach },
    triggered: [...(late ? [] : ["attach-answer"]), ...(fits ? [] : ["profile-differs"])],
    fault: undefined,
  });
  batch.changes.usage.push({
    packetId: id,
    address: terminal.address,
    kind: packet.type,
    bytes: uplink.phyPayload.length,
    measuredAtNs: uplink.receivedAtNs,
    receivedAtNs: uplink.receivedAtNs,
    late,
  });
  addReception(batch, uplink, id, late ? "late" : "new");
}

/** Only the answer to a terminal's latest attempt counts, so an earlier one pends no longer. */
function beginSession(
  batch: Batch,
  terminal: WorkingTerminal,
  nonces: { readonly attachNonce: number; readonly networkNonce: number },
): WorkingSession {
  for (const other of terminal.sessions) {
    if (other.state !== "pending") continue;
    other.state = "former";
    other.isChanged = true;
  }
  const session = batch.keys.working(
    terminal,
    {
      ...nonces,
      state: "pending",
      highest: -1,
      nextDownCounter: 0,
      nextPageSequence: terminal.sessions[0]?.nextPageSequence ?? 0,
      createdAtMs: batch.nowMs,
    },
    true,
  );
  const provenFirst = terminal.sessions[0]?.state === "proven" ? 1 : 0;
  terminal.sessions.splice(provenFirst, 0, session);
  // Pages of the attempt before would only confuse: the terminal no longer listens for them.
  batch.changes.proven.push({ address: terminal.address, attachNonce: nonces.attachNonce - 1 });
  return session;
}

/** The database refuses one that was ever used by this terminal; the batch is then judged again with another. */
function unusedNonce(make: () => number, terminal: WorkingTerminal): number {
  let nonce = make();
  while (terminal.sessions.some(({ networkNonce }) => networkNonce === nonce)) nonce = make();
  return nonce;
}
