import { crc16 } from "../../protocol/crc16.ts";
import { toHex } from "../../protocol/hex.ts";
import { cipherNonce } from "../../protocol/packet/cipher.ts";
import { counterCandidates, possibleCounters } from "../../protocol/packet/counters.ts";
import {
  attachKey,
  attachKeyDerivation,
  sessionKeyInfo,
  sessionKeys,
  sessionSalt,
} from "../../protocol/packet/keys.ts";
import {
  addressOf,
  openPacket,
  PACKET_TYPES,
  type PageAnswer,
  parsePacket,
  partitionOf,
  sealPacket,
} from "../../protocol/packet/packet.ts";
import { differences } from "./differences.ts";
import { chosen, type Fields, flag, hexBytes, integer, objectOrNull } from "./vector-fields.ts";

export function checkKeys(given: Fields, out: Fields): string[] {
  const rootKey = hexBytes(given, "root_key");
  const address = integer(given, "address");
  const attachNonce = integer(given, "attach_nonce");
  const networkNonce = integer(given, "network_nonce");
  const { up, down } = sessionKeys(rootKey, address, attachNonce, networkNonce);
  const ours = {
    attach_info: toHex(attachKeyDerivation(address).info),
    attach_key: toHex(attachKey(rootKey, address)),
    session_salt: toHex(sessionSalt(attachNonce, networkNonce)),
    up_info: toHex(sessionKeyInfo("up", address)),
    up_key: toHex(up),
    down_info: toHex(sessionKeyInfo("down", address)),
    down_key: toHex(down),
    session: networkNonce,
  };
  return differences(out, ours, "out");
}

export function checkPacket(given: Fields, out: Fields): string[] {
  const input = {
    type: chosen(given, "type", PACKET_TYPES),
    confirm: flag(given, "confirm"),
    drill: flag(given, "drill"),
    ack: answerOf(given),
    address: integer(given, "address"),
    counter: integer(given, "counter"),
    session: integer(given, "session"),
    key: hexBytes(given, "key"),
    plaintext: hexBytes(given, "plaintext"),
  };
  const bytes = sealPacket(input);
  const associatedBytes = bytes.length - input.plaintext.length - 4;
  const ours = {
    ccm_nonce: toHex(cipherNonce({ ...input, direction: "up", id: input.address })),
    associated_data: toHex(bytes.subarray(0, associatedBytes)),
    ciphertext: toHex(bytes.subarray(associatedBytes, -4)),
    tag: toHex(bytes.subarray(-4)),
    packet: toHex(bytes),
  };

  const parsed = parsePacket(hexBytes(out, "packet"));
  if (!parsed.ok) return [`out.packet must parse, has the fault ${parsed.fault}`];
  const { packet } = parsed;
  const opened = openPacket(packet, input.key, input.counter, input.session);
  const back = {
    type: PACKET_TYPES.indexOf(packet.type),
    confirm: packet.confirm,
    drill: packet.drill,
    ack: packet.ack ? answerFields(packet.ack) : null,
    address: packet.address,
    low16: packet.counterLow16,
    attach_nonce: packet.attachNonce,
    plaintext: opened && toHex(opened),
  };
  const expected = {
    type: given["type"],
    confirm: given["confirm"],
    drill: given["drill"],
    ack: given["ack"],
    address: given["address"],
    low16: input.counter % 0x1_0000,
    attach_nonce: input.type === "attach" ? input.counter : undefined,
    plaintext: given["plaintext"],
  };
  return [...differences(out, ours, "out"), ...differences(expected, back, "opened")];
}

export function checkPacketRefused(given: Fields, out: Fields): string[] {
  const parsed = parsePacket(hexBytes(given, "packet"));
  return differences(out, { refused: !parsed.ok }, "out");
}

export function checkPacketBadTag(given: Fields, out: Fields): string[] {
  const parsed = parsePacket(hexBytes(given, "packet"));
  if (!parsed.ok) return [`in.packet must parse, has the fault ${parsed.fault}`];
  const { packet } = parsed;
  const key = hexBytes(given, "key");
  const opened = openPacket(packet, key, integer(given, "counter"), integer(given, "session"));
  return differences(out, { opens: opened !== undefined }, "out");
}

export function checkCounterCandidates(given: Fields, out: Fields): string[] {
  const highest = integer(given, "highest_accepted");
  const low16 = integer(given, "low16");
  const window = integer(given, "window");
  const { nearestAbove, atOrBelow } = possibleCounters(highest, low16);
  const candidates = counterCandidates(highest, low16, window);
  const ours = {
    nearest_above: nearestAbove ?? null,
    at_or_below: atOrBelow ?? null,
    at_or_below_in_window: atOrBelow !== undefined && candidates.includes(atOrBelow),
    candidates_in_order: candidates,
  };
  return differences(out, ours, "out");
}

export function checkPartition(given: Fields, out: Fields): string[] {
  const payload = hexBytes(given, "payload");
  const address = addressOf(payload);
  const partition = partitionOf(payload);
  const ours = {
    address: address ?? null,
    crc16: address === undefined ? null : crc16(payload.subarray(1, 5)),
    partition: partition === undefined ? null : String(partition),
    dropped: partition === undefined,
  };
  return differences(out, ours, "out");
}

export function answerFields({ pageSequence, result }: PageAnswer) {
  return { page_sequence: pageSequence, result };
}

function answerOf(given: Fields): PageAnswer | undefined {
  const ack = objectOrNull(given, "ack");
  if (ack === null) return undefined;
  return { pageSequence: integer(ack, "page_sequence"), result: integer(ack, "result") };
}
