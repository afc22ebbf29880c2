import { alarmSeenBy } from "../domain/alerting/operator-names.ts";
import { commandSeenBy } from "../domain/commands/commands.ts";
import { isHeldNow, positionWithin } from "../domain/devices/readable.ts";
import { isReadableAt, isWithin, type Reach, readableWindows } from "../domain/identity/policy.ts";
import type { PacketBearing } from "../domain/packets/packet-feed.ts";
import { READABLE_VERDICTS } from "../domain/packets/packet-log.ts";
import type { Bearings, LiveEvent } from "./live-events.ts";

export interface LiveReader {
  readonly reach: Reach;
  readonly mayReadGateways: boolean;
  readonly mayReadAlarms: boolean;
  readonly mayReadCommands: boolean;
  readonly mayReadGroups: boolean;
}

/** The same events as this reader may see them: the policy's answer, event by event. */
export function eventsFor(
  all: readonly LiveEvent[],
  { terminals, packets, moved }: Bearings,
  { reach, mayReadGateways, mayReadAlarms, mayReadCommands, mayReadGroups }: LiveReader,
): readonly LiveEvent[] {
  const events = all.filter(
    ({ kind }) =>
      (kind !== "gateway" || mayReadGateways) &&
      (kind !== "alarm" || mayReadAlarms) &&
      (kind !== "command" || mayReadCommands) &&
      (kind !== "group-command" || mayReadGroups),
  );
  if (reach === "all") return events;
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
      case "packet":
        return isTheirs(event.packet) ? [namedFor(event, terminals, reach)] : [];
      case "reception": {
        const packet = packets.get(event.reception.packetId);
        return packet && isTheirs(packet) ? [event] : [];
      }
      case "position":
        return [];
      case "alarm":
      case "command":
        return ofCustomer(event, reach);
      case "group-command":
        return []; // groups are the operator's
      case "gateway":
        return [event];
    }
  });
  return [...others, ...positions];
}

function ofCustomer(
  event: Extract<LiveEvent, { kind: "alarm" | "command" }>,
  reach: Exclude<Reach, "all">,
): readonly LiveEvent[] {
  if (event.kind === "command")
    return isWithin(reach, event.command.customerId)
      ? [{ ...event, command: commandSeenBy(event.command, reach) }]
      : [];
  if (!isWithin(reach, event.alarm.customerId)) return [];
  return [{ ...event, alarm: alarmSeenBy(event.alarm, reach) }];
}

/** Its name is its present holder's: who held it before knows it by its serial. */
function namedFor(
  event: Extract<LiveEvent, { kind: "packet" }>,
  terminals: Bearings["terminals"],
  reach: Exclude<Reach, "all">,
): LiveEvent {
  const { packet } = event;
  const terminal = packet.address === null ? undefined : terminals.get(packet.address);
  if (terminal === undefined || isHeldNow(terminal.held, reach)) return event;
  return { kind: "packet", packet: { ...packet, terminalName: terminal.serial } };
}
