import { isHeldNow, positionWithin } from "../domain/devices/readable.ts";
import { isReadableAt, type Reach, readableWindows } from "../domain/identity/policy.ts";
import type { PacketBearing } from "../domain/packets/packet-feed.ts";
import { READABLE_VERDICTS } from "../domain/packets/packet-log.ts";
import type { Bearings, LiveEvent } from "./live-events.ts";

export interface LiveReader {
  readonly reach: Reach;
  readonly mayReadGateways: boolean;
}

/** The same events as this reader may see them: the policy's answer, event by event. */
export function eventsFor(
  events: readonly LiveEvent[],
  { terminals, packets, moved }: Bearings,
  { reach, mayReadGateways }: LiveReader,
): readonly LiveEvent[] {
  if (reach === "all")
    return mayReadGateways ? events : events.filter(({ kind }) => kind !== "gateway");
  const isTheirs = ({ address, verdict, measuredAtNs }: PacketBearing): boolean => {
    const held = address === null ? undefined : terminals.get(address)?.held;
    return (
      held !== undefined &&
      READABLE_VERDICTS.includes(verdict) &&
      isReadableAt(readableWindows(reach, held), measuredAtNs)
    );
  };
  // never those that others are told: their holder's may be another place, or none
  const positions = [...moved].flatMap((address): readonly LiveEvent[] => {
    const terminal = terminals.get(address);
    const position = terminal && positionWithin(terminal, reach);
    return position ? [{ kind: "position", position }] : [];
  });
  const others = events.flatMap((event): readonly LiveEvent[] => {
    switch (event.kind) {
      case "packet": {
        const { packet } = event;
        if (!isTheirs(packet)) return [];
        const terminal = packet.address === null ? undefined : terminals.get(packet.address);
        if (terminal === undefined || isHeldNow(terminal.held, reach)) return [event];
        return [{ kind: "packet", packet: { ...packet, terminalName: terminal.serial } }];
      }
      case "reception": {
        const packet = packets.get(event.reception.packetId);
        return packet && isTheirs(packet) ? [event] : [];
      }
      case "position":
        return [];
      case "gateway":
        return mayReadGateways ? [event] : [];
    }
  });
  return [...others, ...positions];
}
