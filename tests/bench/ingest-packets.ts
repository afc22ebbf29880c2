import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { sessionKeys } from "../../protocol/packet/keys.ts";
import { sealPacket } from "../../protocol/packet/packet.ts";
import { encodeReport } from "../../protocol/report/report.ts";
import { rootKeyOf } from "../uplink-bench.ts";

/** Whose packets they are. Two fleets of different size have their senders spread evenly over all addresses. */
export interface Fleet {
  readonly terminals: number;
  readonly senders: number;
}

export const NETWORK_NONCE = 77;
export const ATTACH_NONCE = 1;
const FIRST_ADDRESS = 0x1000_0000;

export const addressAt = (index: number): number => FIRST_ADDRESS + index;

/** Every so many terminals one that sends. */
export const stepOf = ({ terminals, senders }: Fleet): number => Math.floor(terminals / senders);

export const senderAddress = (fleet: Fleet, sender: number): number =>
  addressAt(sender * stepOf(fleet));

/** Position reports of the fleet's senders in turn, each with its next counter. */
export function createPackets(fleet: Fleet): (packet: number) => Uint8Array {
  const profiles = loadProfiles(new URL("../../profiles/", import.meta.url).pathname);
  const fields = profiles.byName.get("vehicle")?.reports[0]?.fields ?? [];
  const keys = new Map<number, Uint8Array>();

  function upKey(address: number): Uint8Array {
    const known = keys.get(address);
    if (known) return known;
    const { up } = sessionKeys(rootKeyOf(address), address, ATTACH_NONCE, NETWORK_NONCE);
    keys.set(address, up);
    return up;
  }

  return (packet) => {
    const address = senderAddress(fleet, packet % fleet.senders);
    const values = {
      latitude: 31.2 + (packet % 1000) / 5000,
      longitude: 121.4 + (packet % 777) / 4000,
      speed: packet % 80,
      heading: packet % 360,
      ignition: true,
      battery: 12,
      odometer: packet,
      satellites: 9,
      hdop: 1,
      fix: 1,
    };
    return sealPacket({
      type: "report",
      confirm: false,
      drill: false,
      address,
      counter: Math.floor(packet / fleet.senders),
      session: NETWORK_NONCE,
      key: upKey(address),
      plaintext: encodeReport(1, null, fields, values),
    });
  };
}
